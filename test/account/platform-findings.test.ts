import { accountFindings, accountVerdict } from '../../lib/account/account-findings';
import type {
  AccountFacts,
  AccountNeeds,
  FoundCertificate,
  FoundImage,
  Reading,
} from '../../lib/account/account-facts';
import type { RegistryImage } from '../../lib/account/workload-images';

const known = <T>(value: T): Reading<T> => ({ known: true, value });
const denied = (action: string): Reading<never> => ({ known: false, action, reason: 'denied' });

const ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const BACKEND: RegistryImage = {
  workload: 'backend',
  repository: 'mini-xdr-dev/backend',
  digest: DIGEST,
  own: true,
  stated: ['amd64'],
};
const NEEDS: AccountNeeds = {
  region: 'us-east-1',
  linkedRoles: [],
  logGroups: [],
  zones: [],
  instances: [],
  cluster: true,
  serverless: false,
  peakRps: 1,
};
const FACTS: AccountFacts = {
  bootstrapVersion: known(21),
  lambdaConcurrency: known(1000),
  orphanedLogGroups: known([]),
  serviceLinkedRoles: {},
  zones: known([]),
  zonesOffering: {},
  accountPlan: 'paid',
};

const judge = (needs: Partial<AccountNeeds>, facts: Partial<AccountFacts>) =>
  accountFindings({ ...NEEDS, ...needs }, { ...FACTS, ...facts });

/** Findings on the backend's image alone. */
const ofImage = (found: Reading<FoundImage>, image: Partial<RegistryImage> = {}, nodes = 'amd64' as const) =>
  judge(
    { images: { nodes, inRegistry: [{ ...BACKEND, ...image }], elsewhere: [] } },
    { images: { backend: found } },
  );
const builtFor = (...architectures: string[]) => known<FoundImage>({ found: true, architectures });
const lacking = (what: 'repository' | 'image') => known<FoundImage>({ found: false, lacking: what });

const ofCertificate = (found: Reading<FoundCertificate | null>) =>
  judge({ certificate: ARN }, { certificate: found });
const certificate = (changes: Partial<FoundCertificate>) =>
  known({ status: 'ISSUED', imported: false, daysLeft: 300, ...changes });

type Judged = ReturnType<typeof judge>;

