import { createHash } from 'node:crypto';
import {
  BatchGetImageCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr';
import { z } from 'zod';
import type { FoundImage, Reading } from './account-facts';
import type { RegistryImage } from './workload-images';
import { reading } from './account-reading';

/** Indexes and manifests of images, of OCI and of Docker: ECR answers with the one that was pushed. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Most that is read of an image's configuration, which names layers and settings: a few kilobytes as a rule. */
const CONFIG_BYTES = 1_048_576;

/** Time for that, in milliseconds. */
const CONFIG_TIMEOUT_MS = 10_000;

/** Images of an index that say no platform and are looked into; builders say it of all of them. */
const MOST_UNLABELLED = 8;

const platform = z.object({ architecture: z.string(), os: z.string() });
const index = z.object({
  manifests: z.array(z.object({ digest: z.string(), platform: platform.optional() })),
});
const manifest = z.object({ config: z.object({ digest: z.string() }) });

type Platform = z.infer<typeof platform>;
type Manifest = z.infer<typeof index> | z.infer<typeof manifest>;
type Place = Pick<RegistryImage, 'repository' | 'digest'>;

const FOUND_NOTHING = {
  repository: { found: false, lacking: 'repository' },
  image: { found: false, lacking: 'image' },
} as const satisfies Record<string, FoundImage>;

/** Nodes run Linux. What proves how an image was built stands in an index as `unknown/unknown`. */
function builtFor(platforms: readonly Platform[]): FoundImage {
  const architectures = platforms.filter(({ os }) => os === 'linux').map(({ architecture }) => architecture);
  return { found: true, architectures: [...new Set(architectures)].sort() };
}

/** The manifest under a digest, or what is not there. */
async function readManifest(
  ecr: ECRClient,
  { repository: repositoryName, digest: imageDigest }: Place,
  abortSignal: AbortSignal | undefined,
): Promise<Manifest | (FoundImage & { readonly found: false })> {
  try {
    const { images, failures } = await ecr.send(
      new BatchGetImageCommand({
        repositoryName,
        imageIds: [{ imageDigest }],
        acceptedMediaTypes: MEDIA_TYPES,
      }),
      { abortSignal },
    );
    const text = images?.[0]?.imageManifest;
    if (text !== undefined) return z.union([index, manifest]).parse(JSON.parse(text));
    const reason = failures?.[0]?.failureCode;
    if (reason === 'ImageNotFound') return FOUND_NOTHING.image;
    throw new Error(`no manifest in the answer (${reason ?? 'no reason given'})`);
  } catch (error) {
    if (error instanceof RepositoryNotFoundException) return FOUND_NOTHING.repository;
    throw error;
  }
}

/**
 * The text behind a pre-signed address, which is asked without any credentials.
 *
 * @throws Error when it is too long, comes too late, or is not what the digest is of
 */
async function download(url: string, digest: string, signal: AbortSignal | undefined): Promise<string> {
  const late = AbortSignal.timeout(CONFIG_TIMEOUT_MS);
  const response = await fetch(url, {
    credentials: 'omit',
    signal: signal === undefined ? late : AbortSignal.any([signal, late]),
  });
  const { ok, body } = response;
  if (!ok || body === null) {
    await body?.cancel();
    throw new Error(`the registry's storage answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > CONFIG_BYTES) throw new Error(`a configuration of more than ${CONFIG_BYTES} bytes`);
    chunks.push(chunk);
  }
  const content = Buffer.concat(chunks);
  const found = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  if (found !== digest) throw new Error('not the configuration that the manifest names');
  return content.toString('utf8');
}

/** What a single image was built for, which its configuration alone says. */
function readPlatform(
  ecr: ECRClient,
  repositoryName: string,
  layerDigest: string,
  abortSignal: AbortSignal | undefined,
): Promise<Reading<FoundImage>> {
  return reading('ecr:GetDownloadUrlForLayer', async () => {
    const { downloadUrl } = await ecr.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
      { abortSignal },
    );
    if (downloadUrl === undefined) throw new Error('no address in the answer');
    const text = await download(downloadUrl, layerDigest, abortSignal);
    return builtFor([platform.parse(JSON.parse(text))]);
  });
}

const unread: Reading<never> = { known: false, action: 'ecr:BatchGetImage', reason: 'failed' };

/** An index with those of its images looked into that it says no platform of. */
async function readIndex(
  ecr: ECRClient,
  repository: string,
  { manifests }: z.infer<typeof index>,
  signal: AbortSignal | undefined,
): Promise<Reading<FoundImage>> {
  const unlabelled = manifests.filter(({ platform: said }) => said === undefined);
  if (unlabelled.length > MOST_UNLABELLED) return unread;
  const platforms = manifests.flatMap(({ platform: said }) => said ?? []);
  for (const { digest } of unlabelled) {
    const single = await reading('ecr:BatchGetImage', () =>
      readManifest(ecr, { repository, digest }, signal),
    );
    if (!single.known) return single;
    // An index within an index no runtime looks into.
    if (!('config' in single.value)) return unread;
    const inside = await readPlatform(ecr, repository, single.value.config.digest, signal);
    if (!inside.known) return inside;
    if (inside.value.found) {
      platforms.push(...inside.value.architectures.map((architecture) => ({ architecture, os: 'linux' })));
    }
  }
  return { known: true, value: builtFor(platforms) };
}

/** Whether the registry has an image, and for which architectures it was built; of the rest nothing is kept. */
export async function readImage(
  ecr: ECRClient,
  place: Place,
  signal: AbortSignal | undefined,
): Promise<Reading<FoundImage>> {
  const read = await reading('ecr:BatchGetImage', () => readManifest(ecr, place, signal));
  if (!read.known) return read;
  const { value } = read;
  if ('found' in value) return { known: true, value };
  return 'manifests' in value
    ? readIndex(ecr, place.repository, value, signal)
    : readPlatform(ecr, place.repository, value.config.digest, signal);
}
