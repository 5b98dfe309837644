import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { repositoryName } from '../../config/resource-names';
import { WORKLOADS, type Workload } from '../../config/workloads/workload-names';
import { removalPolicyOf } from '../common/removal-policy';

/** Days after which what lost its tag, or never had one, goes. ECR keeps what an image index still refers to. */
const UNTAGGED_DAYS = 14;

/** Tagged images of each repository that stay: as many releases can be gone back to. */
const KEPT_IMAGES = 50;

export interface ImageRepositoriesProps {
  readonly environment: Environment;
  readonly encryptionKey: kms.IKey;
}

/**
 * A repository for each workload's images, `mini-xdr-<environment>/<workload>`. Tags cannot be moved, every image is
 * scanned when it is pushed, and old ones go. Workloads name images by digest, which nobody can move either.
 */
export class ImageRepositories extends Construct {
  private readonly repositories: Readonly<Record<Workload, ecr.Repository>>;

  constructor(scope: Construct, id: string, props: ImageRepositoriesProps) {
    super(scope, id);
    const made = WORKLOADS.map((workload) => [workload, this.createRepository(workload, props)] as const);
    this.repositories = Object.fromEntries(made) as Record<Workload, ecr.Repository>;
  }

  /** Address of a workload's repository, without tag or digest. */
  uriOf(workload: Workload): string {
    return this.repositories[workload].repositoryUri;
  }

  private createRepository(
    workload: Workload,
    { environment, encryptionKey }: ImageRepositoriesProps,
  ): ecr.Repository {
    const id = `${workload.charAt(0).toUpperCase()}${workload.slice(1)}`;
    return new ecr.Repository(this, id, {
      repositoryName: repositoryName(environment.name, workload),
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'What has no tag',
          tagStatus: ecr.TagStatus.UNTAGGED,
          maxImageAge: Duration.days(UNTAGGED_DAYS),
        },
        {
          rulePriority: 2,
          description: 'Releases that nobody goes back to',
          tagStatus: ecr.TagStatus.ANY,
          maxImageCount: KEPT_IMAGES,
        },
      ],
      removalPolicy: removalPolicyOf(environment),
      emptyOnDelete: environment.protection.onRemoval === 'destroy',
    });
  }
}
