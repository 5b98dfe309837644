import * as z from 'zod';
import { share } from './value-schemas';

/** Bins of a feature at most. */
const MOST_BINS = 10;

/** How far the shares of a feature may be from 1 together: they are rounded. */
const SUM_TOLERANCE = 1e-3;

/** Schema of `decision`: what an answer is taken for, chosen on flows that the weights were not fitted to. */
export const decisionSchema = z.strictObject({
  attackAt: z
    .number()
    .refine((at) => at > 0 && at <= 0.5, 'more than 0, at most 0.5')
    .describe(
      'probability of being any attack, 1 - P(Normal), from which a row is flagged whatever its label',
    ),
  confidentAt: z
    .number()
    .refine((at) => at > 0 && at < 1, 'more than 0, less than 1')
    .describe('confidence below which an answer is said to be of low confidence'),
});

/** Thresholds of a specialist. */
export type Decision = z.infer<typeof decisionSchema>;

const featurePopulationSchema = z
  .strictObject({
    low: z.number().describe('raw value below which a flow is far outside the training data'),
    high: z.number().describe('raw value above which it is'),
    edges: z
      .array(z.number())
      .max(MOST_BINS - 1)
      .refine(
        (edges) => edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? edge)),
        'ascending values that differ from each other',
      )
      .describe('inner edges of the bins; each is the lowest value of the bin above it'),
    shares: z
      .array(share)
      .refine(
        (shares) => Math.abs(shares.reduce((sum, part) => sum + part, 0) - 1) <= SUM_TOLERANCE,
        `shares that add up to 1 within ${SUM_TOLERANCE}`,
      )
      .describe('of the training flows, one a bin'),
  })
  .superRefine(({ low, high, edges, shares }, ctx) => {
    if (low > high) {
      ctx.addIssue({ code: 'custom', path: ['low'], input: low, message: `at most "high", ${high}` });
    }
    if (shares.length !== edges.length + 1) {
      const message = `${edges.length + 1} shares, one more than edges`;
      ctx.addIssue({ code: 'custom', path: ['shares'], input: `${shares.length} shares`, message });
    }
  });

/** What the training flows held of one feature, as raw values. */
export type FeaturePopulation = z.infer<typeof featurePopulationSchema>;

/** Schema of `population`: what the training flows held, an entry a feature in the order of the features. */
export const populationSchema = z.array(featurePopulationSchema);

/** Class that {@link Decision} counts as no attack. */
export const NORMAL = 'Normal';

/**
 * What of the two does not fit the rest of the contract.
 *
 * @returns an issue for each, with the way to it
 */
export function misfits(model: {
  readonly features: readonly string[];
  readonly classes: readonly string[];
  readonly decision?: Decision | undefined;
  readonly population?: readonly FeaturePopulation[] | undefined;
}): { readonly path: string[]; readonly input: unknown; readonly message: string }[] {
  const { features, classes, decision, population } = model;
  const found = [];
  if (decision !== undefined && !classes.includes(NORMAL)) {
    const message = `only for a model with a class "${NORMAL}": the others are attacks`;
    found.push({ path: ['decision'], input: decision, message });
  }
  if (population !== undefined && population.length !== features.length) {
    const message = `${features.length} entries, one a feature`;
    found.push({ path: ['population'], input: `${population.length} entries`, message });
  }
  return found;
}
