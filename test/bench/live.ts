import { loadEnvironment } from '../../lib/config/load-environment';
import { platformUses } from '../../lib/plan/demand/platform-demand';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { collectSnapshot } from '../../lib/quotas/live/collect-snapshot';
import { startStandIn, useStandIn } from '../support/aws/aws-stand-in';

const LATENCY_MS = 80;
const QUOTA_CALLS_PER_SECOND = 5;

/** What a live reading took, beside what nobody could do it in less than. */
export interface LiveTiming {
  readonly calls: number;
  readonly seconds: number;
  /** Set by the rate of Service Quotas and the latency: the last of its calls may start no sooner. */
  readonly lowerBoundSeconds: number;
}

/** Times a live reading of an environment against a stand-in with latency and throttling. */
export async function liveTiming(name: string): Promise<LiveTiming> {
  const environment = loadEnvironment(name);
  const region = environment.region ?? 'us-east-1';
  const standIn = await startStandIn({ latencyMs: LATENCY_MS, quotaCallsPerSecond: QUOTA_CALLS_PER_SECOND });
  const restore = useStandIn(standIn);
  try {
    const started = performance.now();
    const { calls } = await collectSnapshot({
      environment,
      region,
      platform: platformUses(environment).map(({ key }) => key),
      prices: loadPriceBook(region),
      ownStackPrefix: `mini-xdr-${name}-`,
      progress: () => undefined,
      now: new Date(),
    });
    const seconds = (performance.now() - started) / 1000;
    const quotaCalls = standIn.actions.filter((action) => action.startsWith('servicequotas:')).length;
    const fullSeconds = Math.floor((quotaCalls - 1) / QUOTA_CALLS_PER_SECOND);
    // One call to learn the account comes before, and the last one has to be answered.
    return { calls, seconds, lowerBoundSeconds: fullSeconds + (2 * LATENCY_MS) / 1000 };
  } finally {
    restore();
    await standIn.close();
  }
}
