import {
  QUOTA,
  type QuotaKey,
  HOSTING_TYPES,
  endpointQuotaKey,
  notebookQuotaKey,
} from '../../../lib/quotas/quota-catalogue';
import { ec2Vcpus } from '../../../lib/plan/demand/ec2-types';
import { type Resource, type TemplateJson, resourcesOf } from './template';

/** What an environment draws on a quota, counted in its templates: at first, and scaled out. */
export interface Drawn {
  readonly steady: number;
  readonly peak: number;
}

type Templates = Readonly<Record<string, TemplateJson>>;
type Count = readonly [QuotaKey, number | Drawn];

interface Variant {
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: number;
  readonly ServerlessConfig?: {
    readonly MaxConcurrency: number;
    readonly MemorySizeInMB: number;
    readonly ProvisionedConcurrency?: number;
  };
}

function all(templates: Templates, type: string): Resource[] {
  return Object.values(templates).flatMap((template) => resourcesOf(template, type));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Each endpoint's only variant, with the bounds that autoscaling holds it in. */
function variants(templates: Templates): (Variant & { readonly max: number })[] {
  const configs = all(templates, 'AWS::SageMaker::EndpointConfig');
  const targets = all(templates, 'AWS::ApplicationAutoScaling::ScalableTarget');
  return all(templates, 'AWS::SageMaker::Endpoint').map(({ properties }) => {
    const [configId] = (properties['EndpointConfigName'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
    const config = configs.find(({ id }) => id === configId);
    const [variant = {}] = (config?.properties['ProductionVariants'] ?? []) as Variant[];
    const target = targets.find(({ properties: { ResourceId } }) =>
      String(ResourceId).startsWith(`endpoint/${String(properties['EndpointName'])}/`),
    );
    return {
      ...variant,
      max: Number(target?.properties['MaxCapacity'] ?? variant.InitialInstanceCount ?? 0),
    };
  });
}

function servingCounts(templates: Templates): Count[] {
  const running = variants(templates);
  const serverless = running.flatMap(({ ServerlessConfig }) => ServerlessConfig ?? []);
  const fleets = running.flatMap(({ InstanceType: type, InitialInstanceCount: steady = 0, max: peak }) =>
    type === undefined ? [] : { type, steady, peak },
  );
  const typed = [...new Set(fleets.map(({ type }) => type))].map((name): Count => {
    const type = HOSTING_TYPES.get(name);
    if (type === undefined) throw new Error(`${name} is no hosting type`);
    const own = fleets.filter((fleet) => fleet.type === name);
    return [
      endpointQuotaKey(type),
      { steady: sum(own.map((f) => f.steady)), peak: sum(own.map((f) => f.peak)) },
    ];
  });
  return [
    [QUOTA.serverlessEndpoints, serverless.length],
    [QUOTA.serverlessConcurrency, sum(serverless.map(({ MaxConcurrency }) => MaxConcurrency))],
    [QUOTA.serverlessMemory, Math.max(0, ...serverless.map(({ MemorySizeInMB }) => MemorySizeInMB))],
    [
      QUOTA.provisionedConcurrency,
      sum(serverless.map(({ ProvisionedConcurrency }) => ProvisionedConcurrency ?? 0)),
    ],
    [
      QUOTA.endpointInstances,
      { steady: sum(fleets.map(({ steady }) => steady)), peak: sum(fleets.map(({ peak }) => peak)) },
    ],
    [
      QUOTA.instancesPerEndpoint,
      {
        steady: Math.max(0, ...fleets.map(({ steady }) => steady)),
        peak: Math.max(0, ...fleets.map(({ peak }) => peak)),
      },
    ],
    ...typed,
    [QUOTA.scalableTargets, all(templates, 'AWS::ApplicationAutoScaling::ScalableTarget').length],
  ];
}

function networkCounts(templates: Templates): Count[] {
  const count = (type: string) => all(templates, type).length;
  const endpoints = all(templates, 'AWS::EC2::VPCEndpoint').map(
    ({ properties }) => properties['VpcEndpointType'],
  );
  const subnetOf = all(templates, 'AWS::EC2::NatGateway').map(({ properties }) =>
    JSON.stringify(properties['SubnetId']),
  );
  const zoneOf = all(templates, 'AWS::EC2::Subnet')
    .filter(({ id }) => subnetOf.some((subnet) => subnet.includes(`"${id}"`)))
    .map(({ properties }) => JSON.stringify(properties['AvailabilityZone']));
  return [
    [QUOTA.vpcs, count('AWS::EC2::VPC')],
    [QUOTA.internetGateways, count('AWS::EC2::InternetGateway')],
    [QUOTA.elasticIps, count('AWS::EC2::EIP')],
    [
      QUOTA.natGatewaysPerZone,
      Math.max(0, ...zoneOf.map((zone) => zoneOf.filter((other) => other === zone).length)),
    ],
    [QUOTA.gatewayEndpoints, endpoints.filter((type) => type === 'Gateway').length],
    [QUOTA.interfaceEndpointsPerVpc, endpoints.filter((type) => type === 'Interface').length],
  ];
}

function workbenchCounts(templates: Templates): Count[] {
  const notebooks = all(templates, 'AWS::SageMaker::NotebookInstance').map(({ properties }) =>
    notebookQuotaKey(String(properties['InstanceType'])),
  );
  const vcpus = all(templates, 'AWS::EC2::Instance').map(({ properties }) =>
    ec2Vcpus(String(properties['InstanceType'])),
  );
  return [
    [QUOTA.notebooks, notebooks.length],
    ...notebooks.flatMap((key): Count[] => (key === undefined ? [] : [[key, 1]])),
    [QUOTA.standardVcpus, sum(vcpus)],
  ];
}

/**
 * Everything that templates draw on quotas, recounted from the templates alone. What no template says is left out:
 * the nodes that EKS starts by itself.
 */
export function inventory(templates: Templates): Map<QuotaKey, Drawn> {
  const count = (type: string) => all(templates, type).length;
  const databases = all(templates, 'AWS::RDS::DBInstance');
  const counts: Count[] = [
    [QUOTA.stacks, Object.keys(templates).length],
    [QUOTA.kmsKeys, count('AWS::KMS::Key')],
    [QUOTA.eksClusters, count('AWS::EKS::Cluster')],
    [QUOTA.loadBalancers, count('AWS::ElasticLoadBalancingV2::LoadBalancer')],
    [QUOTA.targetGroups, count('AWS::ElasticLoadBalancingV2::TargetGroup')],
    [QUOTA.dbInstances, databases.length],
    [
      QUOTA.dbStorageGb,
      {
        steady: sum(databases.map(({ properties }) => Number(properties['AllocatedStorage']))),
        peak: sum(
          databases.map(({ properties: { AllocatedStorage, MaxAllocatedStorage = AllocatedStorage } }) =>
            Number(MaxAllocatedStorage),
          ),
        ),
      },
    ],
    ...networkCounts(templates),
    ...workbenchCounts(templates),
    ...servingCounts(templates),
  ];
  return new Map(
    counts.map(([key, drawn]) => [key, typeof drawn === 'number' ? { steady: drawn, peak: drawn } : drawn]),
  );
}
