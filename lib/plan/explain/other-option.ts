import type { HostingMode } from '../../config/environment';
import type { Shortfall } from '../demand/shortfalls';

/** Another home of one specialist, and why it is not the one. */
export interface HostingOption {
  readonly mode: HostingMode;
  /** The type, where that is the difference; else the best plan decides on it. */
  readonly instanceType?: string;
  /** Whether a plan with this home could be deployed. */
  readonly feasible: boolean;
  /** Whole environment, USD a month: the rest at its best for another mode, and unchanged for another type. */
  readonly monthlyUsd?: number;
  /** USD a month above the plan; negative where it is cheaper. */
  readonly differenceUsd?: number;
  /** Of the specialist in that home. */
  readonly p95Ms?: number;
  readonly reason: string;
  readonly shortfalls?: readonly Shortfall[];
}
