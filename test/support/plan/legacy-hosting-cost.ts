import { type CostLine, type MonthlyCost, cents, total } from '../../../lib/plan/cost/monthly-cost';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import type { PriceBook } from '../../../lib/pricing/price-book';

/** Instances that the system which this project replaces had, or said it had. */
interface SourceHosting {
  /** Key of their hourly price. */
  readonly price: string;
  readonly count: number;
  /** What its own table says they cost, USD a month. @default - its table does not say */
  readonly claimedUsd?: number;
  /** Where this is known from. */
  readonly source: string;
}

const COST_TABLE = "the source system's own cost table, of which these two figures are known";

/** What its table claims. */
export const SOURCE_CLAIMS = [
  { price: 'sagemaker.hosting.ml.t2.medium', count: 1, claimedUsd: 36, source: COST_TABLE },
  { price: 'sagemaker.hosting.ml.c5.xlarge', count: 2, claimedUsd: 504, source: COST_TABLE },
] as const satisfies readonly SourceHosting[];

/** What ran: two of its four models. */
export const SOURCE_RAN = {
  price: 'sagemaker.hosting.ml.t2.medium',
  count: 2,
  models: 2,
  source: 'the recorded account of November 2025 (snapshot mini-xdr-2025-11): two endpoint instances in use',
} as const satisfies SourceHosting & { readonly models: number };

/** Hosting in the source system with its price. */
export interface SourceCost {
  /** Such as `2 × ml.c5.xlarge`. */
  readonly what: string;
  /** By the price list, USD a month; the same with and without traffic. */
  readonly monthlyUsd: number;
  readonly claimedUsd?: number;
  /** How many of the four models ran on it. @default - not known */
  readonly models?: number;
  readonly source: string;
}

/** What a plan pays for hosting the models alone, the figure to set beside {@link sourceCosts}. */
export interface HostingCost {
  /** Number of specialists on endpoints; the inference function embeds the others. */
  readonly hosted: number;
  readonly endpoints: MonthlyCost;
  /** Endpoints with the function that calls them, its logs, metrics and alarms. */
  readonly withInference: MonthlyCost;
}

/** What instances cost all month by the book; nothing where it does not have their price. */
function sourceCost(
  { price, count, ...rest }: SourceHosting & { readonly models?: number },
  { prices, hoursPerMonth }: PriceBook,
): SourceCost[] {
  const usd = prices[price]?.usd;
  if (usd === undefined) return [];
  const what = `${count} × ${price.replace('sagemaker.hosting.', '')}`;
  return [{ what, monthlyUsd: cents(count * hoursPerMonth * usd), ...rest }];
}

/** What the source system's hosting costs by a price book: what ran, then what its own table lists. */
export function sourceCosts(book: PriceBook): SourceCost[] {
  return [SOURCE_RAN, ...SOURCE_CLAIMS].flatMap((hosting) => sourceCost(hosting, book));
}

/** Cost of hosting in a plan, without the platform around it. */
export function hostingCostOf({ topology, cost }: DeploymentPlan): HostingCost {
  const of = (...parts: readonly CostLine['part'][]) =>
    total(cost.lines.filter(({ part }) => parts.includes(part)));
  return {
    hosted: topology.endpoints.reduce((sum, { specialists }) => sum + specialists.length, 0),
    endpoints: of('endpoints'),
    withInference: of('endpoints', 'inference'),
  };
}
