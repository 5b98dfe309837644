import { type PlanCase, planFor } from '../support/plan/plan-fixtures';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const FRONTEND = { image: `sha256:${'a'.repeat(64)}`, architectures: ['amd64' as const] };

/** What the platform is said to go without. */
function without(platform: NonNullable<NonNullable<PlanCase['environment']>['platform']>): string[] {
  const environment = { network: { natGateways: 1 }, platform: { peakNodeVcpus: 4, ...platform } };
  return planFor({ environment })
    .findings.map(({ id }) => id)
    .filter((id) => ['no-images', 'no-certificate'].includes(id));
}

describe('a platform', () => {
  it('that runs nothing and listens to nothing is said to', () => {
    expect(without({ enabled: true })).toEqual(['no-images', 'no-certificate']);
  });

  it('that has images and a certificate is not', () => {
    const workloads = { images: { frontend: FRONTEND } };
    expect(without({ enabled: true, certificateArn: CERTIFICATE, workloads })).toEqual([]);
  });

  it('that is off lacks nothing', () => {
    expect(without({ enabled: false })).toEqual([]);
  });
});
