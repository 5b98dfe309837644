import type { Environment } from '../config/environment';
import { UserError } from '../util/user-error';
import {
  QUOTA,
  type QuotaDefinition,
  type QuotaKey,
  isCatalogued,
  quotaDefinition,
  quotaKey,
} from './quota-catalogue';
import type { QuotaOrigin, RecordedQuota, Snapshot, UsageOrigin } from './snapshot-schema';

/** What is known of one quota in one account, with the environment's own settings applied. */
export interface ResolvedQuota {
  readonly definition: QuotaDefinition;
  /** Undefined when it could not be determined. */
  readonly limit: number | undefined;
  readonly origin: QuotaOrigin;
  /**
   * Usage less what this environment's own stacks hold, plus what configuration keeps free for others.
   * Undefined when the usage could not be read. Zero for limits that hold for each single endpoint or VPC.
   */
  readonly usedByOthers: number | undefined;
  /** Where {@link usedByOthers} comes from; what configuration keeps free for others has no part in it. */
  readonly usageOrigin: UsageOrigin;
  /** True when the snapshot says that nobody read this row from the account. */
  readonly assumed: boolean;
  /** The IAM action that a live reading lacked, or the reason why it is incomplete. */
  readonly missing?: string;
}

/** Reads quotas by meaning out of a snapshot. */
export type QuotaReader = (key: QuotaKey) => ResolvedQuota;

function readLimit(
  definition: QuotaDefinition,
  recorded: RecordedQuota | undefined,
  configured: number | undefined,
): { limit: number | undefined; origin: QuotaOrigin } {
  if (configured !== undefined) return { limit: configured, origin: 'configured' };
  if (recorded !== undefined && recorded.value !== null && recorded.origin !== 'unknown') {
    return { limit: recorded.value, origin: recorded.origin };
  }
  // A limit that Service Quotas does not list cannot be read: its default counts as configuration.
  if (recorded === undefined && !definition.listed && definition.default !== null) {
    return { limit: definition.default, origin: 'configured' };
  }
  return { limit: undefined, origin: 'unknown' };
}

function recordedUsage(definition: QuotaDefinition, recorded: RecordedQuota | undefined): number | undefined {
  if (definition.scope === 'endpoint' || definition.scope === 'vpc') return 0;
  // Nor can its usage be read: what configuration gives is what this environment may use.
  if (!definition.listed && recorded === undefined) return 0;
  if (recorded === undefined || recorded.usage.by === 'unknown' || recorded.usage.value === null)
    return undefined;
  return Math.max(0, recorded.usage.value - recorded.own);
}

function readUsage(
  definition: QuotaDefinition,
  recorded: RecordedQuota | undefined,
  { usage: configured, reserved = 0 }: Environment['limits'][string],
): { usedByOthers: number | undefined; usageOrigin: UsageOrigin } {
  if (configured !== undefined) return { usedByOthers: configured + reserved, usageOrigin: 'configured' };
  const used = recordedUsage(definition, recorded);
  return used === undefined
    ? { usedByOthers: undefined, usageOrigin: 'unknown' }
    : { usedByOthers: used + reserved, usageOrigin: 'read' };
}

/** Limits that an environment configures, with those that have a setting of their own. */
export function configuredLimits({ limits, hosting }: Environment): Environment['limits'] {
  const granted = hosting.serverless.provisionedConcurrency?.accountLimit;
  if (granted === undefined) return limits;
  return {
    ...limits,
    [QUOTA.provisionedConcurrency]: { value: granted, ...limits[QUOTA.provisionedConcurrency] },
  };
}

/** A limit on a quota that nothing draws on would be silently without effect. */
function assertCatalogued(limits: Environment['limits']): void {
  const strangers = Object.keys(limits).filter((key) => !isCatalogued(key));
  if (strangers.length === 0) return;
  throw new UserError(
    `limits: ${strangers.join(', ')} ${strangers.length === 1 ? 'is' : 'are'} not in the quota catalogue; the keys that exist stand in lib/quotas/quota-catalogue.json as service and code, such as ${QUOTA.serverlessConcurrency}`,
  );
}

/**
 * A reader of quotas over a snapshot. Configuration (`limits`) comes first, then the recorded value by code,
 * then by name. A quota that is not there is unknown: never a pass, never zero.
 *
 * @throws UserError when configuration sets a limit that the catalogue does not hold
 */
export function quotaReader(snapshot: Snapshot, limits: Environment['limits']): QuotaReader {
  assertCatalogued(limits);
  const byKey = new Map(snapshot.quotas.map((quota) => [quotaKey(quota), quota]));
  const byName = new Map(snapshot.quotas.map((quota) => [`${quota.service}/${quota.name}`, quota]));
  const cache = new Map<QuotaKey, ResolvedQuota>();
  return (key) => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const definition = quotaDefinition(key);
    const recorded = byKey.get(key) ?? byName.get(`${definition.service}/${definition.name}`);
    const resolved: ResolvedQuota = {
      definition,
      ...readLimit(definition, recorded, limits[key]?.value),
      ...readUsage(definition, recorded, limits[key] ?? {}),
      assumed: recorded?.assumed ?? false,
      ...(recorded?.missing === undefined ? {} : { missing: recorded.missing }),
    };
    cache.set(key, resolved);
    return resolved;
  };
}
