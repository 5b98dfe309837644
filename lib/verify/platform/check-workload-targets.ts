import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type { Environment } from '../../config/environment';
import { PORTS, type ServiceName } from '../../config/workloads/workload-names';
import { MIN_REPLICAS } from '../../config/workloads/pod-sizes';
import { type Found, failed, ok, undetermined } from '../check-outcome';
import { type DeployedStack, goneFrom, partsOf } from '../deployed-stack';
import type { Reader } from '../verify-reader';

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

function healthFound(targets: readonly TargetHealthDescription[], zones: number): Found {
  const states = targets.map(({ TargetHealth: health }): string => health?.State ?? 'in no known state');
  const healthy = targets.filter(({ TargetHealth: health }) => health?.State === 'healthy');
  const ill = states.filter((state) => state !== 'healthy' && !MOVING.has(state)).length;
  const reasons = targets.flatMap(({ TargetHealth: health }): readonly string[] =>
    health?.Reason === undefined ? [] : [health.Reason],
  );
  const seen = states.length === 0 ? 'no pod is registered' : `pods: ${counted(states)}`;
  if (healthy.length >= MIN_REPLICAS && ill === 0)
    return zonesFound(healthy, Math.min(zones, MIN_REPLICAS), seen);
  const planned = `${seen}; ${MIN_REPLICAS} healthy ones at the least are planned`;
  const detail = [planned, ...new Set(reasons)].join(', ');
  return states.some((state) => MOVING.has(state))
    ? undetermined(detail, 'verify again when the rollout is over')
    : failed(detail, 'follow docs/runbook.md#unhealthy-hosts, or #workloads where no pod is registered');
}

/**
 * Whether the healthy pods stand in as many zones as planned. ELB finds out the zone of an address of the VPC by itself
 * (ELB API, TargetDescription).
 */
function zonesFound(healthy: readonly TargetHealthDescription[], planned: number, seen: string): Found {
  const zones = healthy.map(({ Target }) =>
    Target?.AvailabilityZone === 'all' ? undefined : Target?.AvailabilityZone,
  );
  const known = [...new Set(zones.filter((zone) => zone !== undefined))].sort();
  if (known.length >= planned) return ok(`${seen}, in ${known.join(' and ')}`);
  if (zones.includes(undefined)) {
    return undetermined(`${seen}; in which zones is not said`, 'see kubectl -n mini-xdr get pods -o wide');
  }
  return failed(
    `${seen}, all in ${known.join(' and ')}; ${planned} zones are planned`,
    'follow docs/runbook.md#workloads, Pending',
  );
}

/**
 * Whether the load balancer calls the pods of a workload healthy, in two zones. Without a certificate it has no listener, and asks
 * no pod.
 */
export async function workloadFound(
  workload: ServiceName,
  { platform, network }: Environment,
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
  return [healthFound(targets, network.zones.length)];
}
