import { type QuotaKey, quotaDefinition } from './quota-catalogue';
import { COVERAGE } from './coverage-table';

/** A limit that AWS sets and the pre-flight does not read. */
export interface UnreadLimit {
  readonly name: string;
  /** AWS default; in the unit that the name says. */
  readonly default: number;
}

/** Quotas that a resource type draws on. */
export interface Draw {
  /** One quota, or the endpoint or notebook quota of whatever instance type is chosen. */
  readonly quota: QuotaKey | 'endpoint-type' | 'notebook-type';
  /** What of the resource counts. */
  readonly how: string;
}

/** What is known of the limits of one CloudFormation resource type. */
export type TypeCoverage = (
  | { readonly kind: 'quota'; readonly draws: readonly [Draw, ...Draw[]] }
  /** No quota decides, but a limit of the account does: see the findings of `lib/account`. */
  | { readonly kind: 'account'; readonly findings: readonly [string, ...string[]]; readonly reason: string }
  /** Limited, but out of a first deployment's reach; it is not read, and the report says so. */
  | {
      readonly kind: 'far';
      readonly limits: readonly [UnreadLimit, ...UnreadLimit[]];
      readonly reason: string;
    }
  /** Nothing in the account limits it. */
  | { readonly kind: 'unlimited'; readonly reason: string }
) & {
  /** What an environment must ask for to have this type, where no shipped one does. */
  readonly onlyWith?: string;
};

/** A resource type with its far limits, for a reader who has to judge whether they are far indeed. */
export interface FarType {
  readonly type: string;
  readonly limits: readonly UnreadLimit[];
  readonly reason: string;
}

/** How far the pre-flight covers a set of resource types. */
export interface CoverageSummary {
  /** Types whose quotas or account limits are checked. */
  readonly mapped: readonly { readonly type: string; readonly checkedBy: readonly string[] }[];
  /** Types with limits that are not read, because a first deployment does not reach them. */
  readonly far: readonly FarType[];
  readonly unlimited: readonly { readonly type: string; readonly reason: string }[];
  /** Types that nobody has looked at: nothing is known of their limits. */
  readonly missing: readonly string[];
}

/** Every resource type that is accounted for, sorted. */
export const COVERED_TYPES: readonly string[] = Object.keys(COVERAGE).sort();

/** What is known of a resource type; undefined for one that nobody has looked at. */
export function coverageOfType(type: string): TypeCoverage | undefined {
  return Object.hasOwn(COVERAGE, type) ? COVERAGE[type] : undefined;
}

function nameOf({ quota }: Draw): string {
  if (quota === 'endpoint-type') return 'endpoint quota of its instance type';
  if (quota === 'notebook-type') return 'notebook quota of its instance type';
  return quotaDefinition(quota).name;
}

/**
 * Sorts resource types by what is known of their limits. Repeated types count once.
 *
 * @param types CloudFormation types, such as `AWS::EC2::EIP`; every accounted one when left out
 */
export function coverageOf(types: Iterable<string> = COVERED_TYPES): CoverageSummary {
  const sorted = [...new Set(types)].sort();
  const known = sorted.flatMap((type) => {
    const coverage = coverageOfType(type);
    return coverage === undefined ? [] : [{ type, coverage }];
  });
  return {
    mapped: known.flatMap(({ type, coverage }): CoverageSummary['mapped'][number][] => {
      if (coverage.kind === 'quota') return [{ type, checkedBy: coverage.draws.map(nameOf) }];
      return coverage.kind === 'account' ? [{ type, checkedBy: coverage.findings }] : [];
    }),
    far: known.flatMap(({ type, coverage }) =>
      coverage.kind === 'far' ? [{ type, limits: coverage.limits, reason: coverage.reason }] : [],
    ),
    unlimited: known.flatMap(({ type, coverage }) =>
      coverage.kind === 'unlimited' ? [{ type, reason: coverage.reason }] : [],
    ),
    missing: sorted.filter((type) => coverageOfType(type) === undefined),
  };
}
