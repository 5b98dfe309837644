import { REPOSITORY } from '../app/delivery';
import { ACCOUNT, type Deployed, FOREIGN_ACCOUNT } from '../app/policies';
import type { Denied, Grant, RoleRows } from './rows';

const GITHUB = 'token.actions.githubusercontent.com';
const iam = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const bootstrapRole = (role: string, region: string) =>
  iam(`role/cdk-hnb659fds-${role}-role-${ACCOUNT}-${region}`);

/** What belongs to the whole account, and is only read. */
const OF_THE_ACCOUNT: Grant = {
  actions: [
    'application-autoscaling:DescribeScalableTargets',
    'application-autoscaling:DescribeScalingPolicies',
    'cloudformation:DescribeAccountLimits',
    'cloudformation:ListStacks',
    'ec2:DescribeAccountAttributes',
    'ec2:DescribeAddresses',
    'ec2:DescribeAvailabilityZones',
    'ec2:DescribeInstances',
    'ec2:DescribeInstanceTypeOfferings',
    'ec2:DescribeInternetGateways',
    'ec2:DescribeNatGateways',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcEndpoints',
    'ec2:DescribeVpcs',
    'eks:ListClusters',
    'elasticloadbalancing:DescribeAccountLimits',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'kms:ListKeys',
    'lambda:GetAccountSettings',
    'logs:DescribeLogGroups',
    'rds:DescribeAccountAttributes',
    'sagemaker:ListEndpointConfigs',
    'sagemaker:ListEndpoints',
    'sagemaker:ListModels',
    'sagemaker:ListNotebookInstances',
    'sagemaker:ListTags',
    'servicequotas:GetAWSDefaultServiceQuota',
    'servicequotas:GetServiceQuota',
    'servicequotas:ListServiceQuotas',
  ],
  resources: ['*'],
};

function grantsOf({ arn, plan }: Deployed, environment: string): Grant[] {
  const { region } = plan.target;
  const own = `mini-xdr-${environment}`;
  return [
    OF_THE_ACCOUNT,
    {
      actions: ['sts:AssumeRole'],
      resources: ['deploy', 'file-publishing', 'image-publishing', 'lookup'].map((role) =>
        bootstrapRole(role, region),
      ),
    },
    {
      actions: ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
      resources: [arn('cloudformation', `stack/${own}-*`)],
    },
    {
      // Whether the account's other environments are deployed.
      actions: ['cloudformation:DescribeStacks'],
      resources: [arn('cloudformation', 'stack/mini-xdr-*')],
    },
    {
      actions: ['sagemaker:DescribeEndpoint'],
      resources: [arn('sagemaker', 'endpoint/*')],
    },
    {
      actions: ['sagemaker:DescribeEndpointConfig'],
      resources: [arn('sagemaker', 'endpoint-config/*')],
    },
    { actions: ['sagemaker:DescribeModel'], resources: [arn('sagemaker', 'model/*')] },
    {
      // The media type of the model server's image.
      actions: ['ecr:DescribeImages'],
      resources: [arn('ecr', `repository/cdk-*-container-assets-${ACCOUNT}-${region}`)],
    },
    { actions: ['rds:DescribeDBInstances'], resources: [arn('rds', 'db:*')] },
    {
      actions: ['eks:DescribeCluster', 'eks:ListAccessEntries'],
      resources: [arn('eks', `cluster/${own}`)],
    },
    {
      actions: ['lambda:GetFunctionUrlConfig', 'lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'],
      resources: [arn('lambda', `function:${own}-Serving${environment === 'staging' ? '' : '-'}*`)],
    },
    {
      actions: ['iam:GetRole'],
      resources: [iam('role/aws-service-role/*')],
    },
    { actions: ['ssm:GetParameter'], resources: [arn('ssm', 'parameter/cdk-bootstrap/hnb659fds/version')] },
  ];
}

function deniedTo({ arn, plan }: Deployed, environment: string): Denied[] {
  const { region } = plan.target;
  return [
    {
      what: 'the role that CloudFormation acts as, which may do everything',
      actions: ['sts:AssumeRole', 'iam:PassRole'],
      resources: [bootstrapRole('cfn-exec', region)],
    },
    {
      what: "roles of another account's or region's bootstrap",
      actions: ['sts:AssumeRole'],
      resources: [
        bootstrapRole('deploy', region).replaceAll(ACCOUNT, FOREIGN_ACCOUNT),
        bootstrapRole('deploy', 'eu-west-3'),
        bootstrapRole('deploy', `${region}-2`),
      ],
    },
    {
      what: "what applies manifests to the cluster, and other environments' functions",
      actions: ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'],
      resources: [
        arn('lambda', `function:mini-xdr-${environment}-Platform-Kubectl`),
        arn('lambda', 'function:mini-xdr-prod-Serving-Inference'),
      ],
    },
    {
      what: 'templates of others',
      actions: ['cloudformation:GetTemplate'],
      resources: [arn('cloudformation', 'stack/mini-xdr-Delivery/1'), arn('cloudformation', 'stack/other/1')],
    },
    {
      what: 'quotas, to raise them',
      actions: ['servicequotas:RequestServiceQuotaIncrease'],
      resources: ['*'],
    },
    {
      what: 'data and secrets',
      actions: ['s3:GetObject', 'secretsmanager:GetSecretValue', 'rds-db:connect'],
      resources: [
        'arn:aws:s3:::any/thing',
        arn('secretsmanager', 'secret:any'),
        arn('rds-db', 'dbuser:*/any'),
      ],
    },
  ];
}

/** Delivery: GitHub Actions, deploying an environment. */
export function deployRoleRows(app: Deployed, environment: string): RoleRows {
  return {
    grants: grantsOf(app, environment),
    denied: deniedTo(app, environment),
    trust: {
      service: iam(`oidc-provider/${GITHUB}`),
      federated: true,
      actions: ['sts:AssumeRoleWithWebIdentity'],
      where: {
        [`${GITHUB}:aud`]: 'sts.amazonaws.com',
        [`${GITHUB}:sub`]: `repo:${REPOSITORY}:environment:${environment}`,
        [`${GITHUB}:ref`]: 'refs/heads/main',
      },
    },
  };
}
