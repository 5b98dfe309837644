import type { StandInAccount, StandInQuota } from './account';
import { type AwsObject, AwsRefusal } from './protocol';
import { type Handler, page } from './page';
import { SAGEMAKER } from './sagemaker';

type Handlers = Readonly<Record<string, Handler>>;

function quotaAnswer(service: string, { code, name }: StandInQuota, value: number | undefined): AwsObject {
  if (value === undefined) throw new AwsRefusal('NoSuchResourceException', 'No such quota.');
  return { ServiceCode: service, QuotaCode: code, QuotaName: name, Value: value, Adjustable: true };
}

function quotaOf({ quotas }: StandInAccount, service: unknown, code: unknown): StandInQuota {
  const quota = quotas[String(service)]?.find((candidate) => candidate.code === code);
  if (quota === undefined) throw new AwsRefusal('NoSuchResourceException', 'No such quota.');
  return quota;
}

const SERVICE_QUOTAS: Handlers = {
  GetServiceQuota: (world, { ServiceCode, QuotaCode }) => {
    const quota = quotaOf(world, ServiceCode, QuotaCode);
    return { Quota: quotaAnswer(String(ServiceCode), quota, quota.applied) };
  },
  GetAWSDefaultServiceQuota: (world, { ServiceCode, QuotaCode }) => {
    const quota = quotaOf(world, ServiceCode, QuotaCode);
    return { Quota: quotaAnswer(String(ServiceCode), quota, quota.standard) };
  },
  ListServiceQuotas: ({ quotas }, { ServiceCode, NextToken, MaxResults }) => {
    const service = String(ServiceCode);
    const { items, next } = page(quotas[service] ?? [], NextToken, Number(MaxResults ?? 100));
    const applied = items.filter((quota) => quota.applied !== undefined);
    return { Quotas: applied.map((quota) => quotaAnswer(service, quota, quota.applied)), NextToken: next };
  },
};

const EC2: Handlers = {
  DescribeAccountAttributes: ({ limits }) => ({
    accountAttributeSet: {
      item: {
        attributeName: 'vpc-max-elastic-ips',
        attributeValueSet: { item: { attributeValue: limits.elasticIps } },
      },
    },
  }),
  DescribeAvailabilityZones: () => ({
    availabilityZoneInfo: {
      item: ['a', 'b', 'c'].map((letter, index) => ({
        zoneName: `us-east-1${letter}`,
        zoneId: `use1-az${index + 1}`,
        zoneState: 'available',
      })),
    },
  }),
  DescribeInstanceTypeOfferings: () => ({
    instanceTypeOfferingSet: { item: ['us-east-1a', 'us-east-1b'].map((location) => ({ location })) },
  }),
  DescribeVpcs: ({ ec2 }) => ({ vpcSet: { item: ec2.vpcs } }),
  DescribeInternetGateways: ({ ec2 }) => ({ internetGatewaySet: { item: ec2.internetGateways } }),
  DescribeAddresses: ({ ec2 }) => ({ addressesSet: { item: ec2.addresses } }),
  DescribeNatGateways: ({ ec2 }) => ({ natGatewaySet: { item: ec2.natGateways } }),
  DescribeSubnets: ({ ec2 }) => ({ subnetSet: { item: ec2.subnets } }),
  DescribeVpcEndpoints: ({ ec2 }) => ({ vpcEndpointSet: { item: ec2.vpcEndpoints } }),
  DescribeInstances: ({ ec2 }) => ({
    reservationSet: { item: ec2.instances.map((instance) => ({ instancesSet: { item: instance } })) },
  }),
};

const RDS: Handlers = {
  DescribeAccountAttributes: ({ limits, databases }) => ({
    AccountQuotas: {
      AccountQuota: [
        { AccountQuotaName: 'DBInstances', Used: databases.length, Max: limits.dbInstances },
        {
          AccountQuotaName: 'AllocatedStorage',
          Used: databases.reduce((sum, { storageGb }) => sum + storageGb, 0),
          Max: limits.dbStorageGb,
        },
      ],
    },
  }),
  DescribeDBInstances: ({ databases }, input) => ({
    DBInstances: {
      DBInstance: databases
        .filter(({ id }) => Object.values(input).includes(id))
        .map(({ id, storageGb }) => ({ DBInstanceIdentifier: id, AllocatedStorage: storageGb })),
    },
  }),
};

