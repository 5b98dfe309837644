import { createHash } from 'node:crypto';

/** What a registry and ACM hold, as the stand-in plays them. */
export interface RegistrySetup {
  /** Manifests by repository and digest. */
  readonly repositories?: Readonly<Record<string, Readonly<Record<string, { readonly mediaType: string }>>>>;
  /** Why each image is refused that is not there. @default 'ImageNotFound' */
  readonly failureCode?: string;
  /** What the storage behind pre-signed addresses holds, by digest. */
  readonly blobs?: Readonly<Record<string, string>>;
  /** Whether that storage takes a request and never answers it. */
  readonly silentStorage?: boolean;
  /** Description of each certificate, by ARN. */
  readonly certificates?: Readonly<Record<string, object>>;
}

/** An answer of AWS JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
}

const ok = (body: object): JsonAnswer => ({ status: 200, body });
const refused = (type: string): JsonAnswer => ({ status: 400, body: { __type: type, message: type } });

/** Text and its digest. */
export function blobOf(content: object): { readonly text: string; readonly digest: string } {
  const text = JSON.stringify(content);
  return { text, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

function batchGetImage(setup: RegistrySetup, input: Record<string, unknown>): JsonAnswer {
  const { repositoryName, imageIds, acceptedMediaTypes } = input as {
    repositoryName: string;
    imageIds: { imageDigest: string }[];
    acceptedMediaTypes?: string[];
  };
  const repository = setup.repositories?.[repositoryName];
  if (repository === undefined) return refused('RepositoryNotFoundException');
  const [imageId] = imageIds;
  const manifest = repository[imageId?.imageDigest ?? ''];
  if (manifest === undefined) {
    const failureCode = setup.failureCode ?? 'ImageNotFound';
    return ok({ images: [], failures: [{ imageId, failureCode, failureReason: 'none' }] });
  }
  if (acceptedMediaTypes?.includes(manifest.mediaType) !== true) {
    return refused('UnsupportedImageTypeException');
  }
  return ok({ images: [{ repositoryName, imageId, imageManifest: JSON.stringify(manifest) }], failures: [] });
}

/**
 * Answers what ECR and ACM are asked.
 *
 * @param host of the addresses that blobs are at
 */
export function registryAnswer(
  setup: RegistrySetup,
  action: string,
  input: Record<string, unknown>,
  host: string,
): JsonAnswer | undefined {
  if (action === 'ecr:BatchGetImage') return batchGetImage(setup, input);
  if (action === 'ecr:GetDownloadUrlForLayer') {
    const layerDigest = String(input['layerDigest']);
    return ok({ layerDigest, downloadUrl: `http://${host}/blobs/${layerDigest}?X-Amz-Signature=0f1e2d` });
  }
  if (action === 'acm:DescribeCertificate') {
    const CertificateArn = String(input['CertificateArn']);
    const found = setup.certificates?.[CertificateArn];
    return found === undefined
      ? refused(CertificateArn.endsWith('/none') ? 'InvalidArnException' : 'ResourceNotFoundException')
      : ok({ Certificate: { CertificateArn, ...found } });
  }
  return undefined;
}

/** The repository that images of tests are in. */
export const REPOSITORY = 'mini-xdr-dev/backend';

const OCI = 'application/vnd.oci.image';

/** A registry with one image, which is no index. */
export function singleImage(configuration: object, mediaType = `${OCI}.manifest.v1+json`) {
  const { text, digest: config } = blobOf(configuration);
  const manifest = { schemaVersion: 2, mediaType, config: { digest: config, size: text.length }, layers: [] };
  const { digest } = blobOf(manifest);
  const setup: RegistrySetup = {
    repositories: { [REPOSITORY]: { [digest]: manifest } },
    blobs: { [config]: text },
  };
  return { setup, digest, config, manifest };
}

/** A registry with an index of images, by digest and platform; without a platform an entry says none. */
export function imageIndex(
  platforms: readonly (readonly [digest: string, platform?: string])[],
  mediaType = `${OCI}.index.v1+json`,
) {
  const manifests = platforms.map(([digest, platform]) => {
    const [os, architecture] = platform?.split('/') ?? [];
    return { digest, ...(platform === undefined ? {} : { platform: { os, architecture } }) };
  });
  const manifest = { schemaVersion: 2, mediaType, manifests };
  const { digest } = blobOf(manifest);
  const setup: RegistrySetup = { repositories: { [REPOSITORY]: { [digest]: manifest } } };
  return { setup, digest, manifest };
}
