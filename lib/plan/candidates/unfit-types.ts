import type { Specialist } from '../../../models/catalogue';
import type { HostingType } from '../../quotas/quota-catalogue';
import type { PlanningContext } from './candidate';
import { memoryNeededMb, usableMemoryMb } from './instance-candidate';

/** Why an instance type cannot hold a group at all, whatever the account's quotas are. */
export interface TypeUnfit {
  readonly kind: 'memory' | 'burstable' | 'no price';
  readonly reason: string;
}

/** Price of an hour of one instance; undefined where the book has none. */
export function hostingHourUsd(
  { prices }: PlanningContext,
  { instanceType }: HostingType,
): number | undefined {
  return prices.prices[`sagemaker.hosting.${instanceType}`]?.usd;
}

/**
 * Why there is no candidate for a group on a type.
 *
 * @returns undefined when there is one
 */
export function typeUnfit(
  context: PlanningContext,
  group: readonly Specialist[],
  type: HostingType,
): TypeUnfit | undefined {
  const needMb = memoryNeededMb(context, group);
  const usableMb = usableMemoryMb(type);
  if (needMb > usableMb) {
    return {
      kind: 'memory',
      reason: `too little memory: needs ${Math.ceil(needMb)} of ${Math.floor(usableMb)} MB usable`,
    };
  }
  if (type.burstable && context.environment.availability.autoscaling) {
    return {
      kind: 'burstable',
      reason: 'a burstable type cannot scale, and availability.autoscaling asks for it',
    };
  }
  if (hostingHourUsd(context, type) === undefined) {
    return { kind: 'no price', reason: 'the price book has no price for it' };
  }
  return undefined;
}
