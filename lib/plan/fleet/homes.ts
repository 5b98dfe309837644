import type { Specialist } from '../../../models/catalogue';
import { callAmounts } from '../call-cost';
import type { Term } from './milp';
import { type Pool, gb } from './pool';
import { type Demand, ownHomes } from './problem';
import { type Writing, amountsUsd } from './writing';

/** H1: every model has exactly one home. */
export function hostEveryModel(to: Writing, members: readonly Demand[]): void {
  const own = ownHomes(to.problem);
  const byModel = new Map<Specialist, Demand>(members.map((demand) => [demand.model, demand]));
  for (const model of to.problem.models) {
    const terms: Term[] = [];
    for (const candidate of own.get(model) ?? []) {
      const chosen = to.milp.decision();
      to.homes.push({ candidate, chosen });
      to.bill.push([chosen, candidate.monthlyUsd]);
      to.levels.cost.push([chosen, to.partUsd]);
      if (candidate.endpoint === undefined) to.levels.embedded.push([chosen, 1]);
      terms.push([chosen, 1]);
    }
    const demand = byModel.get(model);
    if (demand !== undefined) {
      const chosen = to.milp.decision();
      to.pooled.push({ demand, chosen });
      const sharing: Term[] = [[chosen, 1]];
      for (const { members: inside } of to.pools) {
        const member = inside?.get(demand);
        if (member !== undefined) sharing.push([member, 1]);
      }
      const usd = amountsUsd(to, callAmounts(to.problem.context, [model], { mode: 'shared' }));
      to.bill.push(...sharing.map(([variable]): Term => [variable, usd]));
      terms.push(...sharing);
    }
    to.milp.require(terms, { from: 1, to: 1 });
  }
}

/** H2: endpoints of the aggregate carry together all of their members. */
export function carryEveryMember({ milp, pooled, pools, problem, day }: Writing): void {
  const aggregates = pools.filter((pool) => pool.members === undefined);
  const carry = (carried: (pool: Pool) => readonly Term[], amount: (demand: Demand) => number) =>
    milp.require(
      [
        ...aggregates.flatMap(carried),
        ...pooled.map(({ demand, chosen }): Term => [chosen, -amount(demand)]),
      ],
      { from: 0, to: 0 },
    );
  carry(
    ({ average }) => average,
    ({ average }) => average,
  );
  carry(
    ({ peak }) => peak,
    ({ peak }) => peak,
  );
  carry(
    ({ memoryGb }) => memoryGb,
    ({ memoryMb }) => gb(memoryMb),
  );
  for (const [at, stretch] of day.entries()) {
    carry((pool) => pool.stretches[at] ?? [], stretch.vcpus);
  }
  if (problem.context.environment.hosting.modes.includes('dedicated')) return;
  // H3: an endpoint of one model would be a dedicated one.
  const two = ({ endpoints }: Pool): Term => [endpoints, -2];
  const inAggregates = pooled.map(({ chosen }): Term => [chosen, 1]);
  milp.require([...inAggregates, ...aggregates.map(two)], { from: 0 });
  for (const pool of pools) {
    const inside = [...(pool.members?.values() ?? [])].map((member): Term => [member, 1]);
    if (pool.members !== undefined) milp.require([...inside, two(pool)], { from: 0 });
  }
}
