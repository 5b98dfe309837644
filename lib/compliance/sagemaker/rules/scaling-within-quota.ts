import { ENDPOINT_CONFIG, endpointsOf, instanceVariantsOf } from '../endpoint-resources';
import type { RenderedResource } from '../../rendered-resource';
import type { Rule } from '../sagemaker-rule';
import { scaledMaximum } from '../scalable-targets';
import type { ResourceTree } from '../resource-tree';

/** Applied quota of an instance type "for endpoint usage" that the app may use; undefined when it is not known. */
export type InstanceQuota = (instanceType: string) => number | undefined;

/**
 * All variants of a type together stay inside its quota when each has grown to its maximum. A quota that is not
 * known is a fault as well: unknown is never a pass.
 */
export function scalingWithinQuota(quotaOf: InstanceQuota): Rule {
  return {
    id: 'ScalingWithinQuota',
    types: [ENDPOINT_CONFIG],
    why: 'Autoscaling that runs into a quota fails silently, at the moment the capacity is needed.',
    check: (config, tree) => {
      const types = new Set(instanceVariantsOf(config).map((variant) => variant.instanceType));
      return [...types].flatMap((instanceType) => {
        const needed = peakOf(instanceType, tree);
        const quota = quotaOf(instanceType);
        if (quota !== undefined && needed <= quota) return [];
        return {
          key: `Type::${instanceType}`,
          problem:
            quota === undefined
              ? `The variants on ${instanceType} grow to ${needed} instances, and the quota of the type is not known.`
              : `The variants on ${instanceType} grow to ${needed} instances, ${needed - quota} over the quota of ${quota}.`,
          fix: `Lower the autoscaling maximum, choose another type, or have "${instanceType} for endpoint usage" raised.`,
        };
      });
    },
  };
}

function peakOf(instanceType: string, tree: ResourceTree): number {
  return tree
    .ofType(ENDPOINT_CONFIG)
    .map((config) => peakIn(config, instanceType, tree))
    .reduce((sum, peak) => sum + peak, 0);
}

function peakIn(config: RenderedResource, instanceType: string, tree: ResourceTree): number {
  const fleets = Math.max(1, endpointsOf(config, tree).length);
  const peak = instanceVariantsOf(config)
    .filter((variant) => variant.instanceType === instanceType)
    .map((variant) => Math.max(variant.initialInstances, scaledMaximum(config, variant, tree) ?? 0))
    .reduce((sum, count) => sum + count, 0);
  return fleets * peak;
}
