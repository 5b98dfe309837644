import { CfnDynamicReference, CfnDynamicReferenceService, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from '../compliance/acknowledge';
import type { Environment } from '../config/schema';
import { wildcardResource } from './finding-ids';
import { WORKBENCH_SUBNETS } from './subnets';

/** Public SSM parameter of the newest Amazon Linux 2023, up to the architecture. */
const AMAZON_LINUX = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default';

/** CPU in percent below which an hour counts as idle; a training run keeps at least one core busy. */
const IDLE_CPU_PERCENT = 5;

export interface TrainingInstanceProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
  /** What the instance may do with models. */
  readonly access: iam.IManagedPolicy;
  /** Key of the instance's volume. */
  readonly encryptionKey: kms.IKey;
}

/**
 * An EC2 instance on Amazon Linux 2023 for training runs. One comes to it through SSM Session Manager alone: no key
 * pair, nothing inbound. It stops itself after an idle hour.
 */
export class TrainingInstance extends Construct {
  readonly role: iam.Role;
  private readonly instance: ec2.CfnInstance;

  constructor(scope: Construct, id: string, props: TrainingInstanceProps) {
    super(scope, id);
    this.role = this.createRole();
    this.role.addManagedPolicy(props.access);
    this.instance = this.createInstance(props);
    this.metricCpu({ statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(5) })
      .createAlarm(this, 'Idle', {
        alarmDescription:
          'No training for an hour: the instance stops and its volume stays. Start it again at will.',
        threshold: IDLE_CPU_PERCENT,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 12,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      })
      .addAlarmAction(new actions.Ec2Action(actions.Ec2InstanceAction.STOP));
    this.acceptFindings(props.environment);
  }

  /** CPU in percent. @default average over 5 minutes */
  metricCpu(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/EC2',
      metricName: 'CPUUtilization',
      dimensionsMap: { InstanceId: this.instance.ref },
      ...options,
    });
  }

  /** What an SSM session takes, in place of a managed policy that also reads every parameter of the account. */
  private createRole(): iam.Role {
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: [
          'ssm:UpdateInstanceInformation',
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
      }),
    );
    acknowledge(role, {
      id: wildcardResource('*'),
      reason: 'The message channels of Session Manager know no resources to name.',
    });
    return role;
  }

  private createInstance({ environment, vpc, encryptionKey }: TrainingInstanceProps): ec2.CfnInstance {
    const { trainerInstanceType, trainerVolumeGb } = environment.workbench;
    const { architecture } = new ec2.InstanceType(trainerInstanceType);
    return new ec2.CfnInstance(this, 'Resource', {
      // Not a parameter of the stack, which would be read anew at every deployment: each release of Amazon Linux would
      // replace the instance and all that lies on it.
      imageId: new CfnDynamicReference(
        CfnDynamicReferenceService.SSM,
        `${AMAZON_LINUX}-${architecture}`,
      ).toString(),
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      instanceType: trainerInstanceType,
      subnetId: vpc.selectSubnets(WORKBENCH_SUBNETS).subnetIds[0],
      securityGroupIds: [this.createSecurityGroup(vpc).securityGroupId],
      iamInstanceProfile: new iam.InstanceProfile(this, 'Profile', { role: this.role }).instanceProfileName,
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: trainerVolumeGb,
            encrypted: true,
            kmsKeyId: encryptionKey.keyArn,
          },
        },
      ],
      monitoring: true,
      disableApiTermination: environment.protection.deletionProtection,
      propagateTagsToVolumeOnCreation: true,
    });
  }

  private createSecurityGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Training instance: nothing inbound, HTTPS outbound',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS');
    return securityGroup;
  }

  private acceptFindings({ protection }: Environment): void {
    if (protection.deletionProtection) return;
    acknowledge(this.instance, {
      id: 'AwsSolutions-EC29',
      reason:
        'This environment is disposable (protection.deletionProtection); results lie in the model bucket.',
    });
  }
}
