import { ENDPOINT_CONFIG, instanceVariantsOf, isBurstable } from '../endpoint-resources';
import type { Rule } from '../sagemaker-rule';
import { scaledMaximum } from '../scalable-targets';

/** Every instance variant that can scale does. */
export const scaledVariants: Rule = {
  id: 'ScaledVariants',
  types: [ENDPOINT_CONFIG],
  why: 'A fleet of fixed size either fails at the peak or is paid for all night.',
  check: (config, tree) =>
    instanceVariantsOf(config)
      .filter((variant) => !variant.shadow && !isBurstable(variant.instanceType))
      .filter((variant) => scaledMaximum(config, variant, tree) === undefined)
      .map(({ name, instanceType }) => ({
        key: `Variant::${name}::${instanceType}`,
        problem: `Variant ${name} on ${instanceType} has a fixed number of instances: no scalable target names it.`,
        fix: `Register endpoint/<endpoint name>/variant/${name} for sagemaker:variant:DesiredInstanceCount with target tracking.`,
      })),
};