const LOAD_BALANCING: Handlers = {
  DescribeAccountLimits: ({ limits }) => ({
    Limits: {
      member: [
        { Name: 'application-load-balancers', Max: limits.loadBalancers },
        { Name: 'target-groups', Max: limits.targetGroups },
      ],
    },
  }),
  DescribeLoadBalancers: ({ loadBalancers }) => ({
    LoadBalancers: { member: loadBalancers.map(({ arn, type }) => ({ LoadBalancerArn: arn, Type: type })) },
  }),
  DescribeTargetGroups: ({ targetGroups }) => ({
    TargetGroups: { member: targetGroups.map((arn) => ({ TargetGroupArn: arn })) },
  }),
};

const CLOUDFORMATION: Handlers = {
  DescribeAccountLimits: ({ limits }) => ({
    AccountLimits: { member: { Name: 'StackLimit', Value: limits.stacks } },
  }),
  ListStacks: ({ stacks }, { NextToken }) => {
    const { items, next } = page(stacks, NextToken, 100);
    return {
      StackSummaries: {
        member: items.map(({ name, status }) => ({
          StackName: name,
          StackStatus: status ?? 'CREATE_COMPLETE',
          CreationTime: new Date(0),
        })),
      },
      NextToken: next,
    };
  },
  DescribeStacks: ({ stacks }, { StackName }) => {
    const found = stacks.filter(({ name }) => name === StackName);
    if (found.length === 0) {
      throw new AwsRefusal('ValidationError', `Stack with id ${String(StackName)} does not exist`);
    }
    return {
      Stacks: {
        member: found.map(({ name }) => ({
          StackName: name,
          StackStatus: 'CREATE_COMPLETE',
          CreationTime: new Date(0),
        })),
      },
    };
  },
  ListStackResources: ({ stacks }, { StackName }) => ({
    StackResourceSummaries: {
      member: stacks
        .find(({ name }) => name === StackName)
        ?.resources.map(([type, id]) => ({ ResourceType: type, PhysicalResourceId: id })),
    },
  }),
};

/** Every answer of the stand-in, by prefix of the service in IAM and by operation. */
export const SERVICES: Readonly<Record<string, Handlers>> = {
  servicequotas: SERVICE_QUOTAS,
  sagemaker: SAGEMAKER,
  ec2: EC2,
  rds: RDS,
  elasticloadbalancing: LOAD_BALANCING,
  cloudformation: CLOUDFORMATION,
  sts: {
    GetCallerIdentity: ({ account }) => ({ Account: account, Arn: `arn:aws:iam::${account}:user/test` }),
  },
  iam: {
    GetRole: (_world, { RoleName }) => {
      const linked = String(RoleName).startsWith('AWSServiceRole');
      return { Role: { RoleName: String(RoleName), Path: linked ? '/aws-service-role/' : '/' } };
    },
  },
  ssm: { GetParameter: (_world, { Name }) => ({ Parameter: { Name: String(Name), Value: '30' } }) },
  eks: { ListClusters: ({ clusters }) => ({ clusters }) },
  lambda: {
    GetAccountSettings: ({ limits, reservedConcurrency }) => ({
      AccountLimit: {
        ConcurrentExecutions: limits.concurrentExecutions,
        UnreservedConcurrentExecutions: limits.concurrentExecutions - reservedConcurrency,
      },
    }),
  },
  logs: {
    DescribeLogGroups: ({ logGroups }, { logGroupNamePrefix, limit }) => ({
      logGroups: logGroups
        .filter((name) => name.startsWith(String(logGroupNamePrefix)))
        .toSorted()
        .slice(0, Number(limit ?? 50))
        .map((logGroupName) => ({ logGroupName })),
    }),
  },
  kms: {
    ListKeys: ({ kmsKeys }, { Marker, Limit }) => {
      const { items, next } = page(kmsKeys, Marker, Number(Limit ?? 100));
      return {
        Keys: items.map((id) => ({ KeyId: id, KeyArn: `arn:aws:kms:us-east-1:123456789012:key/${id}` })),
        Truncated: next !== undefined,
        NextMarker: next,
      };
    },
  },
  'application-autoscaling': {
    DescribeScalableTargets: ({ scalableTargets }) => ({
      ScalableTargets: scalableTargets.map((id) => ({
        ResourceId: id,
        ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
        ServiceNamespace: 'sagemaker',
        MinCapacity: 1,
        MaxCapacity: 2,
        RoleARN: 'arn:aws:iam::123456789012:role/scaling',
        CreationTime: new Date(0),
      })),
    }),
  },
};
