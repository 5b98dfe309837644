import { readImage } from '../../lib/account/read-images';
import { steadyTime } from '../support/jest/steady-time';
import { REPOSITORY, blobOf, imageIndex, singleImage } from '../support/aws/container-registry';
import { type AccountSetup, accountStandIn } from '../support/aws/account-stand-in';

steadyTime();

const AMD64 = { architecture: 'amd64', os: 'linux', config: { Env: ['SECRET=hidden'] } };
const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`) as [
  string,
  string,
  string,
];

async function read(digest: string, setup: AccountSetup, signal?: AbortSignal) {
  const { clients, actions, downloads, close } = await accountStandIn(setup);
  try {
    const reading = await readImage(clients.ecr, { repository: REPOSITORY, digest }, signal);
    return { reading, actions, downloads };
  } finally {
    await close();
  }
}

const builtFor = (...architectures: string[]) => ({ known: true, value: { found: true, architectures } });
const failed = (action: string) => ({ known: false, action, reason: 'failed' });

describe('an image that is an index', () => {
  it.each([
    ['of OCI', 'application/vnd.oci.image.index.v1+json'],
    ['of Docker', 'application/vnd.docker.distribution.manifest.list.v2+json'],
  ])('%s was built for its platforms on Linux, attestations left out', async (_name, mediaType) => {
    const { digest, setup } = imageIndex(
      [
        [ONE, 'linux/arm64'],
        [TWO, 'linux/amd64'],
        [THREE, 'unknown/unknown'],
        [THREE, 'windows/s390x'],
        [THREE, 'linux/amd64'],
      ],
      mediaType,
    );
    const { reading, actions } = await read(digest, setup);

    expect(reading).toEqual(builtFor('amd64', 'arm64'));
    expect(actions).toEqual(['ecr:BatchGetImage']);
  });

  it('is looked into where it does not say a platform', async () => {
    const inside = singleImage(AMD64);
    const { digest, manifest } = imageIndex([[inside.digest], [TWO, 'linux/arm64']]);
    const repositories = { [REPOSITORY]: { [digest]: manifest, [inside.digest]: inside.manifest } };
    const { reading } = await read(digest, { ...inside.setup, repositories });

    expect(reading).toEqual(builtFor('amd64', 'arm64'));
  });

  it.each([
    ['that is not there', {}],
    ['that is an index again', { [ONE]: imageIndex([[TWO, 'linux/amd64']]).manifest }],
  ])('is unknown with an image %s', async (_name, others) => {
    const { digest, manifest } = imageIndex([[ONE], [TWO, 'linux/arm64']]);
    const { reading } = await read(digest, {
      repositories: { [REPOSITORY]: { ...others, [digest]: manifest } },
    });

    expect(reading).toEqual(failed('ecr:BatchGetImage'));
  });

  it('is unknown, after one request, when too many images say no platform', async () => {
    const { digest, setup } = imageIndex(Array.from({ length: 9 }, () => [ONE] as const));
    const { reading, actions } = await read(digest, setup);

    expect(reading).toEqual(failed('ecr:BatchGetImage'));
    expect(actions).toHaveLength(1);
  });
});

describe('an image that is no index', () => {
  it.each([
    ['of OCI', 'application/vnd.oci.image.manifest.v1+json'],
    ['of Docker', 'application/vnd.docker.distribution.manifest.v2+json'],
  ])('%s was built for what its configuration says, and nothing else of it is kept', async (_name, type) => {
    const { digest, setup } = singleImage(AMD64, type);
    expect((await read(digest, setup)).reading).toEqual(builtFor('amd64'));
  });

  it('was built for nothing that nodes run when it is of Windows', async () => {
    const { digest, setup } = singleImage({ architecture: 'amd64', os: 'windows' });
    expect((await read(digest, setup)).reading).toEqual(builtFor());
  });

  it('has its configuration fetched without credentials', async () => {
    const { digest, setup } = singleImage(AMD64);
    const { downloads } = await read(digest, setup);

    expect(downloads).toHaveLength(1);
    expect(Object.keys(downloads[0] ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(authorization|cookie|x-amz-.*)$/)]),
    );
  });

  it.each<[string, (text: string, config: string) => AccountSetup]>([
    ['is gone from the storage', () => ({ blobs: {} })],
    ['is not the one of its digest', (text, config) => ({ blobs: { [config]: text.replace('amd', 'arm') } })],
  ])('is unknown when its configuration %s', async (_name, change) => {
    const { digest, setup, config } = singleImage(AMD64);
    const { text } = blobOf(AMD64);
    const { reading } = await read(digest, { ...setup, ...change(text, config) });

    expect(reading).toEqual(failed('ecr:GetDownloadUrlForLayer'));
  });

  it.each([
    ['is longer than a configuration is', { ...AMD64, history: 'x'.repeat(1_048_576) }],
    ['says no architecture', { os: 'linux' }],
  ])('is unknown when its configuration %s', async (_name, configuration) => {
    const { digest, setup } = singleImage(configuration);
    expect((await read(digest, setup)).reading).toEqual(failed('ecr:GetDownloadUrlForLayer'));
  });

  it('is unknown when the storage does not answer in time', async () => {
    const { digest, setup } = singleImage(AMD64);
    const { reading } = await read(digest, { ...setup, silentStorage: true }, AbortSignal.timeout(1_000));

    expect(reading).toEqual(failed('ecr:GetDownloadUrlForLayer'));
  });
});

describe('an image that is not there', () => {
  it.each([
    ['its repository', {}, 'repository'],
    ['the image alone', { repositories: { [REPOSITORY]: {} } }, 'image'],
  ])('lacks %s, which is no failure to read', async (_name, setup, lacking) => {
    expect((await read(ONE, setup)).reading).toEqual({ known: true, value: { found: false, lacking } });
  });

  it('is not taken for absent when it is there and cannot be had', async () => {
    const setup = { repositories: { [REPOSITORY]: {} }, failureCode: 'KmsError' };
    expect((await read(ONE, setup)).reading).toEqual(failed('ecr:BatchGetImage'));
  });
});

describe.each(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'])('where %s', (action) => {
  const { digest, setup } = singleImage(AMD64);

  it.each([
    ['is denied, that is the action to allow', { denied: [action] }, 'denied'],
    ['is throttled, nothing is claimed', { throttled: [action] }, 'failed'],
  ])('%s', async (_name, change, reason) => {
    expect((await read(digest, { ...setup, ...change })).reading).toEqual({ known: false, action, reason });
  });
});
