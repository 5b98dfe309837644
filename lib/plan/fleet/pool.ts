import type { Milp, Term, Variable } from './milp';
import type { Stretch } from './stretches';
import type { Demand, FleetProblem, PoolType } from './problem';

/** One endpoint of a type that models share, or all such endpoints in the aggregate. */
export interface Pool {
  readonly type: PoolType;
  /** Endpoints that a pool may stand for; 1 for one that is written out member by member. */
  readonly mostEndpoints: number;
  readonly endpoints: Variable;
  /** Instances at average load. */
  readonly first: Variable;
  /** Instances when scaled out. */
  readonly most: Variable;
  /** Instance-months of the expected bill. */
  readonly billed: readonly Term[];
  /** What the pool carries: of the aggregate an amount, of a single endpoint its members. */
  readonly average: readonly Term[];
  readonly peak: readonly Term[];
  readonly memoryGb: readonly Term[];
  readonly stretches: readonly (readonly Term[])[];
  /** Whether a model is a member; only of a single endpoint. */
  readonly members: ReadonlyMap<Demand, Variable> | undefined;
}

/** What pools are built from. */
export interface PoolSetting {
  readonly milp: Milp;
  readonly problem: FleetProblem;
  readonly day: readonly Stretch[];
  /** Most instances that one endpoint may have. */
  readonly each: number;
  /** More instances of a type than any plan needs. */
  readonly mostInstances: (type: PoolType) => number;
}

const MB_PER_GB = 1024;

/** Memory in GB: numbers of the size of the others in a program. */
export function gb(mb: number): number {
  return mb / MB_PER_GB;
}

/**
 * Adds a pool with the rules for its size (S1 to S5 of `model.md`).
 *
 * @param members models that may be members of this single endpoint; undefined for the aggregate of up to `mostEndpoints`
 */
export function addPool(
  { milp, problem, day, each, mostInstances }: PoolSetting,
  type: PoolType,
  mostEndpoints: number,
  members?: readonly Demand[],
): Pool {
  const upper = mostInstances(type);
  const { minInstances: min, autoscaling } = problem.context.environment.availability;
  const endpoints = milp.count(mostEndpoints);
  const [first, most] = [milp.count(upper), milp.count(upper)];
  const inside = members && new Map(members.map((demand) => [demand, milp.decision()]));
  const carried = (amount: (demand: Demand) => number): Term[] =>
    inside === undefined
      ? [[milp.amount(), 1]]
      : [...inside].map(([demand, variable]) => [variable, amount(demand)]);
  const counts = day.map((stretch) => ({
    stretch,
    variable: milp.count(upper),
    terms: carried(stretch.vcpus),
  }));
  const pool: Pool = {
    type,
    mostEndpoints,
    endpoints,
    first,
    most,
    billed: counts.map(({ stretch, variable }) => [variable, stretch.share]),
    average: carried(({ average }) => average),
    peak: carried(({ peak }) => peak),
    memoryGb: carried(({ memoryMb }) => gb(memoryMb)),
    stretches: counts.map(({ terms }) => terms),
    members: inside,
  };
  const { vcpus, burstable } = type.type;
  const carry = (terms: readonly Term[], instances: Variable) =>
    milp.require([...terms, [instances, -vcpus]], { to: 0 });
  const perEndpoint = (instances: Variable, count: number) =>
    milp.require(
      [
        [instances, 1],
        [endpoints, -count],
      ],
      { from: 0 },
    );
  /** A burstable fleet cannot scale: it has all its instances all day. */
  const within = (instances: Variable) =>
    milp.require(
      [
        [most, 1],
        [instances, -1],
      ],
      burstable ? { from: 0, to: 0 } : { from: 0 },
    );
  carry(pool.average, first);
  carry(pool.peak, most);
  perEndpoint(first, min);
  perEndpoint(most, autoscaling ? min + 1 : min);
  for (const { variable, terms } of counts) {
    carry(terms, variable);
    perEndpoint(variable, min);
    within(variable);
  }
  within(first);
  milp.require(
    [
      [most, 1],
      [endpoints, -each],
    ],
    { to: 0 },
  );
  milp.require([...pool.memoryGb, [endpoints, -gb(type.modelMb)]], { to: 0 });
  return pool;
}
