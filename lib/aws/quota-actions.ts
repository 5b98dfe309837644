/** An IAM action, such as `servicequotas:GetServiceQuota`. */
export type IamAction = `${string}:${string}`;

/**
 * What a permission for an operation can be narrowed to: `any` where AWS knows no resource for it, and `none` where it
 * asks for no permission at all.
 */
export type Reach = 'any' | 'none' | 'endpoints' | 'endpoint-configs' | 'databases' | 'own-stacks';

interface ServiceOperations {
  /** Prefix of the service's actions in IAM. */
  readonly iam: string;
  /** Calls a second that the collector allows itself; below what AWS starts to throttle at. */
  readonly perSecond: number;
  readonly operations: Readonly<Record<string, Reach>>;
}

/**
 * Every AWS operation that the collector may call, by client of the SDK. The collector refuses to call anything that
 * is not listed, and the policy of the check is made from the same table, so neither can outgrow the other.
 */
export const OPERATIONS: Readonly<Record<string, ServiceOperations>> = {
  // GetCallerIdentity needs no permission and cannot be denied. (AWS STS API reference.)
  STSClient: { iam: 'sts', perSecond: 10, operations: { GetCallerIdentity: 'none' } },
  // Service Quotas throttles above five calls a second.
  ServiceQuotasClient: {
    iam: 'servicequotas',
    perSecond: 5,
    operations: { GetServiceQuota: 'any', GetAWSDefaultServiceQuota: 'any', ListServiceQuotas: 'any' },
  },
  SageMakerClient: {
    iam: 'sagemaker',
    perSecond: 10,
    operations: {
      ListEndpoints: 'any',
      DescribeEndpoint: 'endpoints',
      DescribeEndpointConfig: 'endpoint-configs',
      ListNotebookInstances: 'any',
    },
  },
  EC2Client: {
    iam: 'ec2',
    perSecond: 20,
    operations: {
      DescribeAccountAttributes: 'any',
      DescribeAddresses: 'any',
      DescribeInstances: 'any',
      DescribeInternetGateways: 'any',
      DescribeNatGateways: 'any',
      DescribeSubnets: 'any',
      DescribeVpcEndpoints: 'any',
      DescribeVpcs: 'any',
    },
  },
  EKSClient: { iam: 'eks', perSecond: 5, operations: { ListClusters: 'any' } },
  RDSClient: {
    iam: 'rds',
    perSecond: 10,
    operations: { DescribeAccountAttributes: 'any', DescribeDBInstances: 'databases' },
  },
  ElasticLoadBalancingV2Client: {
    iam: 'elasticloadbalancing',
    perSecond: 10,
    operations: { DescribeAccountLimits: 'any', DescribeLoadBalancers: 'any', DescribeTargetGroups: 'any' },
  },
  LambdaClient: { iam: 'lambda', perSecond: 10, operations: { GetAccountSettings: 'any' } },
  KMSClient: { iam: 'kms', perSecond: 20, operations: { ListKeys: 'any' } },
  CloudFormationClient: {
    iam: 'cloudformation',
    perSecond: 10,
    operations: { DescribeAccountLimits: 'any', ListStacks: 'any', ListStackResources: 'own-stacks' },
  },
  ApplicationAutoScalingClient: {
    iam: 'application-autoscaling',
    perSecond: 10,
    operations: { DescribeScalableTargets: 'any' },
  },
};

/** The action that an operation of the table needs; undefined for an operation that is not in it. */
export function actionOf(client: string, operation: string): IamAction | undefined {
  const service = OPERATIONS[client];
  return service === undefined || !Object.hasOwn(service.operations, operation)
    ? undefined
    : `${service.iam}:${operation}`;
}
