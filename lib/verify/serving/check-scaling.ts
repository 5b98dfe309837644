import {
  type ScalableTarget,
  type ScalingPolicy,
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
} from '@aws-sdk/client-application-auto-scaling';
import { PRODUCTION_VARIANT } from '../../config/resource-names';
import {
  type Tracking,
  type TrackingPolicy,
  metricName,
  trackingOf,
} from '../../plan/hosting/target-tracking';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { everyItem } from '../../aws/outcome';
import { type Check, type Found, checkOf, failed, ok } from '../check-outcome';
import type { Reader } from '../verify-reader';

const REDEPLOY = 'deploy again from this tree; somebody or another plan changed the registration';
const UNREGISTERED = 'follow docs/runbook.md#scaling-lost: CloudFormation does not see that it is gone';

const idOf = ({ name }: EndpointPlan) => `endpoint/${name}/variant/${PRODUCTION_VARIANT}`;

/** AWS stores a target as a double. */
const same = (a: number | undefined, b: number) => a !== undefined && Math.abs(a - b) <= 1e-9 * Math.abs(b);

function targetFound({ min, max }: Tracking, target: ScalableTarget): Found[] {
  const { MinCapacity, MaxCapacity, SuspendedState: suspended } = target;
  const stopped =
    suspended?.DynamicScalingInSuspended === true || suspended?.DynamicScalingOutSuspended === true;
  return [
    ...(MinCapacity === min && MaxCapacity === max
      ? []
      : [failed(`registered from ${MinCapacity} to ${MaxCapacity}, planned ${min} to ${max}`, REDEPLOY)]),
    ...(stopped
      ? [
          failed(
            'its scaling is suspended',
            'resume it: aws application-autoscaling register-scalable-target',
          ),
        ]
      : []),
  ];
}

function isPlanned({ metric, target }: TrackingPolicy, policy: ScalingPolicy): boolean {
  const { PolicyType, TargetTrackingScalingPolicyConfiguration: config } = policy;
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom } = config ?? {};
  const type: string | undefined = predefined?.PredefinedMetricType;
  const named =
    'predefined' in metric
      ? type === metric.predefined
      : custom?.MetricName === metric.custom && custom.Namespace === metric.namespace;
  return PolicyType === 'TargetTrackingScaling' && named && same(config?.TargetValue, target);
}

function policiesFound({ policies: planned, dimension }: Tracking, found: readonly ScalingPolicy[]): Found[] {
  const own = found.filter(({ ScalableDimension }) => ScalableDimension === dimension);
  if (own.length === 0) return [failed('has no scaling policy, so its size never changes', UNREGISTERED)];
  const missing = planned.filter((policy) => !own.some((candidate) => isPlanned(policy, candidate)));
  if (missing.length > 0) {
    return [failed(`has no scaling policy as planned: ${missing.map(spell).join(', ')}`, UNREGISTERED)];
  }
  return own.length === planned.length
    ? []
    : [failed(`has ${own.length} scaling policies, planned ${planned.length}`, REDEPLOY)];
}

const spell = ({ metric, target }: TrackingPolicy) => `${metricName(metric)} at ${target}`;

function foundOf(
  plan: EndpointPlan,
  targets: readonly ScalableTarget[],
  policies: readonly ScalingPolicy[],
): Found[] {
  const id = idOf(plan);
  const own = targets.filter(({ ResourceId }) => ResourceId === id);
  const tracking = trackingOf(plan.scaling);
  if (tracking === undefined) {
    return own.length === 0
      ? [ok('nothing is registered, as planned')]
      : [failed('is registered for scaling, which the plan has none of', REDEPLOY)];
  }
  const target = own.find(({ ScalableDimension }) => ScalableDimension === tracking.dimension);
  if (target === undefined) return [failed(`${tracking.dimension} is not registered`, UNREGISTERED)];
  const policiesOfIt = policies.filter(({ ResourceId }) => ResourceId === id);
  const wrong = [...targetFound(tracking, target), ...policiesFound(tracking, policiesOfIt)];
  return wrong.length > 0
    ? wrong
    : [ok(`${tracking.min} to ${tracking.max} by ${tracking.policies.map(spell).join(' and ')}, as planned`)];
}

/** Whether scaling is registered as planned; CloudFormation does not notice when a registration is taken away. */
export async function checkScaling(
  endpoints: readonly EndpointPlan[],
  { autoScaling: client, read, signal: abortSignal }: Reader,
): Promise<Check[]> {
  if (endpoints.length === 0) return [];
  const ServiceNamespace = 'sagemaker';
  const [targets, policies] = await Promise.all([
    read('application-autoscaling:DescribeScalableTargets', () =>
      everyItem(
        paginateDescribeScalableTargets(
          { client },
          { ServiceNamespace, ResourceIds: endpoints.map(idOf) },
          { abortSignal },
        ),
        ({ ScalableTargets }) => ScalableTargets,
      ),
    ),
    read('application-autoscaling:DescribeScalingPolicies', () =>
      everyItem(
        paginateDescribeScalingPolicies({ client }, { ServiceNamespace }, { abortSignal }),
        ({ ScalingPolicies }) => ScalingPolicies,
      ),
    ),
  ]);
  return endpoints.map((plan) => {
    if (targets.state === 'unknown') return checkOf('scaling', plan.name, [targets.found]);
    if (policies.state === 'unknown') return checkOf('scaling', plan.name, [policies.found]);
    const registered = targets.state === 'known' ? targets.value : [];
    return checkOf(
      'scaling',
      plan.name,
      foundOf(plan, registered, policies.state === 'known' ? policies.value : []),
    );
  });
}
