import * as eks from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import { type AddOnName, addOnVersion } from '../../config/platform/add-on-versions';
import type { Environment } from '../../config/environment';

export interface ClusterAddOnProps {
  readonly environment: Environment;
  readonly cluster: eks.ICluster;
  readonly name: AddOnName;
  /** Values of the add-on; `aws eks describe-addon-configuration` shows their schema. @default - its own */
  readonly values?: object;
}

/**
 * An add-on of EKS at a version that moves with the cluster's. It goes with its pods, so that none runs on without the
 * role that it had, and what it set is set again where somebody changed it by hand.
 */
export class ClusterAddOn extends eks.Addon {
  constructor(scope: Construct, id: string, { environment, cluster, name, values }: ClusterAddOnProps) {
    super(scope, id, {
      cluster,
      addonName: name,
      addonVersion: addOnVersion(environment, name),
      preserveOnDelete: false,
      ...(values && { configurationValues: { ...values } }),
    });
    (this.node.defaultChild as eks.CfnAddon).resolveConflicts = 'OVERWRITE';
  }
}
