import { DescribeTargetHealthCommand, type TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type { Environment } from '../config/schema';
import { PORTS, type ServiceName } from '../workloads/names';
import { MIN_REPLICAS } from '../workloads/sizes';
import { type Found, failed, ok, undetermined } from './check';
import { type DeployedStack, goneFrom, partsOf } from './deployed-stack';
import type { Reader } from './reader';

/** Pods that come or go, as those of a rollout do. (ELB API: TargetHealth, State.) */
const MOVING = new Set<string>(['initial', 'draining', 'unhealthy.draining']);

const groupSchema = z.object({ Port: z.int() });

/** Target group of the pods that listen on a port, by what its template says. */
export function targetGroupOf(stack: DeployedStack, port: number): string | undefined {
  const groups = partsOf(stack, 'AWS::ElasticLoadBalancingV2::TargetGroup');
  return groups.find(({ properties }) => groupSchema.safeParse(properties).data?.Port === port)?.physicalId;
}

/** `2 healthy, 1 initial`. */
function counted(states: readonly string[]): string {
  return [...new Set(states)]
    .map((state) => `${states.filter((one) => one === state).length} ${state}`)
    .join(', ');
}

function healthFound(targets: readonly TargetHealth[]): Found {
  const states = targets.map(({ State }): string => State ?? 'in no known state');
  const healthy = states.filter((state) => state === 'healthy').length;
  const ill = states.filter((state) => state !== 'healthy' && !MOVING.has(state)).length;
  const reasons = [
    ...new Set(targets.flatMap(({ Reason }): string[] => (Reason === undefined ? [] : [Reason]))),
  ];
  const seen = states.length === 0 ? 'no pod is registered' : `pods: ${counted(states)}`;
  if (healthy >= MIN_REPLICAS && ill === 0) return ok(seen);
  const detail = [`${seen}; ${MIN_REPLICAS} healthy ones at the least are planned`, ...reasons].join(', ');
  return states.some((state) => MOVING.has(state))
    ? undetermined(detail, 'verify again when the rollout is over')
    : failed(detail, 'follow docs/runbook.md#unhealthy-hosts, or #workloads where no pod is registered');
}

/**
 * Whether the load balancer calls the pods of a workload healthy. Without a certificate it has no listener, and asks
 * no pod.
 */
export async function workloadFound(
  workload: ServiceName,
  { platform }: Environment,
  stack: DeployedStack,
  { loadBalancing, read, signal: abortSignal }: Reader,
): Promise<Found[]> {
  if (platform.certificateArn === undefined) {
    return [ok('not asked: without a certificate the load balancer checks no pod')];
  }
  const TargetGroupArn = targetGroupOf(stack, PORTS[workload]);
  if (TargetGroupArn === undefined) return [goneFrom(stack.name, `target group of the ${workload}`)];
  const answer = await read('elasticloadbalancing:DescribeTargetHealth', () =>
    loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }), { abortSignal }),
  );
  if (answer.state === 'unknown') return [answer.found];
  if (answer.state === 'absent') return [goneFrom(stack.name, `target group of the ${workload}`)];
  const { TargetHealthDescriptions: targets = [] } = answer.value;
  return [healthFound(targets.map(({ TargetHealth: health }) => health ?? {}))];
}
