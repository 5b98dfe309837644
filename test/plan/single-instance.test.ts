import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import type { Patch } from '../support/plan/plan-fixtures';
import type { EnvironmentInput } from '../../lib/config/environment-input';
import { planFor, typeQuota } from '../support/plan/plan-fixtures';

const ACCOUNT = { [typeQuota('ml.m6g.large')]: { limit: 8, used: 0 } };
const SHARED = { modes: ['shared' as const], instanceTypes: ['ml.m6g.large'] };

function planned(environment: Patch<EnvironmentInput>): DeploymentPlan {
  return planFor({ environment: { hosting: SHARED, ...environment }, account: ACCOUNT });
}

const warned = (plan: DeploymentPlan) => plan.findings.filter(({ id }) => id === 'single-instance');
const REFUSED = { latency: { coldStarts: 'refused' as const } };

describe('an environment that promises answers that are always warm', () => {
  it('is warned that one instance does not keep that, with what to do', () => {
    const plan = planned(REFUSED);
    const [warning, ...others] = warned(plan);

    expect(plan.verdict).toBe('fits');
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      severity: 'warning',
      title: expect.stringContaining('one instance in one zone serves general, ddos, bruteforce, webattacks'),
      remedy: expect.stringContaining('Set availability.minInstances to 2'),
    });
  });

  it('is told what callers get meanwhile', () => {
    const without = planned({ ...REFUSED, inference: { fallback: false } });

    expect(warned(planned(REFUSED))[0]?.title).toContain('answered inside the Lambda');
    expect(warned(without)[0]?.title).toContain('calls fail');
  });

  it('is not warned of two instances, which SageMaker spreads over zones', () => {
    expect(warned(planned({ ...REFUSED, availability: { minInstances: 2 } }))).toEqual([]);
  });
});

describe('an environment that accepts cold starts', () => {
  it('is not warned: it never promised more', () => {
    expect(warned(planned({}))).toEqual([]);
  });
});
