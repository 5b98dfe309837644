import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ModelImage } from '../../../lib/constructs/serving/model-image';
import { flat } from '../../support/app/template';

interface DockerAsset {
  readonly source: { readonly executable: readonly string[] };
  readonly destinations: Readonly<Record<string, { readonly imageTag: string }>>;
}

/** Removed with everything of the run. */
const newFolder = () => mkdtempSync(join(tmpdir(), 'mini-xdr-image-'));

const app = new App({ outdir: newFolder(), analyticsReporting: false });
const stack = new Stack(app, 'Images');
const images = [ModelImage.of(stack, 'x86_64'), ModelImage.of(stack, 'arm64')];
app.synth();
const manifest = readdirSync(app.outdir).find((name) => name.endsWith('.assets.json')) ?? '';
const { dockerImages } = JSON.parse(readFileSync(join(app.outdir, manifest), 'utf8')) as {
  readonly dockerImages: Readonly<Record<string, DockerAsset>>;
};

/** A tool that says a version, notes how it was called, and ends with a status. */
function fakeTool(
  name: string,
  version: string,
  status = 0,
): { readonly path: string; readonly calls: string } {
  const bin = newFolder();
  const calls = join(bin, 'calls');
  const script = [
    '#!/bin/sh',
    `[ "$1" = --version ] && { echo '${version}'; exit 0; }`,
    'echo progress of the build',
    `printf '%s\\n' "$PWD" "$BUILDX_NO_DEFAULT_ATTESTATIONS" "$@" >'${calls}'`,
    `exit ${status}`,
  ];
  writeFileSync(join(bin, name), `${script.join('\n')}\n`);
  chmodSync(join(bin, name), 0o755);
  return { path: bin, calls };
}

/** Runs the command of an asset as the CDK does: from the folder of its manifest, with one tool on the path. */
function publish(
  [command = '', ...args]: readonly string[],
  path: string,
  variables: NodeJS.ProcessEnv = {},
) {
  return spawnSync(command, args, {
    cwd: app.outdir,
    encoding: 'utf8',
    env: { PATH: [path, dirname(process.execPath)].join(delimiter), ...variables },
  });
}

const executableFor = (platform: string) =>
  Object.values(dockerImages)
    .map(({ source }) => source.executable)
    .find((words) => words.includes(platform)) ?? [];

describe('the image of the model server', () => {
  it('is one asset for each architecture, under the hash of its content', () => {
    const tags = Object.keys(dockerImages);

    expect(tags).toHaveLength(2);
    for (const tag of tags) expect(tag).toMatch(/^[0-9a-f]{64}$/);
    const named = images.map(({ imageUri }) =>
      String(flat(stack.resolve(imageUri)))
        .split(':')
        .at(-1),
    );
    expect(new Set(named)).toEqual(new Set(tags));
  });

  it.each([
    ['docker with any version of BuildKit', 'docker', 'Docker version 29.1.5, build 0e6fee6', {}],
    ['finch', 'finch', 'finch version v1.12.0', { CDK_DOCKER: 'finch' }],
  ])('has Docker’s media types, without attestations: %s', (_what, name, version, variables) => {
    const { path, calls } = fakeTool(name, version);
    const executable = executableFor('linux/arm64');
    const { status, stdout, stderr } = publish(executable, path, variables);

    const tag = executable.at(-1) ?? '';
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${tag}\n` });
    expect(stderr).toBe('progress of the build\n');
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toEqual([
      dirname(resolve(app.outdir, executable[1] ?? '')),
      '1',
      'build',
      '--platform',
      'linux/arm64',
      '--tag',
      tag,
      '--output',
      'type=docker,oci-mediatypes=false',
      '.',
    ]);
  });

  it.each([
    ['podman', { CDK_DOCKER: 'podman' }],
    ['docker', {}],
  ])('has them with podman, also where it goes by the name of %s', (name, variables) => {
    const { path, calls } = fakeTool(name, 'podman version 5.6.2');
    const { status } = publish(executableFor('linux/amd64'), path, variables);
    const words = readFileSync(calls, 'utf8').trim().split('\n');

    expect(status).toBe(0);
    expect(words.slice(-3)).toEqual(['--format', 'docker', '.']);
    expect(words).not.toContain('--output');
  });

  it('fails where the tool fails, and where there is none, with what to do', () => {
    const executable = executableFor('linux/amd64');
    const failed = publish(executable, fakeTool('docker', 'Docker version 29.1.5', 3).path);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toContain('docker build failed');

    const none = publish(executable, '/nowhere', { CDK_DOCKER: 'no-such-tool' });
    expect(none).toMatchObject({ status: 1, stdout: '' });
    expect(none.stderr).toContain('install docker with buildx, podman or finch');
  });
});
