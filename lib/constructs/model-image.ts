import { Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Construct } from 'constructs';
import { bundleServer } from '../../models/server/bundle';
import { projectPath } from '../project-path';
import { cachedBundle } from './bundle-cache';

/** Processor architecture of a container image. */
export type ImageArchitecture = 'x86_64' | 'arm64';

function buildContext(): string {
  return cachedBundle('model-server', ['models'], (folder) => bundleServer(folder, projectPath()));
}

/**
 * The model server's image for one architecture, as an asset: its tag is the hash of what it is built from, and
 * docker is needed only where it is published.
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
    const asset = new DockerImageAsset(this, 'Image', {
      directory: buildContext(),
      platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      displayName: `Mini-XDR model server (${architecture})`,
    });
    this.imageUri = asset.imageUri;
    this.repository = asset.repository;
  }
}
