import { parseConfiguration } from '../../../lambda/inference/inference-configuration';
import type {
  EndpointPlan,
  InstanceEndpointPlan,
  RollingBatch,
  Scaling,
  ServerlessEndpointPlan,
  Topology,
  UpdateStrategy,
} from '../../../lib/plan/hosting/endpoint-plan';
import { SPECIALISTS, type Specialist, inCanonicalOrder } from '../../../models/catalogue';
import type { Serving } from './serving-app';
import {
  type Resource,
  type TemplateJson,
  flat,
  permissionsOf,
  resourceBehind,
  resourceOf,
  resourcesOf,
  targetOf,
} from './template';

type Readable<Plan> = Omit<Plan, 'p95Ms'>;

/** A topology less what no template says: the expected latencies. */
export interface ReadTopology extends Omit<Topology, 'endpoints'> {
  readonly endpoints: readonly (Readable<ServerlessEndpointPlan> | Readable<InstanceEndpointPlan>)[];
}

/** What of a plan can be read back from a template. */
export function readable({ endpoints, ...rest }: Topology): ReadTopology {
  return {
    ...rest,
    endpoints: endpoints.map((endpoint: EndpointPlan) => {
      const { p95Ms: _expected, ...plan } = endpoint;
      return plan;
    }),
  };
}

/** The parts of one endpoint, followed from the endpoint by reference. */
interface Parts {
  readonly serving: Serving;
  readonly endpoint: Resource;
  readonly name: string;
  readonly variant: Readonly<Record<string, unknown>>;
  readonly container: Readonly<Record<string, string>>;
  readonly roleId: string;
}

interface DeploymentConfig {
  readonly RollingUpdatePolicy?: {
    readonly MaximumBatchSize: {
      readonly Type: 'CAPACITY_PERCENT' | 'INSTANCE_COUNT';
      readonly Value: number;
    };
  };
  readonly BlueGreenUpdatePolicy?: { readonly TrafficRoutingConfiguration: { readonly Type: string } };
}

function partsOf(serving: Serving, endpoint: Resource): Parts {
  const config = resourceBehind(serving.serving, endpoint.properties['EndpointConfigName']);
  const [variant = {}, ...others] = config.properties['ProductionVariants'] as Record<string, unknown>[];
  if (others.length > 0) throw new Error(`${endpoint.id} has several variants`);
  const model = resourceBehind(serving.serving, variant['ModelName']);
  return {
    serving,
    endpoint,
    name: String(endpoint.properties['EndpointName']),
    variant,
    container: flat(model.properties['PrimaryContainer']) as Record<string, string>,
    roleId: targetOf(model.properties['ExecutionRoleArn']) ?? '',
  };
}

/** Specialists whose artifacts the endpoint may load. */
function specialistsOf({ serving, roleId }: Parts): Specialist[] {
  const keys = permissionsOf(serving.serving, roleId)
    .filter(({ actions }) => actions.includes('s3:GetObject'))
    .flatMap(({ resources }) => resources);
  return inCanonicalOrder(
    SPECIALISTS.filter((name) => keys.some((key) => key.includes(`/artifacts/${name}/`))),
  );
}

function scalableTarget({ serving, name, variant }: Parts): Resource | undefined {
  const id = `endpoint/${name}/variant/${String(variant['VariantName'])}`;
  return resourcesOf(serving.serving, 'AWS::ApplicationAutoScaling::ScalableTarget').find(
    ({ properties }) => properties['ResourceId'] === id,
  );
}

function scalingOf(parts: Parts): Scaling {
  const target = scalableTarget(parts);
  if (target === undefined) return { kind: parts.variant['ServerlessConfig'] ? 'on-demand' : 'fixed' };
  const policies = resourcesOf(parts.serving.serving, 'AWS::ApplicationAutoScaling::ScalingPolicy').filter(
    ({ properties }) => targetOf(properties['ScalingTargetId']) === target.id,
  );
  const targets = new Map(policies.map(({ properties }) => trackedIn(properties, parts.name)));
  const bounds = {
    min: Number(target.properties['MinCapacity']),
    max: Number(target.properties['MaxCapacity']),
  };
  const invocations = targets.get('SageMakerVariantInvocationsPerInstance');
  const cpu = targets.get('/aws/sagemaker/Endpoints CPUUtilization');
  const utilization = targets.get('SageMakerVariantProvisionedConcurrencyUtilization');
  const how = `${String(target.properties['ScalableDimension'])} ${policies.length}`;
  if (how === 'sagemaker:variant:DesiredInstanceCount 2' && invocations !== undefined && cpu !== undefined) {
    return { kind: 'instances', ...bounds, targetInvocationsPerMinute: invocations, targetCpuPercent: cpu };
  }
  if (how === 'sagemaker:variant:DesiredProvisionedConcurrency 1' && utilization !== undefined) {
    return { kind: 'provisioned-concurrency', ...bounds, targetUtilization: utilization };
  }
  throw new Error(`${target.id} scales ${how}: ${[...targets.keys()].join(', ')}`);
}

