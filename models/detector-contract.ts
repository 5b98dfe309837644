import * as z from 'zod';
import { type ContractProblem, ContractError } from './contract-error';
import { asJson, nameOf, parseWith, readBytes, readGraph } from './contract-file';
import { digest, label, orderedNames } from './contract-values';

/** What a detector is: an autoencoder reads sequences of rows, a forest reads single rows. */
export const DETECTOR_KINDS = ['lstm-autoencoder', 'isolation-forest'] as const;

/** Schema of `detector.json`: what an anomaly detector takes, what its score means, and where it comes from. */
export const detectorContractSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    kind: z.enum(DETECTOR_KINDS),
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0'),
    graph: z.strictObject({
      file: z.literal('detector.onnx'),
      sha256: digest,
      input: label,
      output: z.literal('score').describe('one value an input; the higher, the stranger'),
    }),
    features: orderedNames(1).describe('raw features in order; the scaler is in the graph'),
    sequenceLength: z.int().positive().optional().describe('rows of one input of an autoencoder'),
    threshold: z.number().describe('the score above which an input is anomalous'),
    imported: z.strictObject({
      checkpoint: z.strictObject({ file: label, sha256: digest }),
      forward: label.describe('the forward pass that fits, as its switches; or how many trees'),
      chosenBy: z.enum(['expected scores', 'declared', 'scikit-learn']),
      scaler: label.describe('where the scaler was found, and of what kind it is'),
      parity: z.strictObject({
        inputs: z.int().nonnegative(),
        largestDifference: z
          .number()
          .nonnegative()
          .describe('of any score, the original against ONNX, in parts of the score or of 1'),
      }),
    }),
  })
  .superRefine(({ kind, sequenceLength }, ctx) => {
    if ((kind === 'lstm-autoencoder') !== (sequenceLength !== undefined)) {
      const message = kind === 'lstm-autoencoder' ? 'how many rows make a sequence' : 'no such key';
      ctx.addIssue({ code: 'custom', path: ['sequenceLength'], input: sequenceLength, message });
    }
  });

/** A validated `detector.json`. */
export type DetectorContract = z.infer<typeof detectorContractSchema>;

/** Schema of a detector's `golden.json`: raw inputs with the score that it must give. */
export const detectorGoldenSchema = z.strictObject({
  schemaVersion: z.literal(1),
  detector: label,
  features: orderedNames(1),
  tolerance: z
    .number()
    .positive()
    .max(0.01)
    .describe('how far a score may be off, in parts of the score or of 1, whichever is larger'),
  vectors: z
    .array(
      z.strictObject({
        id: label,
        input: z.array(z.array(z.number())).min(1).describe('the rows of one input'),
        expected: z.strictObject({ score: z.number(), anomalous: z.boolean() }),
      }),
    )
    .min(1),
});

/** A validated `golden.json` of a detector. */
export type DetectorGolden = z.infer<typeof detectorGoldenSchema>;

/** A detector's folder, read and validated; its graph has not been run yet. */
export interface DetectorFolder {
  readonly contract: DetectorContract;
  readonly golden: DetectorGolden;
  readonly graph: Uint8Array;
}

/** Rows of one input: the length of a sequence, or one. */
export function rowsOfInput(contract: DetectorContract): number {
  return contract.sequenceLength ?? 1;
}

/**
 * Checks that golden vectors belong to a detector: same name and order of features, inputs of its shape, and
 * vectors on both sides of its threshold.
 *
 * @param file how the golden file is called in an error
 * @throws ContractError with every problem at once
 */
export function checkDetectorGolden(file: string, contract: DetectorContract, golden: DetectorGolden): void {
  const problems: ContractProblem[] = [];
  const refuse = (key: string, given: unknown, allowed: string) =>
    void problems.push({ file, key, given, allowed });
  if (golden.detector !== contract.name) {
    refuse('detector', golden.detector, `${contract.name}, as in detector.json`);
  }
  const width = contract.features.length;
  for (let i = 0; i < Math.max(width, golden.features.length); i++) {
    if (golden.features[i] !== contract.features[i]) {
      const allowed = `${contract.features[i] ?? 'nothing'}, as in detector.json`;
      refuse(`features[${i}]`, golden.features[i], allowed);
      break;
    }
  }
  golden.vectors.forEach(({ input, expected }, i) => {
    const lengths = input.map((row) => row.length);
    if (input.length !== rowsOfInput(contract) || lengths.some((length) => length !== width)) {
      refuse(`vectors[${i}].input`, lengths, `${rowsOfInput(contract)} rows of ${width} values`);
    }
    if (expected.anomalous !== expected.score > contract.threshold) {
      const allowed = `whether the score is above ${contract.threshold}`;
      refuse(`vectors[${i}].expected.anomalous`, expected.anomalous, allowed);
    }
  });
  for (const side of [true, false]) {
    if (!golden.vectors.some(({ expected }) => expected.anomalous === side)) {
      refuse('vectors', undefined, `a vector that is ${side ? '' : 'not '}anomalous`);
    }
  }
  if (problems.length > 0) throw new ContractError(problems);
}

/**
 * Reads a detector's folder and checks everything that can be checked without running the graph.
 *
 * @param folder holds `detector.json`, `golden.json` and `detector.onnx`
 * @throws ContractError when a file is missing, broken, or does not belong to the others
 */
export function readDetectorFolder(folder: string): DetectorFolder {
  const read = (file: string) => asJson(nameOf(folder, file), readBytes(folder, file));
  const goldenFile = nameOf(folder, 'golden.json');
  const contract = parseWith(detectorContractSchema, nameOf(folder, 'detector.json'), read('detector.json'));
  const golden = parseWith(detectorGoldenSchema, goldenFile, read('golden.json'));
  checkDetectorGolden(goldenFile, contract, golden);
  return { contract, golden, graph: readGraph(folder, 'detector.json', contract.graph) };
}
