import { type Specialist, SPECIALISTS } from '../../../models/catalogue';
import type { Prediction, PredictionResponse } from '../../../models/runtime/prediction-response';
import general from '../../../models/general/model.json';
import ddos from '../../../models/ddos/model.json';
import bruteforce from '../../../models/bruteforce/model.json';
import webattacks from '../../../models/webattacks/model.json';

const CONTRACTS = { general, ddos, bruteforce, webattacks } as const;

/** A prediction that says whether its row is like the training data. */
export interface KnownPrediction extends Prediction {
  readonly inDistribution: boolean | null;
}

/** Rows that the answer can be told apart for: beyond, class and confidence repeat. */
export const TELLABLE_ROWS = 8000;

/**
 * What the model of the stand-in says of a row: class and confidence follow from the first feature alone, and no two
 * whole numbers below {@link TELLABLE_ROWS} get the same, so an answer shows which row it was given for.
 *
 * @param first the row's first feature
 */
export function predictionFor(specialist: Specialist, first: number): KnownPrediction {
  const { classes } = CONTRACTS[specialist];
  const at = Math.abs(Math.trunc(first));
  const chosen = at % classes.length;
  const confidence = 0.55 + (Math.floor(at / classes.length) % 4000) / 10_000;
  const rest = (1 - confidence) / (classes.length - 1);
  return {
    label: classes[chosen] ?? '',
    class: chosen,
    confidence,
    probabilities: Object.fromEntries(
      classes.map((name, index) => [name, index === chosen ? confidence : rest]),
    ),
    inDistribution: true,
  };
}

/** What the model of the stand-in answers: the shape of the model server, a prediction for each row in order. */
export function answerFor(specialist: Specialist, firsts: readonly number[]) {
  const { name, version, reference } = CONTRACTS[specialist];
  return {
    model: { name, version, reference },
    predictions: firsts.map((first) => predictionFor(specialist, first)),
  } satisfies PredictionResponse;
}

/** A row that a specialist takes: the given first feature, and zeros. */
export function rowOf(first: number): number[] {
  return [first, ...Array.from({ length: general.features.length - 1 }, () => 0)];
}

/** The first feature of each row of a request to a model, by position or by name. */
export function firstsOf(body: string): number[] {
  const { instances, records } = JSON.parse(body) as {
    instances?: readonly (readonly number[])[];
    records?: readonly Readonly<Record<string, number>>[];
  };
  const named = general.features[0] ?? '';
  return instances?.map(([first]) => first ?? 0) ?? records?.map((row) => row[named] ?? 0) ?? [];
}

/**
 * Which specialist a call is for: the first part of the target model on a shared endpoint, else the endpoint's last
 * word.
 *
 * @throws Error for an endpoint that is named after no specialist
 */
export function specialistAt(endpoint: string, targetModel: string | undefined): Specialist {
  const word = targetModel?.split('/')[0] ?? endpoint.split('-').at(-1);
  const specialist = SPECIALISTS.find((name) => name === word);
  if (specialist === undefined) throw new Error(`no specialist is at ${endpoint} ${targetModel ?? ''}`);
  return specialist;
}
