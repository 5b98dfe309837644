import { contention } from '../../lib/plan/neighbours';
import { planFor } from '../support/plan-fixtures';

const CONCURRENCY = 'sagemaker/L-96300102';

describe('environments that share an account', () => {
  const hosting = { serverless: { burstConcurrency: 2 } };
  const dev = planFor({ environment: { name: 'dev', hosting } });
  const staging = planFor({ environment: { name: 'staging', hosting } });

  it('are told what they cannot have together, by whom and how much', () => {
    const first = contention(dev, [staging]).find(({ facts }) => facts['quota'] === CONCURRENCY);

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
    const quotas = contention(inPlenty, [staging]).map(({ facts }) => facts['quota']);

    expect(quotas).not.toContain(CONCURRENCY);
  });

  it('do not share limits that hold for each single endpoint', () => {
    const quotas = contention(dev, [staging]).map(({ facts }) => facts['quota']);

    expect(quotas).not.toContain('sagemaker/serverless-memory-mb');
  });

  it('hear nothing alone', () => {
    expect(contention(dev, [])).toEqual([]);
  });
});
