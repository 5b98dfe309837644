import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type ModelArtifact, packArtifact } from '../../../models/packaging/model-artifact';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Environment } from '../../config/environment';
import { ArtifactUpload } from './artifact-upload';
import { EncryptionKey } from '../common/encryption-key';
import { scratchFolder } from '../common/scratch-folder';
import { SecureBucket } from '../common/secure-bucket';

/** Prefix of every artifact in the model bucket; multi-model endpoints load from below it. */
export const ARTIFACT_PREFIX = 'artifacts';

export interface ModelStoreProps {
  readonly environment: Environment;
  /** Log bucket of the environment. */
  readonly accessLogs: s3.IBucket;
  /** Folder that holds one folder for each specialist. */
  readonly modelsFolder: string;
}

/** Packs every specialist once a process; a synthesis asks for them from several places. */
const packed = new Map<string, Record<Specialist, ModelArtifact>>();

function artifactsOf(modelsFolder: string): Record<Specialist, ModelArtifact> {
  const known = packed.get(modelsFolder);
  if (known !== undefined) return known;
  const entries = SPECIALISTS.map((name) => [name, packArtifact(join(modelsFolder, name))] as const);
  const artifacts = Object.fromEntries(entries) as Record<Specialist, ModelArtifact>;
  packed.set(modelsFolder, artifacts);
  return artifacts;
}

/**
 * The model bucket with the artifacts of all specialists, under keys that carry their content hash: a changed model
 * is a new key. The old one stays: a fleet may still start instances with it, be it after a rolled-back update.
 */
export class ModelStore extends Construct {
  readonly bucket: s3.IBucket;
  readonly encryptionKey: kms.IKey;
  /** Folder that the artifacts were packed from: one folder for each specialist. */
  readonly modelsFolder: string;
  private readonly artifacts: Record<Specialist, ModelArtifact>;

  constructor(scope: Construct, id: string, { environment, modelsFolder, accessLogs }: ModelStoreProps) {
    super(scope, id);
    this.modelsFolder = modelsFolder;
    this.artifacts = artifactsOf(modelsFolder);
    const encryptionKey = new EncryptionKey(this, 'Key', {
      environment,
      description: 'Models and their logs',
    });
    const bucket = new SecureBucket(this, 'Bucket', { environment, encryptionKey, accessLogs });
    this.bucket = bucket;
    this.encryptionKey = encryptionKey;
    new ArtifactUpload(this, 'Upload', {
      environment,
      bucket,
      encryptionKey,
      folder: this.writeArtifacts(),
      prefix: ARTIFACT_PREFIX,
      keys: SPECIALISTS.map((name) => this.artifacts[name].key),
    });
  }

  /** Content hash of a specialist's artifact: lower-case hexadecimal SHA-256. */
  contentHash(specialist: Specialist): string {
    return this.artifacts[specialist].sha256;
  }

  /** Key below {@link ARTIFACT_PREFIX}, which is what a caller of a multi-model endpoint names as target model. */
  targetModel(specialist: Specialist): string {
    return this.artifacts[specialist].key;
  }

  /** ARN of every version of one specialist's artifact. */
  artifactsArn(specialist: Specialist): string {
    return this.bucket.arnForObjects(`${ARTIFACT_PREFIX}/${specialist}/*`);
  }

  /** Address of one specialist's artifact, for a model of its own. */
  artifactUrl(specialist: Specialist): string {
    return this.bucket.s3UrlForObject(`${ARTIFACT_PREFIX}/${this.targetModel(specialist)}`);
  }

  /** Address of all artifacts, for a multi-model endpoint. */
  artifactsUrl(): string {
    return this.bucket.s3UrlForObject(`${ARTIFACT_PREFIX}/`);
  }

  private writeArtifacts(): string {
    const folder = scratchFolder('artifacts');
    for (const { key, bytes } of Object.values(this.artifacts)) {
      const file = join(folder, key);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    return folder;
  }
}
