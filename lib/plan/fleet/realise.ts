import type { Specialist } from '../../../models/catalogue';
import type { Candidate } from '../candidate';
import { instanceCandidates } from '../instance-candidate';
import { type Capacity, pack } from './packing';
import type { FleetProblem } from './problem';
import type { PooledFleet, Relaxed } from './relaxation';

/** How instances beyond each endpoint's least are given out: all to one endpoint, or evenly. */
export type Split = 'one' | 'even';

/** Capacities of the endpoints of one type: vCPUs at average load, scaled out and in parts of the day; memory in MB. */
function capacities(fleet: PooledFleet, { context }: FleetProblem, split: Split): Capacity[] {
  const { pool, endpoints, first, most, inStretch } = fleet;
  const { minInstances: min, autoscaling } = context.environment.availability;
  const size = (total: number, least: number, at: number): number => {
    const spare = Math.max(0, total - least * endpoints);
    if (split === 'one') return least + (at === 0 ? spare : 0);
    return least + Math.floor(spare / endpoints) + (at < spare % endpoints ? 1 : 0);
  };
  const leastMost = autoscaling && !pool.type.burstable ? min + 1 : min;
  return Array.from({ length: endpoints }, (_, at) => [
    size(first, min, at) * pool.type.vcpus,
    size(most, leastMost, at) * pool.type.vcpus,
    ...inStretch.map((instances) => size(instances, min, at) * pool.type.vcpus),
    pool.modelMb,
  ]);
}

/**
 * A real plan from a relaxed one: says which of the pooled models share which endpoint. Its endpoints are sized anew by
 * their members, so where the packing is not perfect the plan may be dearer than the relaxation, or break a rule.
 *
 * @returns undefined when not every model has a home, some endpoint cannot hold its members, or it would be of a mode
 *   that is not allowed
 */
export function realise(problem: FleetProblem, relaxed: Relaxed, split: Split): Candidate[] | undefined {
  const slots = relaxed.fleets.flatMap((fleet) =>
    capacities(fleet, problem, split).map((capacity) => ({ pool: fleet.pool, capacity })),
  );
  if (relaxed.pooled.length > 0 && slots.length === 0) return undefined;
  const packed = pack(
    relaxed.pooled.map((demand) => ({
      name: demand.model,
      takes: [demand.average, demand.peak, ...relaxed.day.map(({ vcpus }) => vcpus(demand)), demand.memoryMb],
    })),
    slots.map(({ capacity }) => capacity),
  );
  const groups = [
    ...relaxed.written,
    ...slots.map(({ pool }, at) => ({ pool, members: packed[at] ?? [] })),
  ].filter(({ members }) => members.length > 0);
  // Endpoints are named by their members: the same members must give the same name.
  const order = new Map(problem.models.map((model, at) => [model, at]));
  const inOrder = (a: Specialist, b: Specialist) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
  const shared = groups.flatMap(({ pool, members }) =>
    instanceCandidates(problem.context, members.toSorted(inOrder), [pool.type]),
  );
  const { modes } = problem.context.environment.hosting;
  if (shared.length < groups.length || shared.some(({ mode }) => !modes.includes(mode))) return undefined;
  const chosen = [...relaxed.homes, ...shared];
  // A solve that ran out of time may have no solution at all, or one of which only a part could be read.
  const hosted = chosen.reduce((sum, { specialists }) => sum + specialists.length, 0);
  return hosted === problem.models.length ? chosen : undefined;
}
