import { IgnoreMode } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { projectPath } from '../../util/project-path';

/** What a training run needs of `models/training`, and nothing else: no tests, caches or papers. */
const SHIPPED = ['*', '!/*.py', '!/requirements.txt', '!/importing/', '!/importing/*.py'];

/**
 * The training code as it stands in the tree, as an asset: another content is another object, and whoever works with
 * the old one keeps it.
 */
export class TrainingCode extends Construct {
  /** Address of the archive, `s3://…/….zip`. */
  readonly url: string;
  /** Content hash of the code, 12 hexadecimal digits. */
  readonly version: string;
  private readonly asset: Asset;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.asset = new Asset(this, 'Archive', {
      path: projectPath('models', 'training'),
      exclude: SHIPPED,
      ignoreMode: IgnoreMode.GIT,
    });
    this.url = this.asset.s3ObjectUrl;
    this.version = this.asset.assetHash.slice(0, 12);
  }

  /** Permission to read this one archive; `Asset.grantRead` would give every asset of the account. */
  readStatement(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [this.asset.bucket.arnForObjects(this.asset.s3ObjectKey)],
    });
  }
}
