import { loadEnvironment } from '../../../lib/config/load-environment';
import type { Environment } from '../../../lib/config/environment';
import { platformUses } from '../../../lib/plan/demand/platform-demand';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import type { QuotaKey } from '../../../lib/quotas/quota-catalogue';
import {
  type CollectOptions,
  type Collection,
  collectSnapshot,
} from '../../../lib/quotas/live/collect-snapshot';
import { quotaReader, type ResolvedQuota } from '../../../lib/quotas/resolve-quota';
import { quotaKey } from '../../../lib/quotas/quota-catalogue';
import type { RecordedQuota } from '../../../lib/quotas/snapshot-schema';
import { type StandIn, type StandInBehaviour, startStandIn, useStandIn } from './aws-stand-in';

/** The time that every reading in a test is taken at. */
export const NOW = new Date('2026-11-21T12:00:00Z');

export const PRICES = loadPriceBook('us-east-1');

/** Options for an environment, as the command line puts them together. */
export function optionsFor(environment: Environment, changes: Partial<CollectOptions> = {}): CollectOptions {
  return {
    environment,
    region: 'us-east-1',
    platform: platformUses(environment).map(({ key }) => key),
    prices: PRICES,
    ownStackPrefix: `mini-xdr-${environment.name}-`,
    progress: () => undefined,
    now: NOW,
    // Nothing is throttled unless a test says so.
    pace: 100,
    ...changes,
  };
}

/** Runs something against a stand-in that is gone afterwards. */
export async function against<T>(
  behaviour: StandInBehaviour,
  run: (standIn: StandIn) => Promise<T>,
): Promise<T> {
  const standIn = await startStandIn(behaviour);
  const restore = useStandIn(standIn);
  try {
    return await run(standIn);
  } finally {
    restore();
    await standIn.close();
  }
}

/** A reading with questions that tests ask of it. */
export interface Reading extends Collection {
  readonly row: (key: QuotaKey) => RecordedQuota;
  readonly resolved: (key: QuotaKey) => ResolvedQuota;
  readonly actions: readonly string[];
  /** Calls that were throttled. */
  readonly throttled: number;
}

/** An environment that draws on few quotas, of serving above all. */
export function smallEnvironment(changes: Partial<Environment> = {}): Environment {
  const dev = loadEnvironment('dev');
  return {
    ...dev,
    hosting: { ...dev.hosting, instanceTypes: ['ml.m6g.large'] },
    platform: { ...dev.platform, enabled: false },
    workbench: { ...dev.workbench, notebook: false, trainer: false },
    ...changes,
  };
}

/** Reads an account for an environment. */
export function collected(
  behaviour: StandInBehaviour,
  environment: Environment = smallEnvironment(),
  changes: Partial<CollectOptions> = {},
): Promise<Reading> {
  return against(behaviour, async ({ actions, throttled }) => {
    const collection = await collectSnapshot(optionsFor(environment, changes));
    const resolved = quotaReader(collection.snapshot, {});
    return {
      ...collection,
      actions,
      throttled: throttled(),
      resolved,
      row: (key) => {
        const found = collection.snapshot.quotas.find((quota) => quotaKey(quota) === key);
        if (found === undefined) throw new Error(`${key} was not read`);
        return found;
      },
    };
  });
}
