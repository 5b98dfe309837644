import type * as z from 'zod';
import { SPECIALISTS, type Specialist, resolveSpecialist } from '../../../models/catalogue';
import { MAX_ROWS, TIMEOUT_MS, requestSchema } from './api-schema';
import { Failure, type FailureDetail } from './failure';

/** A request whose envelope has been checked; the rows have not. */
export interface InferenceRequest {
  /** Who is asked; nobody in particular when absent. */
  readonly specialist: Specialist | undefined;
  readonly key: string | undefined;
  readonly timeoutMs: number | undefined;
  /** `instances` or `records`, as they came. */
  readonly body: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = Object.keys(requestSchema.shape);

function refuse(message: string, details: readonly FailureDetail[] = []): never {
  throw new Failure('invalid_request', message, details);
}

function refuseStrangers(fields: Fields): void {
  const strangers = Object.keys(fields).filter((key) => !FIELDS.includes(key));
  if (strangers.length === 0) return;
  const allowed = `is no field; the fields are ${FIELDS.join(', ')}`;
  refuse(
    'the body has unknown fields',
    strangers.slice(0, 5).map((key) => ({ field: key.slice(0, 50), message: allowed })),
  );
}

function specialistIn(fields: Fields, field: 'specialist' | 'threatType'): Specialist | undefined {
  const word = fields[field];
  if (word === undefined) return undefined;
  const specialist = typeof word === 'string' ? resolveSpecialist(word) : undefined;
  if (specialist !== undefined) return specialist;
  const kind = field === 'specialist' ? 'the name of a specialist' : 'a known threat type';
  const message = `must be ${kind}; the specialists are ${SPECIALISTS.join(', ')}`;
  return refuse(`"${field}" ${message}`, [{ field, message }]);
}

/** A field as its schema has it. */
function fieldOf<T>(fields: Fields, field: string, schema: z.ZodType<T>, allowed: string): T {
  const parsed = schema.safeParse(fields[field]);
  if (parsed.success) return parsed.data;
  return refuse(`"${field}" must be ${allowed}`, [{ field, message: `must be ${allowed}` }]);
}

function refuseTooMany(fields: Fields): void {
  for (const field of ['instances', 'records']) {
    const rows = fields[field];
    if (!Array.isArray(rows) || rows.length <= MAX_ROWS) continue;
    const message = `holds ${rows.length} rows; at most ${MAX_ROWS} may come in one request`;
    throw new Failure('payload_too_large', `"${field}" ${message}`, [{ field, message }]);
  }
}

/**
 * Checks all of a request but its rows, which are for the model to judge that is asked.
 *
 * @throws Failure that names fields
 */
export function readRequest(body: unknown): InferenceRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse('the body must be a JSON object');
  }
  const fields = body as Fields;
  refuseStrangers(fields);
  const named = specialistIn(fields, 'specialist');
  const fitting = specialistIn(fields, 'threatType');
  if (named !== undefined && fitting !== undefined && named !== fitting) {
    const message = `belongs to ${fitting}, but "specialist" asks for ${named}`;
    refuse(`"threatType" ${message}`, [{ field: 'threatType', message }]);
  }
  const { key, timeoutMs } = requestSchema.shape;
  const [least, most] = TIMEOUT_MS;
  refuseTooMany(fields);
  return {
    specialist: named ?? fitting,
    key: fieldOf(fields, 'key', key, 'a string of 1 to 256 characters'),
    timeoutMs: fieldOf(fields, 'timeoutMs', timeoutMs, `a whole number, ${least} to ${most}`),
    body: { instances: fields['instances'], records: fields['records'] },
  };
}
