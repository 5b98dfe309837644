import type { Construct } from 'constructs';
import { LogBucket } from '../constructs/common/log-bucket';
import { ModelStore } from '../constructs/model-store/model-store';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface ModelStoreStackProps extends EnvironmentStackProps {
  /** Folder that holds one folder for each specialist. */
  readonly modelsFolder: string;
}

/** The model bucket and what is in it, and the bucket that access logs of the whole environment go to. */
export class ModelStoreStack extends EnvironmentStack {
  readonly store: ModelStore;
  readonly accessLogs: LogBucket;

  constructor(scope: Construct, id: string, props: ModelStoreStackProps) {
    super(scope, id, props);
    const { environment, modelsFolder } = props;
    this.accessLogs = new LogBucket(this, 'AccessLogs', { environment });
    if (environment.platform.enabled) this.accessLogs.allowLoadBalancers();
    this.store = new ModelStore(this, 'Store', { environment, modelsFolder, accessLogs: this.accessLogs });
  }
}
