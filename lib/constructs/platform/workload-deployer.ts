import { KubectlV36Layer } from '@aws-cdk/lambda-layer-kubectl-v36';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import type { EncryptionKey } from '../common/encryption-key';
import { wildcardResource } from '../common/finding-ids';
import { ServiceLogGroup } from '../common/log-group';
import { CLUSTER_SUBNETS } from '../network/subnets';

/**
 * What Lambda does in the name of a function's role to give it an address in a VPC; none of it can be narrowed to a
 * network (AWS managed policy AWSLambdaVPCAccessExecutionRole).
 */
const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

export interface WorkloadDeployerProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
  readonly clusterName: string;
  readonly encryptionKey: EncryptionKey;
}

/**
 * What applies manifests from CloudFormation: CDK's Lambda with kubectl, inside the VPC, because the cluster answers
 * nowhere else. Its role may look the cluster up, keep its log and have an address; CDK would also give it every
 * image registry to read. Inside the cluster it is an administrator, as creating namespaces, node pools and target group
 * bindings is in none of EKS's smaller access policies
 * (docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html).
 */
export class WorkloadDeployer extends Construct {
  /** For the cluster that is to be deployed to. */
  readonly options: eks.KubectlProviderOptions;
  private readonly logGroup: ServiceLogGroup;

  constructor(scope: Construct, id: string, props: WorkloadDeployerProps) {
    super(scope, id);
    const { environment, encryptionKey, vpc } = props;
    this.logGroup = new ServiceLogGroup(this, 'Logs', { environment, encryptionKey });
    this.options = {
      kubectlLayer: new KubectlV36Layer(this, 'Kubectl'),
      role: this.createRole(props).withoutPolicyUpdates(),
      privateSubnets: vpc.selectSubnets(CLUSTER_SUBNETS).subnets,
    };
  }

  /** To be called once the cluster stands: what CDK's provider does not take as an option. */
  adopt(cluster: eks.Cluster): void {
    const provider = cluster.node.findChild('KubectlProvider');
    for (const each of provider.node.findAll().filter((found) => found instanceof lambda.Function)) {
      // CDK's group has neither key nor retention, and a name that the role could not be granted before the function.
      each.node.tryRemoveChild('LogGroup');
      (each.node.defaultChild as lambda.CfnFunction).loggingConfig = { logGroup: this.logGroup.logGroupName };
    }
    // Decides about a policy that the role does not get.
    this.node.tryRemoveChild('HasEcrPublic');
    acceptFindings(provider);
  }

  private createRole({ clusterName }: WorkloadDeployerProps): iam.Role {
    const stack = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      description: `Applies manifests to the cluster ${clusterName}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this.logGroup.grantWrite(role);
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['eks:DescribeCluster'],
        resources: [stack.formatArn({ service: 'eks', resource: 'cluster', resourceName: clusterName })],
      }),
    );
    role.addToPolicy(new iam.PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] }));
    role.addToPolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: NETWORK_INTERFACES,
        resources: ['*'],
        // Lambda itself asks without that key; only the function's own code has it.
        conditions: { ArnLike: { 'lambda:SourceFunctionArn': this.ownFunctions() } },
      }),
    );
    acknowledge(role, {
      id: wildcardResource('*'),
      reason:
        'Lambda gives a function its address in the VPC with these actions, on resources that do not exist before; ' +
        "the function's own code is denied them.",
    });
    return role;
  }

  /** Functions of this stack: the name of this one is made by CloudFormation, from the stack's. */
  private ownFunctions(): string {
    const stack = Stack.of(this);
    return stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: `${stack.stackName}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

function acceptFindings(provider: IConstruct): void {
  const { managedPolicyArn: basic } = iam.ManagedPolicy.fromAwsManagedPolicyName(
    'service-role/AWSLambdaBasicExecutionRole',
  );
  const { managedPolicyArn: network } = iam.ManagedPolicy.fromAwsManagedPolicyName(
    'service-role/AWSLambdaVPCAccessExecutionRole',
  );
  const handler = provider.node.findChild('Handler') as lambda.Function;
  acknowledge(
    provider,
    {
      id: [basic, network].map((arn) => `AwsSolutions-IAM4[Policy::${arn}]`),
      reason:
        "CDK's framework function writes its log and has an address in the VPC; CDK makes its role itself.",
    },
    {
      id: wildcardResource(`${handler.functionArn}:*`),
      reason: "CDK's framework may call any version of the one function that it stands before.",
    },
    {
      id: 'AwsSolutions-L1',
      reason: 'CDK runs its handler on the Python version that it was tested with.',
    },
  );
}
