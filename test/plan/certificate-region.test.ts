import type { Target } from '../../lib/config/load-environment';
import { planOf } from '../../lib/plan/plan';
import { decisionFor } from '../support/plan/plan-fixtures';

const ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';

/** Everything that a plan says of its certificate, and its verdict. */
function judged(certificateArn: string, target: Target, enabled = true) {
  const environment = {
    network: { natGateways: 1 },
    platform: { enabled, peakNodeVcpus: 4, certificateArn },
  };
  const decision = decisionFor({ environment });
  const { findings, verdict } = planOf({ ...decision, input: { ...decision.input, target } });
  return { verdict, said: findings.filter(({ id }) => id === 'certificate-region') };
}

describe('a certificate', () => {
  it.each<[string, Target]>([
    ['its own region and account', { region: 'us-east-1', account: '111122223333' }],
    ['its own region, and an account that is not known', { region: 'us-east-1' }],
  ])('can be planned with in %s', (_name, target) => {
    expect(judged(ARN, target).said).toEqual([]);
  });

  it.each<[string, string, Target, string]>([
    ['another region', ARN.replace('us-east-1', 'eu-west-1'), { region: 'us-east-1' }, 'is of eu-west-1; '],
    [
      'another account',
      ARN,
      { region: 'us-east-1', account: '999999999999' },
      'is of account 111122223333; ',
    ],
  ])('of %s stops an environment without asking AWS', (_name, arn, target, words) => {
    const { said, verdict } = judged(arn, target);

    expect(verdict).toBe('blocked');
    expect(said.map(({ title }) => title)).toEqual([expect.stringContaining(words)]);
    expect(said[0]?.remedy).toContain('certificate in us-east-1, in the account deployed to');
  });

  it('is nobody’s concern where there is no load balancer', () => {
    expect(judged(ARN.replace('us-east-1', 'eu-west-1'), { region: 'us-east-1' }, false).said).toEqual([]);
  });
});
