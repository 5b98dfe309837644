import { accountNeeds } from '../../lib/account/account-needs';
import { accountPolicy } from '../../lib/account/account-policy';
import { ACCOUNT_ACTIONS } from '../../lib/account/account-reading';
import type { Environment } from '../../lib/config/environment';
import { environmentWith } from '../support/stacks/infrastructure';
import { IMAGES, image, running } from '../support/stacks/workload-images';
import { shippedPlan } from '../support/app/environment-app';

const TARGET = { account: '111122223333', region: 'us-east-1' };
const HERE = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const DIGEST = image('a').image;

const needsOf = (environment: Environment, target = TARGET) =>
  accountNeeds({ ...shippedPlan('dev'), environment, target });

/** The backend's image alone, at an address. */
const backendAt = (address: string) =>
  environmentWith(running({ backend: { image: `${address}@${DIGEST}`, architectures: ['amd64'] } }));

describe('images that are looked up', () => {
  it("are those of the environment's own repositories", () => {
    const environment = environmentWith(running({ backend: IMAGES.backend, frontend: IMAGES.frontend }));
    const own = (workload: string, digest: string) => ({
      workload,
      repository: `mini-xdr-${environment.name}/${workload}`,
      digest,
      own: true,
      stated: ['amd64'],
    });

    expect(needsOf(environment).images).toEqual({
      nodes: 'amd64',
      inRegistry: [own('backend', IMAGES.backend.image), own('frontend', IMAGES.frontend.image)],
      elsewhere: [],
    });
  });

  it('are those of other repositories of the same account and region', () => {
    const environment = backendAt(`${HERE}/shared/api`);
    expect(needsOf(environment).images).toMatchObject({
      inRegistry: [{ repository: 'shared/api', digest: DIGEST, own: false }],
      elsewhere: [],
    });
  });

  it.each([
    ['another account', HERE.replace('111122223333', '999999999999')],
    ['another region', HERE.replace('us-east-1', 'eu-west-1')],
    ['another registry', 'ghcr.io'],
    ['a registry that is named like it', `${HERE}.example.com`],
  ])('are none of %s', (_name, registry) => {
    const environment = backendAt(`${registry}/shared/api`);
    expect(needsOf(environment).images).toMatchObject({ inRegistry: [], elsewhere: ['backend'] });
  });

  it('are none where nothing runs', () => {
    expect(needsOf(environmentWith({})).images).toBeUndefined();
    expect(
      needsOf(environmentWith({ ...running(IMAGES), platform: { enabled: false } })).images,
    ).toBeUndefined();
  });
});

describe('the certificate that is looked up', () => {
  const environment = environmentWith({ platform: { certificateArn: CERTIFICATE } });

  it('is that of the account and region that are deployed to, and of no others', () => {
    expect(needsOf(environment).certificate).toBe(CERTIFICATE);
    expect(needsOf(environment, { ...TARGET, region: 'eu-west-1' }).certificate).toBeUndefined();
    expect(needsOf(environment, { ...TARGET, account: '999999999999' }).certificate).toBeUndefined();
  });

  it('is none where there is no load balancer', () => {
    const { platform } = environment;
    expect(
      needsOf({ ...environment, platform: { ...platform, enabled: false } }).certificate,
    ).toBeUndefined();
  });
});

describe('the printed policy', () => {
  const allowed = (environment: Environment, service: string) =>
    accountPolicy(environment)
      .filter(({ Action }) => Action.some((action) => action.startsWith(`${service}:`)))
      .map(({ Action, Resource }) => ({ Action, Resource }));
  const full = environmentWith(running(IMAGES, { certificateArn: CERTIFICATE }));

  it('allows what reading takes where there are images and a certificate', () => {
    const actions = accountPolicy(full).flatMap(({ Action }) => Action);
    expect([...new Set(actions)].sort()).toEqual(
      [...ACCOUNT_ACTIONS, 'cloudformation:DescribeStacks'].sort(),
    );
  });

  it('narrows it to their repositories and to the certificate', () => {
    expect(allowed(full, 'ecr')).toEqual([
      {
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: ['backend', 'frontend', 'migration'].map(
          (workload) => `arn:*:ecr:us-east-1:*:repository/mini-xdr-${full.name}/${workload}`,
        ),
      },
    ]);
    expect(allowed(full, 'acm')).toEqual([{ Action: ['acm:DescribeCertificate'], Resource: CERTIFICATE }]);
  });

  it('allows nothing of what is elsewhere or does not exist', () => {
    const elsewhere = backendAt('ghcr.io/shared/api');

    expect(allowed(elsewhere, 'ecr')).toEqual([]);
    expect(allowed(environmentWith({}), 'ecr')).toEqual([]);
    expect(allowed({ ...full, region: 'eu-west-1' }, 'acm')).toEqual([]);
  });
});
