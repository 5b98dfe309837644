import { loadEnvironment } from '../../../lib/config/load-environment';
import type { Environment } from '../../../lib/config/environment';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { candidateTypes, quotasToRead } from '../../../lib/quotas/live/quotas-to-read';
import { PRICES } from '../../support/aws/collect';

const prod = loadEnvironment('prod');

function hosting(changes: Partial<Environment['hosting']>): Environment {
  return { ...prod, hosting: { ...prod.hosting, ...changes } };
}

const names = (environment: Environment) =>
  candidateTypes(environment, PRICES).map(({ instanceType }) => instanceType);

describe('the instance types that are looked at', () => {
  it('are those that the environment names', () => {
    expect(names(hosting({ instanceTypes: ['ml.c5.xlarge', 'ml.m5.large'] }))).toEqual([
      'ml.c5.xlarge',
      'ml.m5.large',
    ]);
  });

  it('are otherwise those that every account may use, and the three cheapest that can scale', () => {
    const chosen = names(prod);
    expect(chosen).toEqual(expect.arrayContaining(['ml.t2.medium', 'ml.m6g.large', 'ml.m6g.xlarge']));
    expect(chosen).toHaveLength(6);
    const cheapest = candidateTypes(prod, PRICES).slice(3);
    expect(cheapest.filter(({ burstable }) => burstable)).toEqual([]);
    expect(cheapest[0]?.instanceType).toBe('ml.c8g.medium');
  });

  it('are none where nothing may run on instances', () => {
    expect(names(hosting({ modes: ['serverless', 'embedded'] }))).toEqual([]);
  });
});

describe('the quotas that are read', () => {
  it('are those of the platform and of the hosting modes, each once, without those that AWS lists nowhere', () => {
    const keys = quotasToRead(hosting({ modes: ['serverless'] }), [QUOTA.vpcs, QUOTA.vpcs], PRICES);
    expect(keys).toEqual(
      [QUOTA.vpcs, QUOTA.lambdaConcurrency, QUOTA.serverlessConcurrency, QUOTA.serverlessEndpoints].sort(),
    );
  });
});
