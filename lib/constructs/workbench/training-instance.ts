import { Duration, Fn, Stack, Tags, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { wildcardResource } from '../common/finding-ids';
import { WORKBENCH_SUBNETS } from '../network/subnets';
import { CANDIDATE_PREFIX, DATASET_PREFIX } from './training-access';
import type { TrainingCode } from './training-code';
import { atEveryStart, trainingScript } from './training-run';

/**
 * The newest Amazon Linux 2023, up to the architecture: a public SSM parameter that EC2 looks up when it launches the
 * instance (EC2 API, RunInstances, "Use a Systems Manager parameter to find an AMI"). CloudFormation sees a text that
 * never changes. It would look up `{{resolve:ssm:…}}` or a parameter of the stack again at later deployments, and so
 * replace the instance at each release of Amazon Linux.
 */
const AMAZON_LINUX = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default';

/** CPU in percent below which an hour counts as idle; a training run keeps at least one core busy. */
const IDLE_CPU_PERCENT = 5;

/** Tag that tells the instance where its code is. */
const CODE_TAG = 'mini-xdr:training-code';

const PACKAGE_INDEX = 'https://pypi.org/simple';

/** Builds for the processor alone; those of PyPI bring gigabytes for GPUs. Source: pytorch.org, "Get started". */
const TORCH_INDEX = 'https://download.pytorch.org/whl/cpu';

export interface TrainingInstanceProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
  /** What the instance may do with code and models. */
  readonly access: iam.IManagedPolicy;
  /** Code that it trains with; `access` lets it be read. */
  readonly code: TrainingCode;
  /** Bucket of data sets and candidates, as `access` opens it. */
  readonly modelBucket: s3.IBucket;
  /** Key of the instance's volume. */
  readonly encryptionKey: kms.IKey;
}

/**
 * An EC2 instance on Amazon Linux 2023 for training runs: each start is a run, whose artifacts and log go to the
 * candidates, and after which it stops. One comes to it through SSM Session Manager alone: no key pair, nothing
 * inbound. Where a run left it on, it stops after an idle hour.
 */
export class TrainingInstance extends Construct {
  readonly role: iam.Role;
  private readonly instance: ec2.CfnInstance;

  constructor(scope: Construct, id: string, props: TrainingInstanceProps) {
    super(scope, id);
    this.role = this.createRole();
    this.role.addManagedPolicy(props.access);
    this.instance = this.createInstance(props);
    // New code is a new tag, which disturbs nothing. New user data stops and starts the instance, which is a run.
    // Source: CloudFormation's reference of AWS::EC2::Instance, UserData.
    Tags.of(this.instance).add(CODE_TAG, props.code.url);
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
    this.acceptFindings();
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

  /** User data of the instance: the same whatever the code. */
  private userData({ environment, modelBucket }: TrainingInstanceProps): string {
    const { trainerPackageIndex, trainerTorchIndex } = environment.workbench;
    const script = trainingScript({
      region: Stack.of(this).region,
      datasets: modelBucket.s3UrlForObject(DATASET_PREFIX),
      candidates: modelBucket.s3UrlForObject(CANDIDATE_PREFIX),
      codeTag: CODE_TAG,
      packageIndex: trainerPackageIndex ?? PACKAGE_INDEX,
      torchIndex: trainerTorchIndex ?? TORCH_INDEX,
    });
    return Fn.base64(atEveryStart(script));
  }

  private createInstance(props: TrainingInstanceProps): ec2.CfnInstance {
    const { environment, vpc, encryptionKey } = props;
    const { trainerInstanceType, trainerVolumeGb } = environment.workbench;
    const { architecture } = new ec2.InstanceType(trainerInstanceType);
    return new ec2.CfnInstance(this, 'Resource', {
      imageId: `${AMAZON_LINUX}-${architecture}`,
      metadataOptions: {
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: 'enabled',
      },
      userData: this.userData(props),
      instanceInitiatedShutdownBehavior: 'stop',
      instanceType: trainerInstanceType,
      subnetId: vpc.selectSubnets(WORKBENCH_SUBNETS).subnetIds[0],
      securityGroupIds: [this.createSecurityGroup(vpc).securityGroupId],
      iamInstanceProfile: new iam.InstanceProfile(this, 'Profile', { role: this.role }).instanceProfileName,
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            deleteOnTermination: true,
            volumeType: 'gp3',
            volumeSize: trainerVolumeGb,
            encrypted: true,
            kmsKeyId: encryptionKey.keyArn,
          },
        },
      ],
      monitoring: true,
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

  private acceptFindings(): void {
    acknowledge(this.instance, {
      id: 'AwsSolutions-EC29',
      reason:
        'Code, data and results lie in S3, so the instance can be made again at any time. Protected against ' +
        'termination, it would stay behind and be paid for whenever CloudFormation replaces it.',
    });
    Validations.of(this.instance).acknowledge({
      id: 'CloudFormation-Validate::E1152',
      reason:
        'The rule knows AMI ids alone; EC2 also takes the name of a parameter and looks it up at the launch.',
    });
  }
}
