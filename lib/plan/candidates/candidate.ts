import type { Specialist } from '../../../models/catalogue';
import type { Environment, HostingMode } from '../../config/environment';
import type { PriceBook } from '../../pricing/price-book';
import type { Use } from '../demand/quota-ledger';
import type { ModelProfiles } from '../hosting/model-profile';
import type { EndpointPlan } from '../hosting/endpoint-plan';

/** What every candidate is built from. */
export interface PlanningContext {
  readonly environment: Environment;
  readonly region: string;
  readonly prices: PriceBook;
  readonly profiles: ModelProfiles;
}

/** A promise of the environment that a way of hosting cannot keep. */
export type SloViolation = 'p95' | 'cold-starts';

/** One way to host a group of specialists (a group of one, except in mode `shared`). */
export interface Candidate {
  readonly specialists: readonly Specialist[];
  readonly mode: HostingMode;
  /** Undefined in mode `embedded`. */
  readonly endpoint: EndpointPlan | undefined;
  readonly uses: readonly Use[];
  readonly broken: readonly SloViolation[];
  /** Expected cost in USD a month, in whole cents as on the bill. */
  readonly monthlyUsd: number;
  readonly p95Ms: number;
  /** Canonical spelling; equal for equal candidates, and what ties are broken by. */
  readonly key: string;
}
