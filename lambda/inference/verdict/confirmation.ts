import type { Specialist } from '../../../models/catalogue';
import type { AnsweredRow } from '../api/api-schema';
import type { ModelResult } from '../specialists/model-result';
import type { Deadline } from '../specialists/deadline';
import { Failure } from '../api/failure';
import { type Flows, rowsAt } from '../api/flows';
import { isFlagged, suspected } from './verdict';

/** Who confirms an attack that general sees, by its class. For other classes nobody knows better than general. */
const CONFIRMED_BY: Readonly<Record<string, Specialist>> = {
  'DDoS/DoS': 'ddos',
  'Brute Force': 'bruteforce',
  'Web Application Attack': 'webattacks',
};

/** What a specialist says of rows that general flagged. */
export type Confirmation = Pick<AnsweredRow, 'verdict' | 'confirmation'>;

/** What confirmation came to: of each flagged row that has a fitting specialist, by position in the request. */
export interface Confirmed {
  readonly rows: ReadonlyMap<number, Confirmation>;
  /** Every specialist that answered. */
  readonly asked: readonly ModelResult[];
  /** What kept specialists, or their endpoints, from answering; empty where nothing did. */
  readonly causes: readonly string[];
}

/** Positions of flagged rows by the specialist that confirms them. */
function groups(
  { response, known }: ModelResult,
  deployed: (name: Specialist) => boolean,
): Map<Specialist, number[]> {
  const found = new Map<Specialist, number[]>();
  response.predictions.forEach((prediction, at) => {
    if (!isFlagged(prediction, known)) return;
    const specialist = CONFIRMED_BY[suspected(prediction)];
    if (specialist === undefined || !deployed(specialist)) return;
    found.set(specialist, [...(found.get(specialist) ?? []), at]);
  });
  return found;
}

function confirmationOf(asked: ModelResult, index: number): Confirmation {
  const prediction = asked.response.predictions[index];
  if (prediction === undefined) return { verdict: 'unconfirmed' };
  const { label, confidence } = prediction;
  const agrees = isFlagged(prediction, asked.known);
  const { specialist } = asked;
  const { version } = asked.response.model;
  return {
    verdict: agrees ? 'attack' : 'disputed',
    confirmation: { specialist, version, label, confidence, agrees },
  };
}

/**
 * Has the fitting specialists look at the rows that general flagged, all at once. A specialist that disagrees makes a
 * row disputed, and one that cannot be asked leaves it unconfirmed: neither makes it normal.
 *
 * @param ask asks a specialist; what it rejects with ends there
 */
export async function confirm(
  general: ModelResult,
  flows: Flows,
  deadline: Deadline,
  deployed: (name: Specialist) => boolean,
  ask: (specialist: Specialist, flows: Flows, deadline: Deadline) => Promise<ModelResult>,
): Promise<Confirmed> {
  const rows = new Map<number, Confirmation>();
  const asked: ModelResult[] = [];
  const causes: string[] = [];
  const each = [...groups(general, deployed)].map(async ([specialist, positions]) => {
    try {
      const answer = await ask(specialist, rowsAt(flows, positions), deadline);
      asked.push(answer);
      if (answer.cause !== undefined) causes.push(`${specialist}: ${answer.cause}`);
      positions.forEach((at, index) => rows.set(at, confirmationOf(answer, index)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      causes.push(`${specialist}: ${error.reason}`);
      for (const at of positions) rows.set(at, { verdict: 'unconfirmed' });
    }
  });
  await Promise.all(each);
  return { rows, asked, causes };
}
