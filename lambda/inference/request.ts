import { SPECIALISTS, type Specialist, resolveSpecialist } from '../../models/catalogue';
import { checkRows } from '../../models/runtime/batch';
import { InvalidRequestError } from '../../models/runtime/errors';
import { Failure } from './failure';

/** A request that has been checked: who is asked, and what the model will get. */
export interface InferenceRequest {
  readonly specialist: Specialist;
  readonly rows: number;
  /** `{ instances }` or `{ records }`, and nothing else of what the caller sent. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Who answers when nobody is asked for. */
const FALLBACK: Specialist = 'general';

const KEYS = ['instances', 'records', 'specialist', 'threatType'];

function specialistIn(body: Readonly<Record<string, unknown>>, key: 'specialist' | 'threatType') {
  const word = body[key];
  if (word === undefined) return undefined;
  const specialist = typeof word === 'string' ? resolveSpecialist(word) : undefined;
  if (specialist === undefined) {
    const kind = key === 'specialist' ? 'the name of a specialist' : 'a known threat type';
    throw new Failure(
      'invalid_request',
      `"${key}" must be ${kind}; the specialists are ${SPECIALISTS.join(', ')}`,
    );
  }
  return specialist;
}

/**
 * Checks a request's body: which specialist it is for, its rows, and that their values are numbers.
 * Whether the rows fit the specialist's features is for the model to say, which knows its own.
 *
 * @throws Failure that names fields and rows
 */
export function readRequest(body: unknown): InferenceRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Failure('invalid_request', 'the body must be a JSON object');
  }
  const fields = body as Readonly<Record<string, unknown>>;
  const strangers = Object.keys(fields).filter((key) => !KEYS.includes(key));
  if (strangers.length > 0) {
    const named = strangers.slice(0, 5).map((key) => `"${key.slice(0, 50)}"`);
    throw new Failure(
      'invalid_request',
      `unknown field ${named.join(', ')}; the fields are ${KEYS.join(', ')}`,
    );
  }
  const named = specialistIn(fields, 'specialist');
  const fitting = specialistIn(fields, 'threatType');
  if (named !== undefined && fitting !== undefined && named !== fitting) {
    throw new Failure(
      'invalid_request',
      `"specialist" asks for ${named}, but "threatType" belongs to ${fitting}`,
    );
  }
  const { instances, records } = fields;
  try {
    const rows = checkRows(fields);
    const payload = instances === undefined ? { records } : { instances };
    return { specialist: named ?? fitting ?? FALLBACK, rows, payload };
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      throw new Failure('invalid_request', error.message, error.problems);
    }
    throw error;
  }
}
