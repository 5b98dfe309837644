/** `error` decides the verdict, `warning` matters under `--strict`, `info` is said once and never fails anything. */
export type Severity = 'error' | 'warning' | 'info';

/** What a finding says; titles and remedies are sentences for the person who has to act. */
interface FindingText {
  readonly severity: Severity;
  readonly title: string;
  readonly remedy: string;
}

const number = (value: number): string => String(Number(value.toFixed(2)));
const why = (missing: string | undefined): string => (missing === undefined ? '' : ` (missing: ${missing})`);
/** An IAM action, such as `servicequotas:GetServiceQuota`, is allowed; anything else is only told. */
const mend = (missing: string | undefined): string => {
  const actions = missing?.match(/\b[a-z0-9-]+:[A-Z]\w+/g) ?? [];
  return actions.length === 0
    ? ''
    : `Allow ${actions.join(', ')} (--print-policy shows all that is needed). `;
};
const usd = (value: number): string => `${value.toFixed(2)} USD`;

/** A quota that fits, but has no room for what is needed beside it for a while. */
interface TemporaryNeed {
  readonly quota: string;
  readonly name: string;
  readonly limit: number;
  readonly others: number;
  readonly needed: number;
}

/**
 * Every finding there is, in one place: id, severity, title and remedy. A finding that is not written down here does
 * not compile.
 */
