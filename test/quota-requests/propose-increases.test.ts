import { environmentNames } from '../../lib/config/load-environment';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { QUOTA, isCatalogued } from '../../lib/quotas/quota-catalogue';
import caps from '../../lib/quota-requests/request-caps.json';
import { capOf } from '../../lib/quota-requests/request-caps';
import { proposeIncreases, undeterminedQuotas } from '../../lib/quota-requests/propose-increases';
import { planOf, shippedPlan } from '../support/app/environment-app';
import { loadSnapshot } from '../../lib/quotas/snapshot';

/** A plan with one increase, of a need of 4 beside 2 of others. */
function planWith(service: string, code: string, { to = 6, others = 2 } = {}): DeploymentPlan {
  const plan = shippedPlan('dev');
  const [row] = plan.ledger;
  if (row === undefined) throw new Error('the plan has no ledger');
  const increase = {
    service,
    code,
    name: 'A quota',
    from: 2,
    to,
    justification: '2 in use by others, 2 at average load, 4 scaled out, 4 while updating',
    unlocks: 'deploying general (dedicated)',
  };
  return {
    ...plan,
    ledger: [{ ...row, service, code, name: 'A quota', limit: 2, usedByOthers: others }],
    increases: [increase],
  };
}

const [SAGEMAKER, INSTANCES] = QUOTA.endpointInstances.split('/') as [string, string];
const only = (plan: DeploymentPlan, headroomPercent?: number) => {
  const [proposal, ...more] = proposeIncreases(plan, { headroomPercent });
  if (proposal === undefined || more.length > 0) throw new Error('not exactly one proposal');
  return proposal;
};

describe('a proposal', () => {
  it('asks for what others hold and the plan needs, and no more', () => {
    expect(only(planWith(SAGEMAKER, INSTANCES))).toMatchObject({
      key: QUOTA.endpointInstances,
      from: 2,
      desired: 6,
      filing: { way: 'service-quotas' },
    });
  });

  it.each([
    [0, 6],
    [20, 7],
    [25, 7],
    [50, 8],
    [100, 10],
  ])(
    'adds a headroom of %i %% of the plan’s own need, and nothing on what others hold',
    (percent, desired) => {
      expect(only(planWith(SAGEMAKER, INSTANCES), percent).desired).toBe(desired);
    },
  );

  it('is justified by the plan’s own figures', () => {
    expect(only(planWith(SAGEMAKER, INSTANCES), 25).justification).toBe(
      'Mini-XDR dev in us-east-1: A quota from 2 to 7 for deploying general (dedicated). ' +
        '2 in use by others, 2 at average load, 4 scaled out, 4 while updating; 1 of headroom (25 %).',
    );
  });

  it.each([-1, 101, Number.NaN])('is refused a headroom of %d %%', (headroomPercent) => {
    expect(() => proposeIncreases(shippedPlan('prod'), { headroomPercent })).toThrow(
      'is not a percentage from 0 to 100',
    );
  });
});

describe('what AWS caps', () => {
  const [service, code] = QUOTA.serverlessEndpoints.split('/') as [string, string];

  it('trims the headroom to the cap', () => {
    expect(only(planWith(service, code, { to: 40, others: 0 }), 100)).toMatchObject({
      desired: 50,
      filing: { way: 'service-quotas' },
    });
  });

  it('is never asked for above the cap, nor less than is needed in its place', () => {
    expect(only(planWith(service, code, { to: 51, others: 0 }))).toMatchObject({
      desired: 51,
      filing: { way: 'none', reason: 'AWS grants at most 50, 51 are needed: change the plan' },
    });
  });

  it('differs by Region where AWS says so', () => {
    expect(capOf(QUOTA.serverlessConcurrency, 'us-east-1')).toBe(1000);
    expect(capOf(QUOTA.serverlessConcurrency, 'eu-north-1')).toBe(500);
    expect(capOf(QUOTA.endpointInstances, 'us-east-1')).toBeUndefined();
  });

  it('is recorded for quotas of the catalogue, with a source that exists', () => {
    for (const { quota, source } of caps.caps) {
      expect([quota, isCatalogued(quota)]).toEqual([quota, true]);
      expect(Object.keys(caps.sources)).toContain(source);
    }
  });
});

it('sends people to AWS Support for a limit that Service Quotas does not list', () => {
  const [service, code] = QUOTA.serverlessMemory.split('/') as [string, string];
  expect(only(planWith(service, code, { to: 4096, others: 0 })).filing).toEqual({
    way: 'support',
    reason: 'Service Quotas does not list it: open a support case',
  });
});

describe('the shipped environments', () => {
  it.each(environmentNames())('%s is proposed exactly its plan’s increases', (name) => {
    const plan = shippedPlan(name);
    expect(proposeIncreases(plan).map(({ key, desired }) => [key, desired])).toEqual(
      plan.increases.map(({ service, code, to }) => [`${service}/${code}`, to]),
    );
  });

  it('would fit once everything proposed is granted', () => {
    const { environment } = shippedPlan('prod');
    const snapshot = loadSnapshot('mini-xdr-2025-11');
    const blocked = planOf(environment, snapshot);
    const granted = new Map<string, number>(
      proposeIncreases(blocked).map(({ key, desired }) => [key, desired]),
    );
    const after = planOf(environment, {
      ...snapshot,
      quotas: snapshot.quotas.map((quota) => {
        const value = granted.get(`${quota.service}/${quota.code}`);
        return value === undefined ? quota : { ...quota, value, origin: 'applied' as const };
      }),
    });

    expect(blocked.verdict).toBe('blocked');
    expect(after.verdict).toBe('fits');
    expect(proposeIncreases(after)).toEqual([]);
  });
});

it('names the quotas of which it cannot tell', () => {
  const plan = shippedPlan('dev');
  const [first, ...rest] = plan.ledger;
  if (first === undefined) throw new Error('the plan has no ledger');
  expect(undeterminedQuotas(plan)).toEqual([]);
  expect(undeterminedQuotas({ ...plan, ledger: [{ ...first, verdict: 'unknown' }, ...rest] })).toEqual([
    `${first.service}/${first.code}`,
  ]);
});
