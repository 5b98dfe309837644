import type { Answer, Ask, ModelResult, Prediction, Refusal } from './prediction-answer';
import { type Flows, partsOf } from './flow-batches';

/** Who is asked; nobody by name: the service asks `general`, and has the fitting specialist confirm. */
export interface Addressee {
  readonly specialist?: string;
  readonly threatType?: string;
}

/** The answer for one flow. */
export interface PredictedFlow extends Prediction {
  /** Place of the flow in the file, from 1. */
  readonly row: number;
  /** What the file says that the flow is; null where it says nothing. */
  readonly expected: string | null;
  readonly model: Answer['model'];
  readonly servedBy: Answer['servedBy'];
  /** Whether the endpoint failed and the function's own copy of the model answered. */
  readonly degraded: boolean;
  readonly variant: Answer['variant'];
}

/** Why the flows from some row on have no answer. */
export type PredictionFailure =
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** Rows are counted from 1, in the file. */
      readonly details: readonly {
        readonly row?: number;
        readonly feature?: string;
        readonly field?: string;
        readonly message: string;
      }[];
    }
  | { readonly kind: 'unanswered'; readonly reason: string; readonly remedy: string };

/** What `xdr predict` says. */
export interface PredictionDocument {
  readonly schemaVersion: 1;
  readonly source: 'function-url' | 'local';
  /** Null where no environment was asked. */
  readonly environment: string | null;
  /** As it was asked for; null where nobody was. */
  readonly specialist: string | null;
  readonly threatType: string | null;
  /** Flows of the file, whether they were answered or not. */
  readonly rows: number;
  readonly answers: readonly PredictedFlow[];
  /** Null where every flow was answered. */
  readonly failure: PredictionFailure | null;
}

function answersOf(answer: Answer, from: number, labels: Flows['labels']): PredictedFlow[] {
  const { model, servedBy, degraded, variant } = answer;
  return answer.predictions.map((prediction, at) => ({
    row: from + at + 1,
    expected: labels[from + at] ?? null,
    ...prediction,
    model,
    servedBy,
    degraded,
    variant,
  }));
}

function refusedAt(from: number, status: number, { code, message, details }: Refusal): PredictionFailure {
  return {
    kind: 'refused',
    status,
    code,
    message,
    details: details.map(({ row, ...detail }) => ({
      ...(row === undefined ? {} : { row: from + row + 1 }),
      ...detail,
    })),
  };
}

function failureAt(from: number, asked: Exclude<ModelResult, { kind: 'answered' }>): PredictionFailure {
  return asked.kind === 'refused' ? refusedAt(from, asked.status, asked.refusal) : asked;
}

/**
 * Has flows answered, in as many requests as their size takes, one after the other, so that the order of the answers
 * is that of the flows. The first request without an answer ends it: what was answered before stands.
 */
export async function predictFlows(
  flows: Flows,
  addressee: Addressee,
  ask: Ask,
): Promise<{ readonly answers: readonly PredictedFlow[]; readonly failure: PredictionFailure | null }> {
  const answers: PredictedFlow[] = [];
  for (const { from, rows } of partsOf(flows)) {
    const body = JSON.stringify({ ...addressee, [flows.by]: rows });
    const asked = await ask({ body, rows: rows.length });
    if (asked.kind !== 'answered') return { answers, failure: failureAt(from, asked) };
    answers.push(...answersOf(asked.answer, from, flows.labels));
  }
  return { answers, failure: null };
}
