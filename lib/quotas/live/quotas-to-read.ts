import type { Environment } from '../../config/environment';
import { type PriceBook } from '../../pricing/price-book';
import {
  HOSTING_TYPES,
  type HostingType,
  QUOTA,
  type QuotaKey,
  endpointQuotaKey,
  quotaDefinition,
} from '../quota-catalogue';

/** How many types without a default quota are looked at besides those that every account has. */
const CHEAPEST_TYPES = 3;

interface PricedType {
  readonly type: HostingType;
  readonly hourUsd: number;
}

function priced(prices: PriceBook): PricedType[] {
  return [...HOSTING_TYPES.values()].flatMap((type) => {
    const hourUsd = prices.prices[`sagemaker.hosting.${type.instanceType}`]?.usd;
    return hourUsd === undefined ? [] : [{ type, hourUsd }];
  });
}

/** Whether `a` gives at least as much of everything for no more money; of equals, the first by name. */
function makesSuperfluous(a: PricedType, b: PricedType): boolean {
  const dominates =
    a.hourUsd <= b.hourUsd &&
    a.type.vcpus >= b.type.vcpus &&
    a.type.memoryGb >= b.type.memoryGb &&
    (!a.type.burstable || b.type.burstable);
  const equal =
    a.hourUsd === b.hourUsd &&
    a.type.vcpus === b.type.vcpus &&
    a.type.memoryGb === b.type.memoryGb &&
    a.type.burstable === b.type.burstable;
  return dominates && (!equal || a.type.instanceType < b.type.instanceType);
}

/**
 * Instance types whose endpoint quota is read. Those of `hosting.instanceTypes` where the environment names any;
 * otherwise those that AWS grants every account (a default above zero), and the three cheapest that can scale and that
 * no other type makes superfluous. The quotas of all other types stay unknown, and so unused by the plan: reading them
 * too would take minutes at the rate that Service Quotas allows.
 */
export function candidateTypes({ hosting }: Environment, prices: PriceBook): HostingType[] {
  if (!hosting.modes.some((mode) => mode === 'dedicated' || mode === 'shared')) return [];
  if (hosting.instanceTypes !== undefined) {
    return hosting.instanceTypes.flatMap((name) => HOSTING_TYPES.get(name) ?? []);
  }
  const all = priced(prices);
  const granted = all.filter(({ type }) => (quotaDefinition(endpointQuotaKey(type)).default ?? 0) > 0);
  const cheapest = all
    .filter(
      (candidate) =>
        !candidate.type.burstable &&
        !granted.includes(candidate) &&
        !all.some((other) => other !== candidate && makesSuperfluous(other, candidate)),
    )
    .sort((a, b) => a.hourUsd - b.hourUsd || (a.type.instanceType < b.type.instanceType ? -1 : 1))
    .slice(0, CHEAPEST_TYPES);
  return [...granted, ...cheapest].map(({ type }) => type);
}

/** Quotas of serving that the environment's hosting modes can draw on. */
function servingQuotas(environment: Environment, prices: PriceBook): QuotaKey[] {
  const { modes, serverless } = environment.hosting;
  const instances = modes.some((mode) => mode === 'dedicated' || mode === 'shared');
  const onDemand = modes.includes('serverless');
  return [
    // The inference Lambda runs in every mode.
    QUOTA.lambdaConcurrency,
    ...(onDemand ? [QUOTA.serverlessConcurrency, QUOTA.serverlessEndpoints] : []),
    ...(instances
      ? [
          QUOTA.endpointInstances,
          QUOTA.instancesPerEndpoint,
          ...candidateTypes(environment, prices).map(endpointQuotaKey),
        ]
      : []),
    ...(instances || (onDemand && serverless.provisionedConcurrency !== undefined)
      ? [QUOTA.scalableTargets]
      : []),
  ];
}

/**
 * Every quota that a plan of the environment can touch, in order of its key. Limits that AWS lists nowhere are left
 * out: configuration gives them.
 *
 * @param platform what the environment draws on beside its models, from the plan's demand
 */
export function quotasToRead(
  environment: Environment,
  platform: Iterable<QuotaKey>,
  prices: PriceBook,
): QuotaKey[] {
  const keys = new Set<QuotaKey>([...platform, ...servingQuotas(environment, prices)]);
  return [...keys].filter((key) => quotaDefinition(key).listed).sort();
}