interface TargetTracking {
  readonly TargetValue: number;
  readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string };
  readonly CustomizedMetricSpecification?: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Statistic: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  };
}

/** Metric and target of a policy; a metric that is no average over the endpoint's variant is none that can be read. */
function trackedIn(properties: Resource['properties'], endpoint: string): [string, number] {
  const tracking = properties['TargetTrackingScalingPolicyConfiguration'] as TargetTracking;
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom } = tracking;
  if (predefined !== undefined) return [predefined.PredefinedMetricType, tracking.TargetValue];
  const of = custom?.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join();
  if (custom?.Statistic !== 'Average' || of !== `EndpointName=${endpoint},VariantName=AllTraffic`) {
    throw new Error(`${endpoint} scales by ${JSON.stringify(custom)}`);
  }
  return [`${custom.Namespace} ${custom.MetricName}`, tracking.TargetValue];
}

function updatesOf({ endpoint }: Parts): { updateStrategy: UpdateStrategy; rollingBatch?: RollingBatch } {
  const deployment = endpoint.properties['DeploymentConfig'] as DeploymentConfig | undefined;
  const batch = deployment?.RollingUpdatePolicy?.MaximumBatchSize;
  if (batch !== undefined) {
    const unit = ({ CAPACITY_PERCENT: 'percent', INSTANCE_COUNT: 'instances' } as const)[batch.Type];
    return { updateStrategy: 'rolling', rollingBatch: { unit, size: batch.Value } };
  }
  const routing = deployment?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration.Type;
  if (routing !== undefined && routing !== 'ALL_AT_ONCE') throw new Error(`${endpoint.id} shifts ${routing}`);
  return { updateStrategy: routing === undefined ? 'managed' : 'all-at-once' };
}

function readServerless(parts: Parts, config: Record<string, number>): Readable<ServerlessEndpointPlan> {
  const [specialist, ...others] = specialistsOf(parts);
  if (specialist === undefined || others.length > 0) throw new Error(`${parts.name} serves not exactly one`);
  const { MemorySizeInMB = 0, MaxConcurrency = 0, ProvisionedConcurrency } = config;
  return {
    name: parts.name,
    mode: 'serverless',
    specialists: [specialist],
    memoryMb: MemorySizeInMB,
    maxConcurrency: MaxConcurrency,
    ...(ProvisionedConcurrency === undefined ? {} : { provisionedConcurrency: ProvisionedConcurrency }),
    scaling: scalingOf(parts),
    updateStrategy: 'managed',
  };
}

function readInstances(parts: Parts): Readable<InstanceEndpointPlan> {
  const { serving, variant, container } = parts;
  const tag = String(container['Image']).split(':').at(-1) ?? '';
  const scaling = scalingOf(parts);
  const initial = Number(variant['InitialInstanceCount']);
  const bounds = scaling.kind === 'instances' ? scaling : { min: initial, max: initial };
  return {
    name: parts.name,
    mode: container['Mode'] === 'MultiModel' ? 'shared' : 'dedicated',
    specialists: specialistsOf(parts),
    instanceType: String(variant['InstanceType']),
    architecture: serving.platforms[tag] === 'linux/arm64' ? 'arm64' : 'x86_64',
    minInstances: bounds.min,
    initialInstances: initial,
    maxInstances: bounds.max,
    scaling,
    ...updatesOf(parts),
  };
}

function updateOrderOf(endpoints: readonly Resource[]): Topology['updateOrder'] {
  const ids = new Set(endpoints.map(({ id }) => id));
  const chained = endpoints.filter(({ dependsOn }) => dependsOn.some((id) => ids.has(id)));
  return endpoints.length > 1 && chained.length === endpoints.length - 1 ? 'one-at-a-time' : 'together';
}

function embeddedIn(template: TemplateJson): Specialist[] {
  const { Variables } = resourceOf(template, 'AWS::Lambda::Function').properties['Environment'] as {
    Variables: { INFERENCE: string };
  };
  const { routes } = parseConfiguration(Variables.INFERENCE);
  return SPECIALISTS.filter((name) => 'embedded' in (routes[name] ?? {}));
}

/** Reads back what a serving stack builds, as the plan it must have been built from. */
export function readTopology(serving: Serving): ReadTopology {
  const endpoints = resourcesOf(serving.serving, 'AWS::SageMaker::Endpoint');
  return {
    endpoints: endpoints.map((endpoint) => {
      const parts = partsOf(serving, endpoint);
      const config = parts.variant['ServerlessConfig'] as Record<string, number> | undefined;
      return config === undefined ? readInstances(parts) : readServerless(parts, config);
    }),
    embedded: embeddedIn(serving.serving),
    updateOrder: updateOrderOf(endpoints),
  };
}