export const FINDINGS = {
  'quota-exceeded': (f: { quota: string; name: string; limit: number; needed: number; others: number }) => ({
    severity: 'error',
    title: `${f.name} (${f.quota}): ${number(f.needed)} needed, ${number(f.limit - f.others)} left of ${number(f.limit)}; short by ${number(f.needed + f.others - f.limit)}`,
    remedy: `Raise ${f.quota} from ${number(f.limit)} to ${number(f.needed + f.others)}, free what others hold, or lower the demand in the environment's configuration`,
  }),
  'quota-unknown': (f: { quota: string; name: string; needed: number; missing?: string }) => ({
    severity: 'error',
    title: `${f.name} (${f.quota}): the limit could not be determined${why(f.missing)}; ${number(f.needed)} needed`,
    remedy: `${mend(f.missing)}Read the account again, or set limits["${f.quota}"].value in the environment's configuration`,
  }),
  'usage-unknown': (f: { quota: string; name: string; needed: number; limit: number; missing?: string }) => ({
    severity: 'error',
    title: `${f.name} (${f.quota}): how much of ${number(f.limit)} is in use could not be determined${why(f.missing)}; ${number(f.needed)} needed`,
    remedy: `${mend(f.missing)}Read the account again, or set limits["${f.quota}"].usage in the environment's configuration to what others use`,
  }),
  'budget-exceeded': (f: { budgetUsd: number; monthlyUsd: number }) => ({
    severity: 'error',
    title: `The expected cost is ${usd(f.monthlyUsd)} a month, ${usd(f.monthlyUsd - f.budgetUsd)} above the budget of ${usd(f.budgetUsd)}`,
    remedy:
      'Raise budget.monthlyUsd, or switch off parts of the platform that this environment does not need',
  }),
  'price-unknown': (f: { item: string; price: string; region: string }) => ({
    severity: 'error',
    title: `${f.item} cannot be priced: the book of ${f.region} has no ${f.price}`,
    remedy: `Add ${f.price} to lib/pricing/books/${f.region}.json with its source, or choose a size that is priced`,
  }),
  'promise-broken': (f: {
    specialists: string;
    promise: 'p95' | 'cold-starts';
    p95Ms: number;
    targetMs: number;
  }) => ({
    severity: 'error',
    title:
      f.promise === 'p95'
        ? `${f.specialists}: no way of hosting answers within ${f.targetMs} ms at p95; the best is ${f.p95Ms} ms`
        : `${f.specialists}: a request may wait for a cold start, which this environment refuses`,
    remedy:
      f.promise === 'p95'
        ? 'Raise latency.p95Ms, or allow larger types in hosting.instanceTypes'
        : 'Accept cold starts, or allow the modes dedicated or shared in hosting.modes',
  }),
  'no-way-to-host': (f: { specialists: string; modes: string }) => ({
    severity: 'error',
    title: `${f.specialists}: none of the allowed modes (${f.modes}) can hold the traffic and memory`,
    remedy: 'Allow more of hosting.modes or hosting.instanceTypes, or lower the traffic',
  }),
  'update-needs-quota': (f: TemporaryNeed) => ({
    severity: 'warning',
    title: `${f.name} (${f.quota}): an update needs ${number(f.needed)} for a while, ${number(f.limit - f.others)} are left; it deploys, but cannot be updated`,
    remedy: `Raise ${f.quota} to ${number(f.needed + f.others)} before the next change of a model`,
  }),
  'node-replacement-needs-quota': (f: TemporaryNeed) => ({
    severity: 'warning',
    title: `${f.name} (${f.quota}): replacing EKS nodes needs ${number(f.needed)} for a while, ${number(f.limit - f.others)} are left; they deploy, but patched nodes cannot start before the old ones go`,
    remedy: `Raise ${f.quota} to ${number(f.needed + f.others)} before nodes are replaced, which happens to each within two weeks`,
  }),
  'update-while-scaled-out': (f: { endpoint: string; needed: number; quota: string; left: number }) => ({
    severity: 'warning',
    title: `${f.endpoint}: an update while endpoints are scaled out would need ${number(f.needed)} of ${f.quota}; ${number(f.left)} are left`,
    remedy: `Deploy changes of its model off-peak, or raise ${f.quota} by ${number(f.needed - f.left)}`,
  }),
  'single-instance': (f: { endpoint: string; specialists: string; fallback: 'embedded' | 'none' }) => ({
    severity: 'warning',
    title: `${f.endpoint}: one instance in one zone serves ${f.specialists}; while it is replaced or its zone fails, ${
      f.fallback === 'embedded'
        ? 'calls are answered inside the Lambda, slower and as degraded'
        : 'calls fail, as inference.fallback is off'
    }`,
    remedy:
      'Set availability.minInstances to 2, which SageMaker spreads over zones; if the plan then does not fit, it names the quota to raise',
  }),
  'replacement-exceeds-quota': (f: {
    quota: string;
    name: string;
    limit: number;
    others: number;
    needed: number;
    replaced: string;
  }) => ({
    severity: 'error',
    title: `${f.name} (${f.quota}): ${number(f.needed)} needed while new endpoints are created beside those that run, ${number(f.limit - f.others)} left of ${number(f.limit)}; short by ${number(f.needed + f.others - f.limit)}`,
    remedy: `Raise ${f.quota} from ${number(f.limit)} to ${number(f.needed + f.others)}${f.replaced === '' ? '' : `, or delete ${f.replaced} first: its specialists answer from inside the Lambda until the new endpoint is up`}`,
  }),
  'moves-specialists': (f: {
    specialists: string;
    from: string;
    to: string;
    counted: 'counted' | 'not known';
  }) => ({
    severity: 'info',
    title: `${f.specialists} ${f.specialists.includes(',') ? 'move' : 'moves'} from ${f.from} to ${f.to}`,
    remedy:
      f.counted === 'counted'
        ? 'What is new is created before the old is deleted; the quotas above have room for both'
        : 'What is new is created before the old is deleted: check that the quotas have room for both, because what the old one holds is not known here; --current with the report of its deployment tells it',
  }),
  'kept-running-plan': (f: {
    savingUsd: number;
    thresholdUsd: number;
    moved: number;
    specialists: string;
    to: string;
  }) => ({
    severity: 'info',
    title: `What runs is kept: moving ${f.specialists} to ${f.to} would save ${usd(f.savingUsd)} a month, and must save more than ${usd(f.thresholdUsd * f.moved)} (${usd(f.thresholdUsd)} a specialist)`,
    remedy: 'Lower hosting.moveThresholdUsd to move for less',
  }),
  'better-plan-out-of-reach': (f: {
    specialists: string;
    to: string;
    gain: string;
    quota: string;
    name: string;
    needed: number;
    left: number;
  }) => ({
    severity: 'info',
    title: `What runs is kept: moving ${f.specialists} to ${f.to} would ${f.gain}, but needs ${number(f.needed)} of ${f.name} (${f.quota}) while old and new endpoints stand side by side; ${number(f.left)} are left`,
    remedy: `Raise ${f.quota} by ${number(f.needed - f.left)}, then plan again`,
  }),
  'quotas-assumed': (f: { count: number; takenAt: string }) => ({
    severity: 'info',
    title: `${f.count} of the quotas drawn on were assumed, not read from the account (snapshot of ${f.takenAt.slice(0, 10)})`,
    remedy: 'Check them in the account before the first deploy',
  }),
  'prices-unverified': (f: { items: string }) => ({
    severity: 'info',
    title: `A price in ${f.items} is not confirmed by a second source`,
    remedy: 'Compare with the AWS Price List before you rely on it',
  }),
  'quota-contended': (f: {
    quota: string;
    name: string;
    own: number;
    others: string;
    together: number;
    left: number;
  }) => ({
    severity: 'info',
    title: `${f.name} (${f.quota}) is shared: this environment needs ${number(f.own)}, others of the same account need more (${f.others}); ${number(f.together)} together, ${number(f.left)} are left`,
    remedy: `Give each environment an account of its own, or raise ${f.quota} by ${number(f.together - f.left)} before all of them are deployed`,
  }),
  'snapshot-drift': (f: { snapshot: string; takenAt: string; difference: string }) => ({
    severity: 'error',
    title: `The recorded snapshot ${f.snapshot} of ${f.takenAt.slice(0, 10)} no longer gives the plan of the live account: ${f.difference}`,
    remedy:
      'Record the account again (preflight --live --record FILE), review the change of plan and commit it',
  }),
  'no-certificate': () => ({
    severity: 'info',
    title: 'The load balancer listens to nothing, because platform.certificateArn names no certificate',
    remedy: 'Set platform.certificateArn to a certificate of AWS Certificate Manager in the same region',
  }),
  'certificate-region': (f: { arn: string; region: string; others: string }) => ({
    severity: 'error',
    title: `${f.arn} of platform.certificateArn is of ${f.others}; a load balancer in ${f.region} takes none but those of its own account and region`,
    remedy: `Request or import the certificate in ${f.region}, in the account deployed to, and set platform.certificateArn to it`,
  }),
  'no-images': () => ({
    severity: 'info',
    title: 'The cluster runs nothing, because platform.workloads.images names neither backend nor frontend',
    remedy:
      'Deploy, push the images to the repositories that are then there, and set their digests (docs/runbook.md, First deploy)',
  }),
  'capacity-configured': (f: { asOf: string }) => ({
    severity: 'info',
    title: `Time and memory of a request are configured figures of ${f.asOf}, not measured ones`,
    remedy: 'Measure the model server and write models/profiles.json',
  }),
} as const satisfies Record<string, (facts: never) => FindingText>;

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first, then warnings, then notes; otherwise in the order given. */
export function bySeverity<Item extends { readonly severity: Severity }>(findings: readonly Item[]): Item[] {
  return [...findings].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

export type FindingId = keyof typeof FINDINGS;

/** Facts that a finding's sentences are made of. */
export type FindingFacts<Id extends FindingId> = Parameters<(typeof FINDINGS)[Id]>[0];

/** A finding with the facts it rests on, for people and for machines. */
export interface Finding extends FindingText {
  readonly id: FindingId;
  readonly facts: Readonly<Record<string, string | number>>;
}

/**
 * Makes a finding.
 *
 * @param facts what its sentences are made of; left out where they need none
 */
export function finding<Id extends FindingId>(
  id: Id,
  ...[facts]: FindingFacts<Id> extends undefined ? [] : [facts: FindingFacts<Id>]
): Finding {
  const write = FINDINGS[id] as (given: typeof facts) => FindingText;
  return { id, ...write(facts), facts: { ...facts } };
}
