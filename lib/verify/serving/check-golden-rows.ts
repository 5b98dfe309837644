import { NORMAL } from '../../../lambda/inference/verdict/verdict';
import type { Golden } from '../../../models/contract/model-contract';
import type { Answer, Ask, ModelResult, Prediction } from '../../client/prediction-answer';
import { type Check, type Found, checkOf, failed, ok, undetermined } from '../check-outcome';
import type { ModelUnderTest } from './model-under-test';

/** How many golden vectors of each specialist are asked. */
export type HowMany = 'all' | number;

type Vector = Golden['vectors'][number];

/** So many of the vectors, spread over all of them: classes stand one after the other in the file. */
export function sample(vectors: readonly Vector[], howMany: HowMany): readonly Vector[] {
  if (howMany === 'all' || howMany >= vectors.length) return vectors;
  return Array.from(
    { length: howMany },
    (_, at) => vectors[Math.floor((at * vectors.length) / howMany)],
  ).filter((vector) => vector !== undefined);
}

/** Wrong answers that are listed one by one; the others are counted. */
const MOST_LISTED = 3;

const WRONG_MODEL =
  'the deployed model is not that of the tree, or it is broken (scaler, order of features or classes): deploy again from this tree, and take it out of service until it answers right';
const DEGRADED =
  "see the endpoint's log and alarms: it fails, and the function answers with its own copy (docs/runbook.md)";

function wrongAnswer({ id, expected }: Vector, golden: Golden, given: Prediction): string | undefined {
  if (given.label !== expected.class) return `"${id}" is answered ${given.label}, must be ${expected.class}`;
  const off = golden.classes.find((name, at) => {
    const difference = Math.abs(
      (given.probabilities[name] ?? Number.NaN) - (expected.probabilities[at] ?? 0),
    );
    return !(difference <= golden.tolerance);
  });
  if (off === undefined) return undefined;
  const want = expected.probabilities[golden.classes.indexOf(off)];
  return `"${id}": probability of ${off} is ${given.probabilities[off]}, must be ${want} within ${golden.tolerance}`;
}

function listed(wrong: readonly string[], remedy: string): Found[] {
  const more = wrong.length - MOST_LISTED;
  return [
    ...wrong.slice(0, MOST_LISTED).map((line) => failed(line, remedy)),
    ...(more > 0 ? [failed(`and ${more} more`, remedy)] : []),
  ];
}

function identityFound({ specialist, model, variant }: ModelUnderTest, given: Answer): Found[] {
  const { name, version } = given.model;
  return name === specialist && version === model.version && given.variant === variant
    ? []
    : [
        failed(
          `${name} ${version} (${given.variant}) answered, the tree has ${specialist} ${model.version} (${variant})`,
          WRONG_MODEL,
        ),
      ];
}

function servingFound({ servedBy: planned }: ModelUnderTest, { servedBy, degraded }: Answer): Found[] {
  if (degraded) return [failed('the answer is degraded', DEGRADED)];
  return servedBy === planned
    ? []
    : [failed(`answered by ${servedBy}, planned is ${planned}`, 'deploy the plan of this tree')];
}

const CLEARED = 'a specialist or the thresholds clear what general flagged: take this version out of service';

const WHERE = { endpoint: 'on its endpoint', embedded: 'in the function' } as const;

/** Why there is nothing to compare. */
function noAnswer(asked: Exclude<ModelResult, { kind: 'answered' }>): Found {
  if (asked.kind === 'unanswered') return undetermined(asked.reason, asked.remedy);
  const { status, refusal } = asked;
  const [first] = refusal.details;
  const detail = first === undefined ? '' : ` (${first.feature ?? first.field ?? 'row'}: ${first.message})`;
  return failed(`the service refuses the vectors: ${status} ${refusal.message}${detail}`, WRONG_MODEL);
}

function requestOf(vectors: readonly Vector[], key: string, specialist?: string) {
  const instances = vectors.map(({ row }) => row);
  return { body: JSON.stringify({ specialist, key, instances }), rows: vectors.length };
}

/** Vectors with the predictions for them. */
function pairs(vectors: readonly Vector[], { predictions }: Answer) {
  return vectors.flatMap((vector, at) => {
    const prediction = predictions[at];
    return prediction === undefined ? [] : [{ vector, prediction }];
  });
}

async function checkExaminee(own: ModelUnderTest, howMany: HowMany, ask: Ask): Promise<Check> {
  const { specialist, golden, servedBy, variant, model } = own;
  const subject = variant === 'challenger' ? `${specialist} (challenger)` : specialist;
  const vectors = sample(golden.vectors, howMany);
  const asked = await ask(requestOf(vectors, own.key, specialist));
  if (asked.kind !== 'answered') return checkOf('golden', subject, [noAnswer(asked)]);
  const { answer } = asked;
  const wrong = pairs(vectors, answer).flatMap(
    ({ vector, prediction }) => wrongAnswer(vector, golden, prediction) ?? [],
  );
  const found = [...identityFound(own, answer), ...servingFound(own, answer), ...listed(wrong, WRONG_MODEL)];
  const right = ok(
    `vectors asked: ${vectors.length}, all answered right by ${specialist} ${model.version}, ${WHERE[servedBy]}`,
  );
  return checkOf('golden', subject, found.length > 0 ? found : [right]);
}

/** Nobody is asked by name: what general calls an attack must never come back as normal. */
async function checkUnaddressed(general: ModelUnderTest, howMany: HowMany, ask: Ask): Promise<Check> {
  const subject = 'nobody by name';
  const flagged = general.golden.vectors.filter(({ expected }) => expected.class !== NORMAL);
  const vectors = sample(flagged, howMany);
  const asked = await ask(requestOf(vectors, general.key));
  if (asked.kind !== 'answered') return checkOf('golden', subject, [noAnswer(asked)]);
  const { answer } = asked;
  const attacks = pairs(vectors, answer);
  const having = (verdict: Prediction['verdict']) =>
    attacks
      .filter(({ prediction }) => prediction.verdict === verdict)
      .map(({ vector: { id, expected } }) => `"${id}" (${expected.class}) comes back as ${verdict}`);
  const found = [
    ...identityFound(general, answer),
    ...servingFound(general, answer),
    ...listed(having('normal'), CLEARED),
    ...listed(having('unconfirmed'), DEGRADED),
  ];
  const right = ok(`attacks asked: ${attacks.length}, none comes back as normal`);
  return checkOf('golden', subject, found.length > 0 ? found : [right]);
}

/**
 * Asks the deployed models their golden vectors: each by name, and general's with nobody named.
 *
 * @param ask absent where there is nobody to ask, because the Function URL could not be found
 */
export async function checkGolden(
  examinees: readonly ModelUnderTest[],
  howMany: HowMany,
  ask: Ask | undefined,
): Promise<Check[]> {
  const nobody: Ask = async () => ({
    kind: 'unanswered',
    reason: 'there is no Function URL to ask through',
    remedy: 'mend the Function URL first',
  });
  const through = ask ?? nobody;
  const general = examinees.find(({ specialist }) => specialist === 'general');
  return Promise.all([
    ...examinees.map((own) => checkExaminee(own, howMany, through)),
    ...(general === undefined ? [] : [checkUnaddressed(general, howMany, through)]),
  ]);
}
