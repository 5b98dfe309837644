import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { EncryptionKey } from '../constructs/common/encryption-key';
import { Notebook } from '../constructs/workbench/notebook';
import { type ModelStorage, TrainingAccess } from '../constructs/workbench/training-access';
import { TrainingCode } from '../constructs/workbench/training-code';
import { TrainingInstance } from '../constructs/workbench/training-instance';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface WorkbenchStackProps extends EnvironmentStackProps, ModelStorage {
  readonly vpc: ec2.IVpc;
}

/**
 * Where models are made: a notebook and a training instance, each only where the configuration asks for it.
 * Where it asks for neither there is nothing to deploy, and CloudFormation refuses an empty stack.
 */
export class WorkbenchStack extends EnvironmentStack {
  readonly notebook?: Notebook;
  readonly trainer?: TrainingInstance;

  /** Whether the environment has anything for this stack to hold. */
  static isWanted({ workbench }: Environment): boolean {
    return workbench.notebook || workbench.trainer;
  }

  constructor(scope: Construct, id: string, props: WorkbenchStackProps) {
    super(scope, id, props);
    const { environment, vpc } = props;
    const { notebook, trainer } = environment.workbench;
    if (!WorkbenchStack.isWanted(environment)) return;
    const encryptionKey = new EncryptionKey(this, 'Key', {
      environment,
      description: 'Volumes of the workbench',
    });
    const { modelBucket, modelKey } = props;
    const code = new TrainingCode(this, 'TrainingCode');
    const access = new TrainingAccess(this, 'TrainingAccess', { modelBucket, modelKey, code });
    const shared = { environment, vpc, encryptionKey, access, code };
    if (notebook) this.notebook = new Notebook(this, 'Notebook', shared);
    if (trainer) this.trainer = new TrainingInstance(this, 'Trainer', { ...shared, modelBucket });
  }
}
