import { quotaContention } from '../../../lib/plan/demand/sibling-environments';
import { planFor } from '../../support/plan/plan-fixtures';

const CONCURRENCY = 'sagemaker/L-96300102';

describe('environments that share an account', () => {
  const hosting = { serverless: { burstConcurrency: 2 } };
  const dev = planFor({ environment: { name: 'dev', hosting } });
  const staging = planFor({ environment: { name: 'staging', hosting } });

  it('are told what they cannot have together, by whom and how much', () => {
    const first = quotaContention(dev, [staging]).find(({ facts }) => facts['quota'] === CONCURRENCY);

    expect(first).toMatchObject({
      id: 'quota-contended',
      severity: 'info',
      facts: { own: 8, others: 'staging 8', together: 16, left: 10 },
    });
    expect(first?.remedy).toContain('by 6');
  });

  it('are told nothing where the quota has room for all of them', () => {
    const account = { [CONCURRENCY]: { limit: 100, used: 0 } } as const;
    const inPlenty = planFor({ environment: { name: 'dev', hosting }, account });
    const quotas = quotaContention(inPlenty, [staging]).map(({ facts }) => facts['quota']);

    expect(quotas).not.toContain(CONCURRENCY);
  });

  it('do not share limits that hold for each single endpoint', () => {
    const quotas = quotaContention(dev, [staging]).map(({ facts }) => facts['quota']);

    expect(quotas).not.toContain('sagemaker/serverless-memory-mb');
  });

  it('hear nothing alone', () => {
    expect(quotaContention(dev, [])).toEqual([]);
  });
});
