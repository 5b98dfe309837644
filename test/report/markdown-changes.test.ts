import { compareReports } from '../../lib/report/compare';
import { renderMarkdown } from '../../lib/report/markdown';
import type { Report } from '../../lib/report/schema';
import { REPORTS } from '../support/plan/plan-reports';

type Endpoint = Report['plan']['endpoints'][number];

const named = (name: string): Report => {
  const [, found] = REPORTS.find(([key]) => key === name) ?? [];
  if (found === undefined) throw new Error(`no report ${name}`);
  return found;
};
const dev = named('dev on mini-xdr-2025-11');
const prod = named('prod on mini-xdr-2025-11');

const withEndpoints = (change: (endpoints: readonly Endpoint[]) => Endpoint[]): Report => ({
  ...dev,
  plan: { ...dev.plan, endpoints: change(dev.plan.endpoints) },
});
const rows = (text: string, start: string) => text.split('\n').filter((line) => line.startsWith(start));
const changesOf = (base: Report, now: Report) => {
  const text = renderMarkdown(now, { baseline: base });
  return text.slice(0, text.search(/### (Findings|Increases|Topology)/));
};

describe.each(REPORTS)('%s against itself', (_name, report) => {
  it('says in one line that nothing changed', () => {
    const text = changesOf(report, report);
    expect(rows(text, 'No change')).toEqual([
      expect.stringMatching(/^No change in verdict, topology, cost or headroom against the base \(snapshot /),
    ]);
    expect(text).not.toContain('### Changes');
    expect(text).not.toContain('|');
  });

  it('says nothing of changes where there is no base', () => {
    expect(renderMarkdown(report)).not.toMatch(/Changes against|No change/);
  });
});

describe('the verdict', () => {
  it('is shown from and to', () => {
    const text = changesOf(named('prod on new-account'), prod);
    expect(text).toContain('Verdict: **fits → blocked**.');
    expect(text).toContain('No change in cost against the base');
  });
});

describe('the topology', () => {
  it('shows an endpoint that was added, and one that was removed', () => {
    const fewer = withEndpoints((endpoints) => endpoints.slice(1));
    const [first] = dev.plan.endpoints;
    const summary = `${first?.mode}, 1024 MB, concurrency 2, for general`;
    expect(rows(changesOf(fewer, dev), `| ${first?.name}`)).toEqual([
      `| ${first?.name} | added | – | ${summary} |`,
    ]);
    expect(rows(changesOf(dev, fewer), `| ${first?.name}`)).toEqual([
      `| ${first?.name} | removed | ${summary} | – |`,
    ]);
  });

  it('shows from and to of whatever changed in an endpoint, and no more', () => {
    const larger = withEndpoints(([first, ...rest]) =>
      first === undefined ? [] : [{ ...first, memoryMb: 3072, p95Ms: 80 }, ...rest],
    );
    const [{ name, p95Ms } = { name: '', p95Ms: 0 }] = dev.plan.endpoints;
    expect(rows(changesOf(dev, larger), '| mini-xdr')).toEqual([
      `| ${name} | size | 1024 MB, concurrency 2 | 3072 MB, concurrency 2 |`,
      `| ${name} | p95 | ${p95Ms} ms | 80 ms |`,
    ]);
  });

  it('takes an endpoint under a new name that serves the same for the same one', () => {
    const renamed = withEndpoints(([first, ...rest]) =>
      first === undefined ? [] : [...rest, { ...first, name: 'mini-xdr-dev-general-other' }],
    );
    expect(compareReports(dev, renamed).topology).toEqual([
      {
        subject: 'mini-xdr-dev-general-other',
        what: 'name',
        from: dev.plan.endpoints[0]?.name,
        to: 'mini-xdr-dev-general-other',
      },
    ]);
  });

  it('shows who is embedded and in which order endpoints are updated', () => {
    const plan: Report['plan'] = { ...dev.plan, embedded: ['ddos'], updateOrder: 'one-at-a-time' };
    const text = changesOf(dev, { ...dev, plan });
    expect(text).toContain('| inference Lambda | embedded specialists | none | ddos |');
    expect(text).toContain('| all endpoints | update order | together | one-at-a-time |');
  });
});

describe('the cost', () => {
  const line = { item: 'NAT gateways', monthlyUsd: 1, idleMonthlyUsd: 1, maxMonthlyUsd: 1, source: 's' };
  const costing = (lines: Report['cost']['lines'], monthlyUsd: number, budgetUsd = 400): Report => ({
    ...dev,
    cost: { budgetUsd, monthlyUsd, idleMonthlyUsd: monthlyUsd, maxMonthlyUsd: monthlyUsd, lines },
  });

  it('shows the difference of the lines that changed, came or went, and of the total', () => {
    const same = { ...line, item: 'Same' };
    const base = costing([line, same, { ...line, item: 'Gone' }], 3);
    const now = costing(
      [{ ...line, monthlyUsd: 2.5, maxMonthlyUsd: 0.5 }, same, { ...line, item: 'New' }],
      4.5,
    );
    expect(rows(changesOf(base, now), '| ').slice(2)).toEqual([
      '| NAT gateways | $1.00 | $2.50 | +$1.50 | ±0 | -$0.50 |',
      '| New | none | $1.00 | +$1.00 | +$1.00 | +$1.00 |',
      '| Gone | $1.00 | none | -$1.00 | -$1.00 | -$1.00 |',
      '| **Total** | $3.00 | $4.50 | +$1.50 | +$1.50 | +$1.50 |',
    ]);
  });

  it('is compared by the cent, as it is billed', () => {
    const cost = { ...line, monthlyUsd: 1.000_000_1 };
    expect(compareReports(costing([line], 1), costing([cost], 1)).cost.lines).toEqual([]);
  });

  it('shows a budget that changed', () => {
    expect(changesOf(costing([line], 1), costing([line], 1, 500))).toContain(
      'Budget: $400.00 → $500.00 a month.',
    );
  });
});

describe('the headroom', () => {
  const quota = dev.quotas[0];
  if (quota === undefined) throw new Error('no quota');
  const holding = (...quotas: Report['quotas']): Report => ({ ...dev, quotas });
  const row = (base: Report, now: Report) =>
    rows(changesOf(base, now), `| ${quota.name}`).map((text) => text.split(' | ').slice(1).join(' | '));

  it('shows the difference of each quota, with limit and verdict', () => {
    const base = holding({ ...quota, limit: 4, headroom: 3, verdict: 'fits' });
    const now = holding({ ...quota, limit: 2, headroom: -1, verdict: 'blocked' });
    expect(row(base, now)).toEqual(['4 → 2 | 3 | -1 | -4 | fits → blocked |']);
  });

  it.each([
    [
      'less is left of the same limit',
      { limit: 4, headroom: 3 },
      { limit: 4, headroom: 1 },
      '4 | 3 | 1 | -2 |',
    ],
    ['only the limit differs', { limit: 4, headroom: 3 }, { limit: 5, headroom: 3 }, '4 → 5 | 3 | 3 | ±0 |'],
  ])('shows a quota of which %s', (_name, before, after, expected) => {
    const [base, now] = [before, after].map((given) => holding({ ...quota, ...given, verdict: 'fits' }));
    expect(row(base ?? dev, now ?? dev)).toEqual([`${expected} fits |`]);
  });

  it('shows a quota that is drawn on now, or no longer', () => {
    const drawn = holding({ ...quota, limit: 4, headroom: 3, verdict: 'fits' });
    expect(row(holding(), drawn)).toEqual(['4 | not drawn on | 3 |  | fits |']);
    expect(row(drawn, holding())).toEqual(['4 | 3 | not drawn on |  | fits |']);
  });

  it('gives no difference where either side is unknown', () => {
    const known = holding({ ...quota, limit: 4, headroom: 3, verdict: 'fits' });
    const unknown = holding({ ...quota, limit: null, headroom: null, verdict: 'unknown' });
    expect(row(known, unknown)).toEqual(['4 → ? | 3 | ? |  | fits → unknown |']);
  });
});

describe('a base of another environment', () => {
  it('is pointed out', () => {
    expect(changesOf(dev, prod)).toMatch(
      /\*\*Mind that the base is a report of dev in \d+, us-east-1; this one/,
    );
    expect(changesOf(named('prod on new-account'), prod)).not.toContain('Mind');
  });
});
