import * as z from 'zod';
import { count, digest, label, share } from './value-schemas';

/** How a model did on rows whose classes are known. */
export const figuresSchema = z.strictObject({
  rows: count,
  accuracy: share,
  macroF1: share.describe('mean F1 of the classes that the rows hold'),
  perClass: z.array(
    z.strictObject({ class: label, precision: share, recall: share, f1: share, support: count }),
  ),
  confusion: z.array(z.array(count)).describe('rows are the truth, columns the answer'),
});

/** Validated figures. */
export type Figures = z.infer<typeof figuresSchema>;

const calibrationSchema = z.strictObject({
  expectedCalibrationError: share.describe('mean distance of confidence and accuracy over bins, by rows'),
  brier: z
    .number()
    .min(0)
    .max(2)
    .describe('mean squared distance of probabilities and truth, summed over classes'),
  bins: z.array(z.strictObject({ from: share, to: share, rows: count, confidence: share, accuracy: share })),
});

/** Whether a model is right as often as it says. */
export type Calibration = z.infer<typeof calibrationSchema>;

/** How this project trained a model. */
export const trainingSchema = z.strictObject({
  source: label.describe('the data, with its citation'),
  file: label,
  algorithm: label,
  seed: z.int(),
  rows: count,
  labels: z.record(label, label).describe('label of the data to class of the model'),
  leftOut: z.strictObject({
    incomplete: count,
    repeated: count,
    otherLabels: z.record(label, count),
  }),
});

/** Validated training. */
export type Training = z.infer<typeof trainingSchema>;

const atWorkSchema = z.strictObject({
  outside: share.describe('part of the flows with a feature beyond `low` or `high` of the population'),
  lowConfidence: share.describe('part of the answers with a confidence below `confidentAt`'),
  rightWhenSure: share.nullable().describe('part of the other answers that are right; null: there are none'),
  falseAlarms: share.nullable().describe('part of the Normal flows that is flagged; null: there are none'),
  missed: share.nullable().describe('part of the attacks that is not flagged; null: there are none'),
});

/** What the thresholds of `decision` and the limits of `population` lead to. */
export type AtWork = z.infer<typeof atWorkSchema>;

/** How a model did on flows that it was not trained on. */
export const evaluationSchema = z.strictObject({
  heldOut: figuresSchema
    .extend({ calibration: calibrationSchema.optional() })
    .describe('how the exported graph did on flows that it was not trained on'),
  againstNormal: figuresSchema.optional().describe('the same flows without attacks of other kinds'),
  withoutDestinationPort: figuresSchema
    .optional()
    .describe('the same model trained and asked with Destination Port set to zero'),
  otherCapture: figuresSchema.extend({ file: label }).optional(),
  atWork: z
    .strictObject({ heldOut: atWorkSchema, otherCapture: atWorkSchema.optional() })
    .optional()
    .describe('what the thresholds of `decision` and the limits of `population` lead to'),
  caveats: z.array(label),
});

/** Validated evaluation. */
export type Evaluation = z.infer<typeof evaluationSchema>;

/** Where a checkpoint came from, and how it was found to be understood. */
export const importedSchema = z.strictObject({
  checkpoint: z.strictObject({ file: label, sha256: digest }),
  forward: label.describe('the forward pass that fits, as its switches'),
  chosenBy: z.enum(['expected outputs', 'labelled rows']),
  scaler: label.describe('where the scaler was found, and of what kind it is'),
  parity: z.strictObject({
    rows: count,
    largestDifference: z.number().nonnegative().describe('of any probability, PyTorch against ONNX'),
  }),
  labelledRows: figuresSchema.optional().describe('figures on the labelled rows that the importer was given'),
});

/** Validated origin of an imported model. */
export type Imported = z.infer<typeof importedSchema>;
