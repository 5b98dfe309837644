import { z } from 'zod';
import { SPECIALISTS } from '../../models/catalogue';

const challenger = z.strictObject({
  folder: z.string().min(1).describe('folder of the second version, from the root of the project'),
  share: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'share of request keys that the second version answers; the same key always meets the same one',
    ),
  shadow: z
    .boolean()
    .default(false)
    .describe(
      'asks the second version about everything the first answers, and only counts where they differ',
    ),
});

const capture = z.strictObject({
  sampleRate: z.number().gt(0).max(1).describe('share of requests whose rows and answers are kept'),
  retentionDays: z.int().min(1).max(365).describe('days after which what was kept is deleted'),
});

/** How the inference Lambda behaves beside routing to the plan's endpoints. */
export const inferenceSchema = z
  .strictObject({
    fallback: z
      .boolean()
      .default(true)
      .describe('whether the function holds every model itself, to answer when its endpoint fails'),
    challengers: z
      .partialRecord(z.enum(SPECIALISTS), challenger)
      .default({})
      .describe('second versions on trial; they run inside the function and take no quota'),
    capture: capture
      .optional()
      .describe(
        'keeps samples of rows and answers in S3, from which drift is computed daily; none when absent',
      ),
  })
  .prefault({});
