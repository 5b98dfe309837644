import { SPECIALISTS } from '../../models/catalogue';
import { EXIT } from '../errors';
import type { Candidate } from '../plan/candidate';
import type { Verdict } from '../plan/deployment-plan';
import type { Missing } from '../plan/fleet/missing';
import type { FleetHosting, FleetPlan } from '../plan/fleet/plan-fleet';
import { quotaDefinition } from '../quotas/catalogue';
import type { FleetReport } from './fleet-schema';

type Hosting = NonNullable<FleetReport['hosting']>;

const EXIT_CODES: Readonly<Record<Verdict, FleetReport['exitCode']>> = {
  fits: EXIT.fits,
  blocked: EXIT.blocked,
  unknown: EXIT.unknown,
};

function endpointOf({ endpoint, monthlyUsd }: Candidate): Hosting['endpoints'] {
  if (endpoint === undefined) return [];
  const { specialists, ...rest } = endpoint;
  return [{ ...rest, models: [...specialists], monthlyUsd }];
}

function hostingOf({ supposes, chosen, updateOrder, cost, leastUsd, proven }: FleetHosting): Hosting {
  return {
    supposes,
    endpoints: chosen
      .flatMap(endpointOf)
      .sort((a, b) => b.models.length - a.models.length || b.monthlyUsd - a.monthlyUsd),
    embedded: chosen
      .filter(({ endpoint }) => endpoint === undefined)
      .flatMap(({ specialists, p95Ms, monthlyUsd }) =>
        specialists.map((model) => ({ model, p95Ms, monthlyUsd })),
      ),
    updateOrder,
    cost: {
      monthlyUsd: cost.expected,
      idleMonthlyUsd: cost.idle,
      maxMonthlyUsd: cost.max,
      leastUsd,
      proven,
    },
  };
}

function missingOf(missing: Missing): FleetReport['missing'][number] {
  if (missing.kind === 'budget') return missing;
  const { kind, key, ...amounts } = missing;
  const { service, code, name } = quotaDefinition(key);
  return { kind, service, code, name, ...amounts };
}

/**
 * The report on a fleet: plain data that every renderer draws from.
 *
 * @param snapshotName name or file of the snapshot
 */
export function fleetReportOf(plan: FleetPlan, snapshotName: string): FleetReport {
  const { environment, target, snapshot, verdict, hosting } = plan;
  return {
    schemaVersion: 1,
    environment: environment.name,
    account: target.account ?? snapshot.account,
    region: target.region,
    snapshot: { name: snapshotName, ...snapshot },
    verdict,
    exitCode: EXIT_CODES[verdict],
    models: plan.models,
    inPlaceOf: [...SPECIALISTS],
    budgetUsd: environment.budget.monthlyUsd,
    platformUsd: plan.platformUsd,
    hosting: hosting === undefined ? null : hostingOf(hosting),
    quotas: plan.ledger.map((row) => ({ ...row })),
    missing: plan.missing.map(missingOf),
    homeless: plan.homeless.map(({ model, reason }) => ({ model, reason })),
    undetermined: plan.unread.map((key) => {
      const { service, code, name } = quotaDefinition(key);
      return { service, code, name };
    }),
    unpriced: plan.unpriced.map(({ item, price }) => ({ item, price })),
  };
}
