import * as z from 'zod';
import { SPECIALISTS } from '../../../models/catalogue';
import { VARIANTS } from '../model-metadata';

/** Rows of one request, at most: more would not fit into what Lambda may answer. */
export const MAX_ROWS = 10_000;

/** Least and most that a caller may give a request, in ms. */
export const TIMEOUT_MS = [50, 60_000] as const;

const row = z.array(z.number()).describe('raw features in the order of the model');
const record = z.record(z.string(), z.number()).describe('raw features by name');

/** What a request may hold. */
export const requestSchema = z
  .strictObject({
    instances: z.array(row).min(1).max(MAX_ROWS).optional().describe('rows by position'),
    records: z.array(record).min(1).max(MAX_ROWS).optional().describe('rows by name'),
    specialist: z.string().optional().describe('who is asked: a specialist or one of its aliases'),
    threatType: z
      .string()
      .optional()
      .describe('what is suspected, which decides who is asked. Without either: general, then whoever fits'),
    key: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe('the same key meets the same version of a model on trial; the request id when absent'),
    timeoutMs: z
      .int()
      .min(TIMEOUT_MS[0])
      .max(TIMEOUT_MS[1])
      .optional()
      .describe('how long the caller waits, in ms; as long as the function may run when absent'),
  })
  .describe('Exactly one of "instances" and "records"');

const share = z.number().min(0).max(1);

/** What a row comes to. */
export const VERDICTS = ['normal', 'attack', 'disputed', 'unconfirmed'] as const;

const confirmationSchema = z.strictObject({
  specialist: z.enum(SPECIALISTS),
  version: z.string(),
  label: z.string(),
  confidence: share,
  agrees: z.boolean().describe('whether the specialist takes the row for an attack, too'),
});

const predictionSchema = z.strictObject({
  label: z.string(),
  class: z.int().nonnegative().describe("position among the model's classes"),
  confidence: share.describe('probability of the label'),
  probabilities: z.record(z.string(), share).describe('of every class; they add up to 1'),
  inDistribution: z
    .boolean()
    .nullable()
    .describe('false for a row far outside what the model was trained on; null where that is not known'),
  lowConfidence: z.boolean().describe('less sure than the contract of the model asks for'),
  verdict: z
    .enum(VERDICTS)
    .describe(
      'normal: no attack. attack: an attack. disputed: general sees an attack, the fitting specialist does not, which never clears it. unconfirmed: the fitting specialist could not be asked',
    ),
  confirmation: confirmationSchema.optional().describe('what the fitting specialist says'),
});

/** What an answer holds. */
export const answerSchema = z.strictObject({
  model: z.strictObject({
    name: z.enum(SPECIALISTS),
    version: z.string(),
    reference: z
      .boolean()
      .describe('true for a model that was trained on public data, to run the platform with'),
  }),
  predictions: z.array(predictionSchema).describe('one a row, in order'),
  servedBy: z.enum(['endpoint', 'embedded']),
  degraded: z
    .boolean()
    .describe('true where the function had to answer in place of an endpoint, or could not confirm'),
  variant: z.enum(VARIANTS).describe('which of two versions answered'),
  requestId: z.string(),
});

/** The body that Mini-XDR's backend read first, on `Accept: application/vnd.mini-xdr.v1+json`. */
export const legacyAnswerSchema = z.strictObject({ predictions: z.array(z.array(share)) });

/** What a refusal or a failure holds. */
export const errorSchema = z.strictObject({
  error: z.strictObject({
    status: z.int(),
    code: z.string(),
    message: z.string(),
    details: z.array(
      z.strictObject({
        row: z.int().optional().describe('counted from 0'),
        feature: z.string().optional(),
        field: z.string().optional(),
        message: z.string(),
      }),
    ),
    retryAfterSeconds: z.int().optional(),
    requestId: z.string(),
  }),
});

/** An answer with predictions. */
export type Answer = z.infer<typeof answerSchema>;

/** One row's part of it. */
export type AnsweredRow = Answer['predictions'][number];

/** What a row comes to. */
export type Verdict = AnsweredRow['verdict'];
