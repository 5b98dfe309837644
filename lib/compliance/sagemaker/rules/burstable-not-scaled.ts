import { isBurstable } from '../endpoint-resources';
import type { Rule } from '../sagemaker-rule';
import { SCALABLE_TARGET, scalesInstances, variantBehind } from '../scalable-targets';

/** Scalable targets name only what Application Auto Scaling accepts. */
export const burstableNotScaled: Rule = {
  id: 'BurstableNotScaled',
  types: [SCALABLE_TARGET],
  why: 'AWS refuses burstable types as scalable targets, and only once the endpoint is up and billed.',
  check: (target, tree) => {
    if (!scalesInstances(target)) return [];
    const variant = variantBehind(target, tree);
    if (variant === undefined) {
      return [
        {
          key: 'UnknownVariant',
          problem: "The scalable target names no instance variant of this app's endpoints.",
          fix: "Set ResourceId to endpoint/<endpoint name>/variant/<variant name> with the endpoint's own name attribute.",
        },
      ];
    }
    if (!isBurstable(variant.instanceType)) return [];
    return [
      {
        key: `Variant::${variant.name}::${variant.instanceType}`,
        problem: `Variant ${variant.name} runs on ${variant.instanceType}, a burstable type that AWS refuses to scale.`,
        fix: 'Remove the scalable target and keep the fleet fixed, or choose a type that is not burstable.',
      },
    ];
  },
};