describe.each<[string, Judged, string[], ReturnType<typeof accountVerdict>]>([
  ['has an image for its nodes', ofImage(builtFor('amd64')), [], 'fits'],
  ['has an image for more than is said', ofImage(builtFor('amd64', 'arm64', 's390x')), [], 'fits'],
  ['has an image for other nodes', ofImage(builtFor('arm64')), ['image-architecture'], 'blocked'],
  ['has an image of Windows', ofImage(builtFor()), ['image-architecture'], 'blocked'],
  [
    'has an image for less than is said',
    ofImage(builtFor('amd64'), { stated: ['amd64', 'arm64'] }),
    ['image-architecture'],
    'blocked',
  ],
  ['lacks an image', ofImage(lacking('image')), ['image-missing'], 'blocked'],
  ['lacks a repository', ofImage(lacking('repository')), ['image-missing'], 'blocked'],
  [
    "lacks another's repository",
    ofImage(lacking('repository'), { own: false }),
    ['image-missing'],
    'blocked',
  ],
  ['hides an image', ofImage(denied('ecr:BatchGetImage')), ['account-fact-unknown'], 'unknown'],
  [
    'has images elsewhere',
    judge({ images: { nodes: 'amd64', inRegistry: [], elsewhere: ['backend', 'frontend'] } }, { images: {} }),
    ['images-elsewhere'],
    'fits',
  ],
  ['has a certificate', ofCertificate(certificate({})), [], 'fits'],
  ['has a certificate that ACM renews', ofCertificate(certificate({ daysLeft: 3 })), [], 'fits'],
  [
    'has an imported certificate that holds for 30 days',
    ofCertificate(certificate({ imported: true, daysLeft: 30 })),
    [],
    'fits',
  ],
  [
    'has one that holds for a day less',
    ofCertificate(certificate({ imported: true, daysLeft: 29 })),
    ['certificate-ends'],
    'fits',
  ],
  ['lacks the certificate', ofCertificate(known(null)), ['certificate-missing'], 'blocked'],
  ...['PENDING_VALIDATION', 'FAILED', 'EXPIRED'].map((status): [string, Judged, string[], 'blocked'] => [
    `has a certificate that is ${status}`,
    ofCertificate(known({ status, imported: false })),
    ['certificate-not-issued'],
    'blocked',
  ]),
  [
    'hides the certificate',
    ofCertificate(denied('acm:DescribeCertificate')),
    ['account-fact-unknown'],
    'unknown',
  ],
])('an account that %s', (_name, found, expected, verdict) => {
  it(`has ${expected.length === 0 ? 'no findings' : expected.join(', ')}, and counts as ${verdict}`, () => {
    expect(found.map(({ id }) => id)).toEqual(expected);
    expect(accountVerdict(found)).toBe(verdict);
  });

  it('is told what to do about each finding', () => {
    for (const { remedy, title } of found) {
      expect(remedy.length).toBeGreaterThan(20);
      expect(`${title}${remedy}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe('a missing image', () => {
  it('of a repository that the first deployment makes comes after that deployment', () => {
    const [missing] = ofImage(lacking('repository'));

    expect(missing?.title).toContain('no repository mini-xdr-dev/backend in this region');
    expect(missing?.remedy).toContain('deploy without platform.workloads.images');
  });

  it('of a repository that no deployment makes needs that one first', () => {
    const [missing] = ofImage(lacking('repository'), { own: false, repository: 'shared/api' });
    expect(missing?.remedy).toContain('aws ecr create-repository --repository-name shared/api');
  });

  it('is named by its digest, with the command that lists those there are', () => {
    const [missing] = ofImage(lacking('image'));

    expect(missing?.title).toContain(`has no image ${DIGEST}, which platform.workloads.images.backend names`);
    expect(missing?.remedy).toContain('aws ecr describe-images --repository-name mini-xdr-dev/backend');
  });
});

describe('an image of the wrong architecture', () => {
  it('is told with what the configuration says and the nodes are, and both ways out', () => {
    const [wrong] = ofImage(builtFor('arm64'));

    expect(wrong?.title).toBe(
      'The image of backend was built for arm64; the configuration says amd64, and the nodes are amd64: it cannot run there',
    );
    expect(wrong?.remedy).toBe(
      'Build it with docker buildx build --platform linux/amd64, push it and set its digest, or set ' +
        'platform.workloads.images.backend.architectures to arm64 and platform.workloads.architecture to arm64, for ' +
        'which every image must be built',
    );
  });

  it('is not said to be unable to run where it can', () => {
    const [wrong] = ofImage(builtFor('amd64'), { stated: ['amd64', 'arm64'] });

    expect(wrong?.title).toMatch(
      /built for amd64; the configuration says amd64 and arm64, and the nodes are amd64$/,
    );
    expect(wrong?.remedy).toMatch(
      /--platform linux\/amd64,linux\/arm64, .+, or set platform\.workloads\.images\.backend\.architectures to amd64$/,
    );
  });

  it('leaves one way out where no node could run it', () => {
    const [wrong] = ofImage(builtFor('s390x'));

    expect(wrong?.title).toContain('was built for s390x');
    expect(wrong?.remedy).not.toContain(', or set');
  });
});

describe('a certificate that cannot be used', () => {
  it.each([
    ['PENDING_VALIDATION', false, `aws acm wait certificate-validated --certificate-arn ${ARN}`],
    ['EXPIRED', true, `aws acm import-certificate --certificate-arn ${ARN}`],
    ['VALIDATION_TIMED_OUT', false, 'Request another certificate'],
  ])('%s is told the way on', (status, imported, way) => {
    const [found] = ofCertificate(known({ status, imported }));

    expect(found?.title).toContain(`is ${status}, and only one that is ISSUED can be used`);
    expect(found?.remedy).toContain(way);
  });
});

describe('what was not read', () => {
  it.each([
    ['an image', 'ecr:GetDownloadUrlForLayer', ofImage(denied('ecr:GetDownloadUrlForLayer'))],
    ['the certificate', 'acm:DescribeCertificate', ofCertificate(denied('acm:DescribeCertificate'))],
  ])('of %s names the action to allow', (_name, action, [found]) => {
    expect(found?.title).toMatch(new RegExp(`could not be determined: ${action} was denied$`));
    expect(found?.remedy).toContain(`Allow ${action}`);
  });

  it('is never taken for right', () => {
    expect(() => judge({ certificate: ARN }, {})).toThrow('read the facts for the same needs');
    expect(() =>
      judge({ images: { nodes: 'amd64', inRegistry: [BACKEND], elsewhere: [] } }, { images: {} }),
    ).toThrow('read the facts for the same needs');
  });
});
