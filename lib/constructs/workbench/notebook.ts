import { ArnFormat, Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { idleStopScript } from './notebook-idle-stop';
import { ownServicePrincipal } from '../common/service-principal';
import { WORKBENCH_SUBNETS } from '../network/subnets';
import { checkoutScript } from './training-checkout';
import type { TrainingCode } from './training-code';

/** Log group that SageMaker writes for every notebook of the account; the service dictates the name. */
const LOG_GROUP = '/aws/sagemaker/NotebookInstances';

export interface NotebookProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
  /** What the notebook may do with models. */
  readonly access: iam.IManagedPolicy;
  /** Code that the notebook gets at its start; `access` lets it be read. */
  readonly code: TrainingCode;
  /** Key of the notebook's volume. */
  readonly encryptionKey: kms.IKey;
}

/** SageMaker takes one script for a start. The stop when idle comes first: nothing may keep it away. */
function startScript({ url, version }: TrainingCode, region: string): string {
  return idleStopScript() + checkoutScript({ region, url, version });
}

/**
 * A SageMaker notebook inside the VPC: no root, no way to the internet but the VPC's own, an encrypted volume with
 * the training code, and a timer that stops it when nobody works. Its role reads data sets, writes candidates, and may stop this one notebook.
 */
export class Notebook extends Construct implements ec2.IConnectable {
  readonly connections: ec2.Connections;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: NotebookProps) {
    super(scope, id);
    const { vpc, encryptionKey, code } = props;
    const { notebookInstanceType, notebookVolumeGb } = props.environment.workbench;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Notebook: nothing inbound, HTTPS outbound',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: ownServicePrincipal(this, 'sagemaker.amazonaws.com', {
        service: 'sagemaker',
        resource: '*',
        arnFormat: ArnFormat.NO_RESOURCE_NAME,
      }),
      managedPolicies: [props.access],
    });
    const idleStop = new sagemaker.CfnNotebookInstanceLifecycleConfig(this, 'IdleStop', {
      onStart: [{ content: Fn.base64(startScript(code, Stack.of(this).region)) }],
    });
    const notebook = new sagemaker.CfnNotebookInstance(this, 'Resource', {
      instanceType: notebookInstanceType,
      volumeSizeInGb: notebookVolumeGb,
      platformIdentifier: 'notebook-al2023-v1',
      subnetId: vpc.selectSubnets(WORKBENCH_SUBNETS).subnetIds[0],
      securityGroupIds: [securityGroup.securityGroupId],
      directInternetAccess: 'Disabled',
      rootAccess: 'Disabled',
      instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: '2' },
      kmsKeyId: encryptionKey.keyId,
      lifecycleConfigName: idleStop.attrNotebookInstanceLifecycleConfigName,
      roleArn: this.role.roleArn,
    });
    this.allowOwnLifecycle(notebook);
  }

  private allowOwnLifecycle(notebook: sagemaker.CfnNotebookInstance): void {
    const logGroup = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: LOG_GROUP,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const streams = ['LifecycleConfigOnStart', 'jupyter.log'].map(
      (stream) => `${logGroup}:log-stream:${notebook.attrNotebookInstanceName}/${stream}`,
    );
    this.role.addToPolicy(
      new iam.PolicyStatement({ actions: ['sagemaker:StopNotebookInstance'], resources: [notebook.ref] }),
    );
    this.role.addToPolicy(
      new iam.PolicyStatement({ actions: ['logs:CreateLogGroup'], resources: [logGroup] }),
    );
    this.role.addToPolicy(
      new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: streams }),
    );
  }
}
