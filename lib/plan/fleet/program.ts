import { alarmAmounts } from '../call-cost';
import { carryEveryMember, hostEveryModel } from './homes';
import { type Aim, LEVELS } from './level';
import { Milp, type Term } from './milp';
import { addPool } from './pool';
import { type Demand, type FleetProblem, demands, instanceRoom, poolTypes } from './problem';
import { keepBudget, keepQuotas, keepUpdates } from './quota-rows';
import { stretches } from './stretches';
import { type Program, type Refinement, type Writing, amountsUsd } from './writing';

/**
 * Weight of all parts together: below half a cent, so that fewer parts never cost more. An endpoint is a part; so are
 * specialists that are embedded.
 */
const PARTS_USD = 0.004;
/** Pools of every type: single endpoints as far as the refinement writes them out, then the aggregate. */
function addPools(to: Writing, refinement: Refinement, members: readonly Demand[]): void {
  const { problem, milp } = to;
  const left = instanceRoom(problem);
  if (left === undefined || members.length === 0) return;
  const { elastic } = to.aim;
  const { minInstances } = problem.context.environment.availability;
  const vcpus = members.reduce((sum, { peak }) => sum + peak, 0);
  const enough = members.length * (minInstances + 1) + vcpus;
  const setting = {
    milp,
    problem,
    day: to.day,
    each: left.each,
    mostInstances: (type: { room: number }) =>
      Math.ceil(elastic ? enough : Math.min(enough, Math.max(0, type.room))),
  };
  const alarms = amountsUsd(to, alarmAmounts({ mode: 'shared' }));
  for (const type of poolTypes(problem)) {
    const mostEndpoints = Math.min(members.length, setting.mostInstances(type));
    if (mostEndpoints < 1) continue;
    const written = Array.from({ length: refinement.endpoints.get(type.type.instanceType) ?? 0 }, () =>
      addPool(setting, type, 1, members),
    );
    const pools = [...written, addPool(setting, type, mostEndpoints)];
    const usd = type.hourUsd * problem.context.prices.hoursPerMonth;
    for (const pool of pools) {
      to.bill.push(...pool.billed.map(([variable, by]): Term => [variable, by * usd]), [
        pool.endpoints,
        alarms,
      ]);
      to.levels.cost.push([pool.endpoints, to.partUsd]);
    }
    // Single endpoints are used in turn, and the aggregate only for what goes beyond them.
    pools.reduce((before, after) => {
      milp.require(
        [
          [after.endpoints, 1],
          [before.endpoints, -after.mostEndpoints],
        ],
        { to: 0 },
      );
      return after;
    });
    to.pools.push(...pools);
  }
}

/**
 * Writes a fleet problem down, and relaxes it: of endpoints in the aggregate it decides how many there are of each type
 * and how many instances they have, and that their memory and vCPUs hold all members *together*. Whether the members
 * can be split among those endpoints is left open, so no plan is better than its optimum; where no plan is as good, the
 * refinement writes endpoints out member by member. The rules are those of `model.md`, under the same names.
 */
export function writeProgram(problem: FleetProblem, aim: Aim, refinement: Refinement): Program {
  const members = poolTypes(problem).length === 0 ? [] : demands(problem);
  const levels = { embedded: [], exceeded: [], units: [], updateBlocked: [], cost: [] };
  const partUsd = PARTS_USD / (problem.models.length + 1);
  const to: Writing = {
    milp: new Milp(),
    levels,
    bill: [],
    homes: [],
    pooled: [],
    pools: [],
    excesses: [],
    day: stretches(members, refinement.stretches),
    problem,
    aim,
    partUsd,
  };
  addPools(to, refinement, members);
  hostEveryModel(to, to.pools.length === 0 ? [] : members);
  carryEveryMember(to);
  keepQuotas(to);
  keepUpdates(to);
  keepBudget(to);
  to.levels.cost.push(...to.bill);
  for (const level of LEVELS) {
    const most = aim.atMost[level];
    if (most !== undefined) to.milp.require(to.levels[level], { to: most });
  }
  return to;
}
