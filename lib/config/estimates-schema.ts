import { z } from 'zod';
import { logEstimatesSchema } from './log-estimates';

/** Amounts of the bill that somebody has to estimate; each has a default. */
export const estimatesSchema = z
  .strictObject({
    natGb: z
      .number()
      .nonnegative()
      .default(10)
      .describe('GB a month through NAT gateways beside inference calls: images, packages, AWS APIs'),
    logs: logEstimatesSchema,
    loadBalancerLcus: z
      .number()
      .nonnegative()
      .default(1)
      .describe('load balancer capacity units, averaged over the month'),
    imageGb: z
      .number()
      .nonnegative()
      .default(5)
      .describe(
        "GB in the platform's image repositories, where platform.workloads names images in them: releases that are " +
          'kept, layers that they share once',
      ),
  })
  .prefault({})
  .describe(
    'amounts of the bill that nothing else in the configuration tells; correct them from a real bill',
  );
