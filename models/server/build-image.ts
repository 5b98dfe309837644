/**
 * Builds the model server's image from the folder that this script lies in:
 * `node build-image.mjs PLATFORM TAG`, such as `linux/amd64 model-server:1`. Prints the tag, as the CDK expects it of
 * a command that builds an image. `CDK_DOCKER` names the tool. @default docker
 *
 * SageMaker refuses an image whose manifest is of an OCI media type: "Unsupported manifest media type
 * application/vnd.oci.image.manifest.v1+json" (aws/amazon-sagemaker-feedback#180). So the media types are Docker's,
 * whatever the tool's default is.
 */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * BuildKit (docker with buildx, finch, nerdctl) since 0.31 writes OCI types for every output, `type=docker` included,
 * until told otherwise (moby/buildkit#6824, #6844). `type=docker` loads the image into the tool's own store.
 */
const BUILDKIT = ['--output', 'type=docker,oci-mediatypes=false'];

/** podman knows neither this output nor this attribute. (buildah, pkg/parse: GetBuildOutput.) */
const PODMAN = ['--format', 'docker'];

/** Attestations make BuildKit write OCI types and an index, even against the option. (moby/buildkit#6070) */
const WITHOUT_ATTESTATIONS = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };

const context = dirname(fileURLToPath(import.meta.url));
const tool = process.env['CDK_DOCKER'] ?? 'docker';
const [platform, tag] = process.argv.slice(2);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (platform === undefined || tag === undefined) fail('usage: node build-image.mjs PLATFORM TAG');

// The command `docker` may be podman's.
const version = spawnSync(tool, ['--version'], { encoding: 'utf8' });
if (version.error !== undefined) {
  fail(
    `${tool} cannot be started (${version.error.message}): install docker with buildx, podman or finch, and name it in CDK_DOCKER`,
  );
}
const format = version.stdout.includes('podman') ? PODMAN : BUILDKIT;
const { status } = spawnSync(tool, ['build', '--platform', platform, '--tag', tag, ...format, '.'], {
  cwd: context,
  env: { ...process.env, ...WITHOUT_ATTESTATIONS },
  // Only the tag goes to the standard output.
  stdio: ['ignore', 2, 2],
});
if (status !== 0) fail(`${tool} build failed; docker needs its plugin buildx for ${BUILDKIT.join(' ')}`);
process.stdout.write(`${tag}\n`);
