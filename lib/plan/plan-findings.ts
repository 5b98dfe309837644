import { SPECIALISTS } from '../../models/catalogue';
import { certificateHome, isOwnCertificate } from '../config/network/certificate';
import type { Target } from '../config/load-environment';
import { type Environment, HOSTING_MODES } from '../config/environment';
import { runsWorkloads } from '../config/workloads/configured-workloads';
import { HOSTING_TYPES, QUOTA, endpointQuotaKey, quotaKey } from '../quotas/quota-catalogue';
import type { Snapshot } from '../quotas/snapshot-schema';
import type { Candidate } from './candidates/candidate';
import type { CostLine, MonthlyCost } from './cost/monthly-cost';
import { type Finding, bySeverity, finding } from './findings';
import { updateSurge } from './hosting/rolling-batch';
import type { LedgerRow } from './demand/quota-ledger';
import type { ModelProfiles } from './hosting/model-profile';
import type { Topology } from './hosting/endpoint-plan';

/** What findings are drawn from. */
export interface PlanFacts {
  readonly environment: Environment;
  readonly target: Target;
  readonly snapshot: Snapshot;
  readonly profiles: ModelProfiles;
  readonly chosen: readonly Candidate[];
  readonly topology: Topology;
  readonly rows: readonly LedgerRow[];
  readonly cost: { readonly total: MonthlyCost; readonly lines: readonly CostLine[] };
}

function quotaFinding(row: LedgerRow): Finding[] {
  const quota = `${row.service}/${row.code}`;
  const { name, limit, usedByOthers: others } = row;
  const needed = Math.max(row.steady, row.peak);
  const missing = row.missing === undefined ? {} : { missing: row.missing };
  if (limit === null) return [finding('quota-unknown', { quota, name, needed, ...missing })];
  if (others === null) return [finding('usage-unknown', { quota, name, needed, limit, ...missing })];
  if (row.verdict === 'blocked') return [finding('quota-exceeded', { quota, name, limit, needed, others })];
  if (row.verdict === 'update-blocked') {
    const id = quota === QUOTA.standardVcpus ? 'node-replacement-needs-quota' : 'update-needs-quota';
    return [finding(id, { quota, name, limit, others, needed: row.updatePeak })];
  }
  return [];
}

function promiseFindings({ chosen, environment }: PlanFacts): Finding[] {
  return chosen.flatMap((candidate) =>
    candidate.broken.map((promise) =>
      finding('promise-broken', {
        specialists: candidate.specialists.join(', '),
        promise,
        p95Ms: candidate.p95Ms,
        targetMs: environment.latency.p95Ms,
      }),
    ),
  );
}

/**
 * An update while fleets are scaled out needs more than one at average load, which the ledger counts. Said only of
 * quotas that fit otherwise: of the others worse is said already.
 */
function scaledOutFindings({ topology, rows }: PlanFacts): Finding[] {
  return topology.endpoints.flatMap((endpoint) => {
    const type = endpoint.mode === 'serverless' ? undefined : HOSTING_TYPES.get(endpoint.instanceType);
    if (endpoint.mode === 'serverless' || type === undefined) return [];
    const drawnOn = new Set([QUOTA.endpointInstances, endpointQuotaKey(type)]);
    const surge = updateSurge(endpoint, endpoint.maxInstances);
    return rows.flatMap((row) => {
      const quota = quotaKey(row);
      if (!drawnOn.has(quota) || row.verdict !== 'fits' || row.limit === null) return [];
      const left = row.limit - (row.usedByOthers ?? 0);
      const needed = row.peak + surge;
      return needed <= left
        ? []
        : [finding('update-while-scaled-out', { endpoint: endpoint.name, needed, quota, left })];
    });
  });
}

/**
 * An environment that refuses cold starts promises answers that are always warm. A single instance cannot keep that
 * through the loss of its zone: SageMaker spreads two or more over zones.
 */
function singleInstanceFindings({ topology, environment }: PlanFacts): Finding[] {
  if (environment.latency.coldStarts !== 'refused') return [];
  const fallback = environment.inference.fallback ? 'embedded' : 'none';
  return topology.endpoints.flatMap((endpoint) =>
    endpoint.mode !== 'serverless' && endpoint.minInstances === 1
      ? [
          finding('single-instance', {
            endpoint: endpoint.name,
            specialists: endpoint.specialists.join(', '),
            fallback,
          }),
        ]
      : [],
  );
}

function qualityFindings({ rows, snapshot, cost, profiles }: PlanFacts): Finding[] {
  const assumed = rows.filter((row) => row.assumed).length;
  const unverified = cost.lines.filter((line) => line.unverified).map((line) => line.item);
  return [
    ...(assumed > 0 ? [finding('quotas-assumed', { count: assumed, takenAt: snapshot.takenAt })] : []),
    ...(unverified.length > 0 ? [finding('prices-unverified', { items: unverified.join(', ') })] : []),
    ...(profiles.origin === 'configured' ? [finding('capacity-configured', { asOf: profiles.asOf })] : []),
  ];
}

/** Certificates are never shared: what is of another region or account is refused once everything else is up. */
function certificateFindings(environment: Environment, target: Target): Finding[] {
  const { certificateArn: arn } = environment.platform;
  if (arn === undefined) return [finding('no-certificate')];
  if (isOwnCertificate(arn, target)) return [];
  const { region, account } = certificateHome(arn);
  const others = region === target.region ? `account ${account}` : region;
  return [finding('certificate-region', { arn, region: target.region, others })];
}

/** What the platform deploys without, or cannot deploy with. */
function platformFindings({ environment, target }: PlanFacts): Finding[] {
  const { platform } = environment;
  if (!platform.enabled) return [];
  return [
    ...(runsWorkloads(environment) ? [] : [finding('no-images')]),
    ...certificateFindings(environment, target),
  ];
}

/** Everything that is to be said of a plan: errors first, then warnings, then notes. */
export function planFindings(facts: PlanFacts): Finding[] {
  const { environment, chosen, rows, cost } = facts;
  const hosted = new Set(chosen.flatMap((candidate) => candidate.specialists));
  const homeless = SPECIALISTS.filter((name) => !hosted.has(name));
  const { monthlyUsd: budgetUsd } = environment.budget;
  const findings = [
    ...(homeless.length > 0
      ? [
          finding('no-way-to-host', {
            specialists: homeless.join(', '),
            modes: HOSTING_MODES.filter((mode) => environment.hosting.modes.includes(mode)).join(', '),
          }),
        ]
      : []),
    ...rows.flatMap(quotaFinding),
    ...promiseFindings(facts),
    ...(cost.total.expected > budgetUsd
      ? [finding('budget-exceeded', { budgetUsd, monthlyUsd: cost.total.expected })]
      : []),
    ...scaledOutFindings(facts),
    ...singleInstanceFindings(facts),
    ...platformFindings(facts),
    ...qualityFindings(facts),
  ];
  return bySeverity(findings);
}
