import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { planFor } from '../../support/plan/plan-fixtures';

const PLATFORM = { network: { natGateways: 1 }, platform: { enabled: true, peakNodeVcpus: 4 } };
const vcpusOf = ({ ledger }: DeploymentPlan) =>
  ledger.find(({ service, code }) => `${service}/${code}` === QUOTA.standardVcpus);

describe('replacing nodes', () => {
  it('takes a node more in each zone for a while, of the quota that the nodes count against', () => {
    const plan = planFor({
      environment: PLATFORM,
      account: { [QUOTA.standardVcpus]: { limit: 8, used: 0 } },
    });
    expect(vcpusOf(plan)).toMatchObject({ steady: 4, peak: 4, updatePeak: 8, verdict: 'fits' });
  });

  it('without that room is no reason not to deploy, and is said with what to ask for', () => {
    const plan = planFor({
      environment: PLATFORM,
      account: { [QUOTA.standardVcpus]: { limit: 5, used: 0 } },
    });
    const found = plan.findings.find(({ id }) => id === 'node-replacement-needs-quota');

    expect(vcpusOf(plan)).toMatchObject({ verdict: 'update-blocked', headroom: -3 });
    expect(plan.verdict).toBe('fits');
    expect(found?.title).toContain('replacing EKS nodes needs 8 for a while, 5 are left');
    expect(plan.increases).toContainEqual(expect.objectContaining({ code: 'L-1216C47A', from: 5, to: 8 }));
  });

  it('is part of the most that the nodes cost: an hour of each node in every two weeks', () => {
    const { lines } = planFor({ environment: PLATFORM }).cost;
    const hours = lines
      .find(({ part }) => part === 'nodes')
      ?.inputs.find(({ price }) => price === 'ec2.m5.large');
    expect(hours?.expected).toBe(2 * 730);
    expect(hours?.max).toBeCloseTo(2 * 730 * (1 + 1 / 336), 6);
  });
});
