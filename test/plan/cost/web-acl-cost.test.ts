import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { type Patch, planFor } from '../../support/plan/plan-fixtures';

const INTERNAL: Patch<EnvironmentInput> = {
  platform: { enabled: true, certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c' },
  network: { natGateways: 1 },
};
const PUBLIC: Patch<EnvironmentInput> = {
  ...INTERNAL,
  platform: {
    ...INTERNAL.platform,
    loadBalancer: { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] },
  },
};

const costOf = (environment: Patch<EnvironmentInput>) => planFor({ environment }).cost;

describe('a public load balancer', () => {
  const before = costOf(INTERNAL);
  const after = costOf(PUBLIC);
  const webAcl = after.lines.find(({ item }) => item === 'Web ACL of the load balancer');

  it('costs a web ACL, its six rules, the requests that it looks at and the key of its logs', () => {
    // Four specialists with one request a second each on average, and two at peak.
    const millions = (4 * 2_628_000) / 1e6;

    expect(webAcl?.idle).toBeCloseTo(5 + 6 + 1, 6);
    expect(webAcl?.expected).toBeCloseTo(5 + 6 + 1 + 0.6 * millions, 2);
    expect(webAcl?.max).toBeCloseTo(5 + 6 + 1 + 0.6 * 2 * millions, 2);
  });

  it('costs a public address in each zone, and the key of its logs', () => {
    const more = (price: string): number => {
      const [was, is] = [before, after].map(({ lines }) =>
        lines
          .flatMap(({ inputs }) => inputs)
          .filter((input) => input.price === price)
          .reduce((sum, { expected }) => sum + expected, 0),
      );
      return (is ?? 0) - (was ?? 0);
    };

    expect(more('vpc.publicIpv4')).toBe(2 * 730);
    expect(more('kms.key')).toBe(1);
    expect(more('elb.alb')).toBe(0);
  });

  it('is all that differs from an internal one, which has no web ACL', () => {
    const items = ({ lines }: typeof before) => lines.map(({ item }) => item);

    expect(items(after).filter((item) => !items(before).includes(item))).toEqual([
      'Web ACL of the load balancer',
      'Web ACL log',
    ]);
  });
});
