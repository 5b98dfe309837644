import { join } from 'node:path';
import { AssetStaging, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { bundleServer } from '../../../models/server/bundle-server';
import { projectPath } from '../../util/project-path';
import { cachedBundle } from '../common/bundle-cache';

/** Processor architecture of a container image. */
export type ImageArchitecture = 'x86_64' | 'arm64';

function buildContext(): string {
  return cachedBundle('model-server', ['models'], (folder) => bundleServer(folder, projectPath()));
}

/**
 * The model server's image for one architecture, as an asset: its tag is the hash of what it is built from, and a
 * tool for images is needed only where it is published.
 *
 * The CDK's own image asset builds with fixed options for docker, which podman refuses and which do not make the
 * manifest that SageMaker takes. So the asset is a command: the context's own `build-image.mjs`.
 */
export class ModelImage extends Construct {
  readonly imageUri: string;
  readonly repository: ecr.IRepository;

  /** The image of that architecture, one for a stack. */
  static of(scope: Construct, architecture: ImageArchitecture): ModelImage {
    const stack = Stack.of(scope);
    const id = architecture === 'arm64' ? 'ModelImageArm64' : 'ModelImageX86';
    const existing = stack.node.tryFindChild(id);
    return existing instanceof ModelImage ? existing : new ModelImage(stack, id, architecture);
  }

  private constructor(scope: Construct, id: string, architecture: ImageArchitecture) {
    super(scope, id);
    const stack = Stack.of(this);
    const platform = architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
    const context = new AssetStaging(this, 'Context', { sourcePath: buildContext(), extraHash: platform });
    const { assetHash } = context;
    const { imageUri, repositoryName } = stack.synthesizer.addDockerImageAsset({
      executable: [
        'node',
        join(context.relativeStagedPath(stack), 'build-image.mjs'),
        platform,
        `mini-xdr-model-server:${assetHash}`,
      ],
      sourceHash: assetHash,
      displayName: `Mini-XDR model server (${architecture})`,
    });
    this.imageUri = imageUri;
    this.repository = ecr.Repository.fromRepositoryName(this, 'Repository', repositoryName);
  }
}
