import { spellBatch } from '../plan/hosting/rolling-batch';
import type { Report } from './schema';
import { size, units } from './words';

type Endpoint = Report['plan']['endpoints'][number];
type Quota = Report['quotas'][number];
type CostLine = Report['cost']['lines'][number];

/** A value before and after; undefined on the side where there was none. */
export interface Change<T> {
  readonly from: T | undefined;
  readonly to: T | undefined;
}

/** One difference of the topology, in words. */
export interface TopologyChange {
  /** What it is about: an endpoint, or the embedded specialists. */
  readonly subject: string;
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** USD a month in the three cases of the bill. */
export type Money = Pick<CostLine, 'monthlyUsd' | 'idleMonthlyUsd' | 'maxMonthlyUsd'>;

/** What differs between two reports; an empty list is no difference. */
export interface Changes {
  readonly verdict: Change<Report['verdict']> | undefined;
  readonly topology: readonly TopologyChange[];
  readonly cost: {
    /** Budget, where it differs. */
    readonly budget: Change<number> | undefined;
    readonly total: Change<Money>;
    readonly lines: readonly (Change<Money> & { readonly item: string })[];
  };
  readonly headroom: readonly Change<Quota>[];
}

const spellScaling = ({ scaling }: Endpoint): string =>
  Object.entries(scaling)
    .map(([key, value]) => (key === 'kind' ? String(value) : `${key} ${value}`))
    .join(', ');

/** What of an endpoint a reviewer compares, in words. */
const FACETS: Readonly<Record<string, (endpoint: Endpoint) => string>> = {
  name: ({ name }) => name,
  specialists: ({ specialists }) => specialists.join(', '),
  mode: ({ mode }) => mode,
  size,
  'first instances': ({ initialInstances }) => String(initialInstances ?? 'none'),
  architecture: ({ architecture }) => architecture ?? 'any',
  scaling: spellScaling,
  updates: ({ updateStrategy, rollingBatch }) =>
    rollingBatch === undefined ? updateStrategy : `${updateStrategy}, ${spellBatch(rollingBatch)} at a time`,
  p95: ({ p95Ms }) => `${units(p95Ms)} ms`,
};

function facetChanges(from: Endpoint, to: Endpoint): TopologyChange[] {
  return Object.entries(FACETS).flatMap(([what, spell]) =>
    spell(from) === spell(to) ? [] : [{ subject: to.name, what, from: spell(from), to: spell(to) }],
  );
}

const summary = (endpoint: Endpoint): string =>
  `${endpoint.mode}, ${size(endpoint)}, for ${endpoint.specialists.join(', ')}`;

/** Pairs endpoints by name, and those left over by whom they serve: a name carries the type, which may change. */
function pairs(base: readonly Endpoint[], now: readonly Endpoint[]): Change<Endpoint>[] {
  const left = new Set(base);
  const take = (same: (endpoint: Endpoint) => boolean) => {
    const found = [...left].find(same);
    if (found !== undefined) left.delete(found);
    return found;
  };
  const byName = new Map(now.map((to) => [to, take(({ name }) => name === to.name)]));
  const serving = ({ specialists }: Endpoint) => [...specialists].sort().join(' ');
  const paired = now.map((to) => ({
    to,
    from: byName.get(to) ?? take((endpoint) => serving(endpoint) === serving(to)),
  }));
  return [...paired, ...[...left].map((from) => ({ from, to: undefined }))];
}

function topologyChanges(base: Report['plan'], now: Report['plan']): TopologyChange[] {
  const endpoints = pairs(base.endpoints, now.endpoints).flatMap(({ from, to }) => {
    if (from !== undefined && to !== undefined) return facetChanges(from, to);
    if (to !== undefined) return [{ subject: to.name, what: 'added', from: '–', to: summary(to) }];
    return from === undefined ? [] : [{ subject: from.name, what: 'removed', from: summary(from), to: '–' }];
  });
  const spell = (names: readonly string[]) => (names.length === 0 ? 'none' : [...names].sort().join(', '));
  const rest = [
    {
      subject: 'inference Lambda',
      what: 'embedded specialists',
      from: spell(base.embedded),
      to: spell(now.embedded),
    },
    { subject: 'all endpoints', what: 'update order', from: base.updateOrder, to: now.updateOrder },
  ];
  return [...endpoints, ...rest.filter(({ from, to }) => from !== to)];
}

const MONEY = ['monthlyUsd', 'idleMonthlyUsd', 'maxMonthlyUsd'] as const;

/** By the cent, as on the bill. */
function sameMoney(from: Money | undefined, to: Money | undefined): boolean {
  if (from === undefined || to === undefined) return from === to;
  return MONEY.every((key) => Math.round(from[key] * 100) === Math.round(to[key] * 100));
}

function costLines(base: readonly CostLine[], now: readonly CostLine[]): Changes['cost']['lines'] {
  const [before, after] = [base, now].map((lines) => new Map(lines.map((line) => [line.item, line])));
  const items = new Set([...now, ...base].map(({ item }) => item));
  return [...items].flatMap((item) => {
    const [from, to] = [before?.get(item), after?.get(item)];
    return sameMoney(from, to) ? [] : [{ item, from, to }];
  });
}

function headroomChanges(base: readonly Quota[], now: readonly Quota[]): Change<Quota>[] {
  const key = ({ service, code }: Quota) => `${service}/${code}`;
  const [before, after] = [base, now].map((quotas) => new Map(quotas.map((quota) => [key(quota), quota])));
  return [...new Set([...now, ...base].map(key))].flatMap((name) => {
    const [from, to] = [before?.get(name), after?.get(name)];
    const same = (['limit', 'headroom', 'verdict'] as const).every((field) => from?.[field] === to?.[field]);
    return same ? [] : [{ from, to }];
  });
}

/** What changed from a base report to another one: verdict, topology, cost and headroom. */
export function compareReports(base: Report, now: Report): Changes {
  return {
    verdict: base.verdict === now.verdict ? undefined : { from: base.verdict, to: now.verdict },
    topology: topologyChanges(base.plan, now.plan),
    cost: {
      budget:
        base.cost.budgetUsd === now.cost.budgetUsd
          ? undefined
          : { from: base.cost.budgetUsd, to: now.cost.budgetUsd },
      total: { from: base.cost, to: now.cost },
      lines: costLines(base.cost.lines, now.cost.lines),
    },
    headroom: headroomChanges(base.quotas, now.quotas),
  };
}
