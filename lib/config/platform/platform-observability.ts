import { z } from 'zod';
import type { Environment } from '../environment';
import { runsWorkloads } from '../workloads/configured-workloads';

/** What of pods and nodes goes to CloudWatch. Without images there is no node, and nothing to send. */
export const observabilitySchema = z
  .strictObject({
    logs: z
      .boolean()
      .default(true)
      .describe('whether the logs of pods and nodes go to CloudWatch, where they outlive them'),
    metrics: z
      .boolean()
      .default(true)
      .describe(
        'whether the metrics of pods and nodes go to CloudWatch (Container Insights), which the alarms on restarts and on an autoscaler at its maximum need',
      ),
  })
  .prefault({});

/** What of pods and nodes an environment sends to CloudWatch. */
export type Observed = Environment['platform']['observability'];

/** What of pods and nodes goes to CloudWatch; nothing where none run. */
export function observedOf(environment: Environment): Observed {
  if (!runsWorkloads(environment)) return { logs: false, metrics: false };
  return environment.platform.observability;
}
