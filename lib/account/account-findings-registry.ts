import type { Severity } from '../plan/findings';
import limits from './limits.json';

/** What a finding says; titles and remedies are sentences for the person who has to act. */
interface AccountFindingText {
  readonly severity: Severity;
  readonly title: string;
  readonly remedy: string;
}

/** Bytes in decimal units, as AWS states its limits. */
function bytes(value: number): string {
  return value >= 1e9 ? `${(value / 1e9).toFixed(1)} GB` : `${Math.ceil(value / 1e6)} MB`;
}

/**
 * Every finding on an account beside its quotas: id, severity, title and remedy. What would stop a first deployment is
 * an error, and so is not knowing it; what may slow or stop it in some accounts is a warning.
 */
export const ACCOUNT_FINDINGS = {
  'bootstrap-missing': (f: { region: string; account: string }) => ({
    severity: 'error',
    title: `The account is not bootstrapped for CDK in ${f.region}: nothing can be deployed`,
    remedy: `Run npx cdk bootstrap aws://${f.account}/${f.region} once, as an administrator`,
  }),
  'bootstrap-outdated': (f: { version: number; needed: number; region: string; account: string }) => ({
    severity: 'error',
    title: `The CDK bootstrap stack in ${f.region} has version ${f.version}; the templates refuse anything below ${f.needed}`,
    remedy: `Run npx cdk bootstrap aws://${f.account}/${f.region} again, which updates it in place`,
  }),
  'zone-missing': (f: { zone: string; available: string }) => ({
    severity: 'error',
    title: `This account has no usable zone ${f.zone}, where network.zones puts subnets`,
    remedy: `Choose network.zones from ${f.available}`,
  }),
  'zone-refused-by-eks': (f: { zone: string; zoneId: string }) => ({
    severity: 'error',
    title: `EKS takes no control plane subnets in ${f.zone}, which in this account is ${f.zoneId}`,
    remedy: `Leave ${f.zone} out of network.zones`,
  }),
  'zone-without-instance-type': (f: { instanceType: string; zone: string; offered: string }) => ({
    severity: 'error',
    title: `${f.zone} does not offer ${f.instanceType}, which the training instance needs there`,
    remedy: `Put one of ${f.offered} first in network.zones, or change workbench.trainerInstanceType`,
  }),
  'instance-type-not-offered': (f: { instanceType: string; region: string }) => ({
    severity: 'error',
    title: `No zone of ${f.region} offers ${f.instanceType}`,
    remedy: 'Change workbench.trainerInstanceType',
  }),
  'free-plan-instance': (f: { instanceType: string; allowed: string }) => ({
    severity: 'error',
    title: `The account is on AWS's free plan, which refuses the EC2 type ${f.instanceType}`,
    remedy: `Upgrade the account to the paid plan, or use one of ${f.allowed}`,
  }),
  'free-plan-cluster': () => ({
    severity: 'error',
    title: "The account is on AWS's free plan, which refuses the EC2 types that EKS Auto Mode starts",
    remedy: 'Upgrade the account to the paid plan, or switch platform.enabled off',
  }),
  'free-plan-database': (f: { instanceType: string; allowed: string }) => ({
    severity: 'error',
    title: `The account is on AWS's free plan, which refuses the database class ${f.instanceType}`,
    remedy: `Upgrade the account to the paid plan, or set database.instanceType to one of ${f.allowed}`,
  }),
  'free-plan-backups': (f: { backupDays: number; allowed: number }) => ({
    severity: 'error',
    title: `The account is on AWS's free plan, which refuses to keep database backups for ${f.backupDays} days`,
    remedy: `Upgrade the account to the paid plan, or set database.backupDays to ${f.allowed}`,
  }),
  'free-plan-database-size': (f: { asked: string; offeredGb: number }) => ({
    severity: 'warning',
    title: `The account is on AWS's free plan, whose database offer is one zone and ${f.offeredGb} GB; the environment asks for ${f.asked}, which AWS may refuse and takes from the credits`,
    remedy: `Upgrade the account to the paid plan, or set database.multiAz to false and database.storageGb to ${f.offeredGb}`,
  }),
  'account-plan-unknown': () => ({
    severity: 'info',
    title:
      'Whether the account is on AWS’s free plan was not determined; that plan refuses some EC2 and RDS sizes',
    remedy:
      'Look it up with aws freetier get-account-plan-state (freetier:GetAccountPlanState) and tell the pre-flight',
  }),
  'lambda-concurrency-floor': (f: { limit: number; peakRps: number }) => ({
    severity: 'warning',
    title: `Lambda runs at most ${f.limit} requests at once in this account, as in new ones; ${f.peakRps} a second are planned at peak`,
    remedy:
      'Request an increase of Concurrent executions (lambda/L-B99A9384); AWS also raises it with use over time',
  }),
  'linked-roles-missing': (f: { roles: string; commands: string }) => ({
    severity: 'warning',
    title: `Service-linked roles do not exist yet: ${f.roles}; AWS makes each at the first such call, if the deploying role has iam:CreateServiceLinkedRole`,
    remedy: `Create them once, so that no first call fails on a role that has just been made: ${f.commands}`,
  }),
  'log-groups-orphaned': (f: { groups: string; commands: string }) => ({
    severity: 'error',
    title: `Log groups exist that no stack of this environment holds: ${f.groups}; the stacks make groups of these names, and the deployment fails because they exist`,
    remedy: `Delete them, as CloudFormation imports no group that its template would not keep: ${f.commands}`,
  }),
  'log-groups-kept': (f: { groups: string; commands: string }) => ({
    severity: 'warning',
    title: `Log groups are left of an earlier deployment: ${f.groups}; the deployment fails because they exist, unless it takes them over`,
    remedy: `Add --import-existing-resources to npx cdk deploy, which takes them over as they are, or delete what nobody needs: ${f.commands} (docs/runbook.md, Deploying again)`,
  }),
  'cluster-administrator-missing': (f: { role: string; command: string }) => ({
    severity: 'error',
    title: `The account has no ${f.role}, which platform.adminPrincipal names: EKS refuses an access entry for a role that does not exist, and the Platform stack fails after its cluster is up`,
    remedy: `Create the role with a trust policy for those who administer the cluster (${f.command}), set platform.adminPrincipal to a role that exists, or leave it out, and the Platform stack makes one`,
  }),
  'cluster-administrator-differs': (f: { role: string; found: string }) => ({
    severity: 'error',
    title: `platform.adminPrincipal names ${f.role}; the role of that name is ${f.found}, and EKS refuses any other spelling of it`,
    remedy: `Set platform.adminPrincipal to ${f.found}`,
  }),
  'cluster-administrator-elsewhere': (f: { role: string; owner: string }) => ({
    severity: 'info',
    title: `Whether ${f.role} of account ${f.owner} exists, which platform.adminPrincipal names, was not read: it is another account`,
    remedy:
      'Look it up there with aws iam get-role: EKS refuses an access entry for a role that does not exist',
  }),
  'image-missing': (f: {
    workload: string;
    repository: string;
    digest: string;
    lacking: 'repository' | 'image';
    owner: 'environment' | 'configuration';
  }) => ({
    severity: 'error',
    title:
      f.lacking === 'repository'
        ? `The account has no repository ${f.repository} in this region, where the image of ${f.workload} is looked for: its pods cannot start`
        : `Repository ${f.repository} has no image ${f.digest}, which platform.workloads.images.${f.workload} names: its pods cannot start`,
    remedy:
      f.lacking === 'image'
        ? `Push that image, or set one of the digests that aws ecr describe-images --repository-name ${f.repository} lists`
        : f.owner === 'environment'
          ? 'The first deployment makes it: deploy without platform.workloads.images, push the image, then set its digest (docs/runbook.md, First deploy)'
          : `Make it (aws ecr create-repository --repository-name ${f.repository}) and push the image, or name the repository that has it`,
  }),
  'image-architecture': (f: {
    workload: string;
    built: string;
    stated: string;
    nodes: string;
    runs: 'yes' | 'no';
    platforms: string;
    settings: string;
  }) => ({
    severity: 'error',
    title: `The image of ${f.workload} was built for ${f.built}; the configuration says ${f.stated}, and the nodes are ${f.nodes}${f.runs === 'yes' ? '' : ': it cannot run there'}`,
    remedy: `Build it with docker buildx build --platform ${f.platforms}, push it and set its digest${f.settings}`,
  }),
  'images-elsewhere': (f: { workloads: string }) => ({
    severity: 'info',
    title: `Images of another registry, account or region were not looked up (${f.workloads}): whether they are there, and what they were built for`,
    remedy: 'Look with docker buildx imagetools inspect REFERENCE, signed in to that registry',
  }),
  'certificate-missing': (f: { arn: string }) => ({
    severity: 'error',
    title: `ACM has no certificate ${f.arn}, which platform.certificateArn names: the load balancer's listener is refused, and the Platform stack fails`,
    remedy:
      'Set platform.certificateArn to one that aws acm list-certificates shows, or request one (docs/runbook.md, First deploy)',
  }),
  'certificate-not-issued': (f: { status: string; next: string }) => ({
    severity: 'error',
    title: `The certificate of platform.certificateArn is ${f.status}, and only one that is ISSUED can be used: the load balancer's listener is refused, and the Platform stack fails`,
    remedy: f.next,
  }),
  'certificate-ends': (f: { arn: string; days: number }) => ({
    severity: 'warning',
    title: `The certificate of platform.certificateArn ends in ${f.days} days, and ACM does not renew it, as it was imported`,
    remedy: `Import its successor under the same ARN, which needs no deployment: aws acm import-certificate --certificate-arn ${f.arn}`,
  }),
  'artifact-too-large': (f: { bytes: number; limit: number }) => ({
    severity: 'error',
    title: `The artifacts take ${bytes(f.bytes)} together with their archive; the function that uploads them has ${bytes(f.limit)} of disk`,
    remedy:
      'Make the models smaller, or give the upload in lib/constructs/model-store/artifact-upload.ts more ephemeral storage',
  }),
  'function-package-too-large': (f: { bytes: number; limit: number }) => ({
    severity: 'error',
    title: `The inference Lambda unpacks to ${bytes(f.bytes)}; AWS takes ${bytes(f.limit)}`,
    remedy: 'Take embedded out of hosting.modes, so that models are served by endpoints',
  }),
  'image-too-large': (f: { bytes: number; limit: number }) => ({
    severity: 'error',
    title: `The container image has ${bytes(f.bytes)}; a serverless endpoint takes ${bytes(f.limit)}`,
    remedy: 'Build the image from a smaller base, or take serverless out of hosting.modes',
  }),
  'image-size-unknown': (f: { limit: number }) => ({
    severity: 'info',
    title: `The container image was not built, so its size was not checked; a serverless endpoint takes ${bytes(f.limit)}`,
    remedy: 'Build models/server and run the check with its size',
  }),
  'account-fact-unknown': (f: { fact: string; action: string; reason: string }) => ({
    severity: 'error',
    title: `${f.fact} could not be determined: ${f.action} ${f.reason}`,
    remedy: `Allow ${f.action} to whoever runs the pre-flight, and run it again`,
  }),
  'account-hint-unknown': (f: { fact: string; action: string; reason: string }) => ({
    severity: 'warning',
    title: `${f.fact} could not be determined: ${f.action} ${f.reason}`,
    remedy: `Allow ${f.action} to whoever runs the pre-flight, and run it again`,
  }),
} as const satisfies Record<string, (facts: never) => AccountFindingText>;

export type AccountFindingId = keyof typeof ACCOUNT_FINDINGS;

/** Facts that a finding's sentences are made of. */
export type AccountFindingFacts<Id extends AccountFindingId> = Parameters<(typeof ACCOUNT_FINDINGS)[Id]>[0];

/** A finding on an account with the facts it rests on; of the same shape as a finding on a plan. */
export interface AccountFinding extends AccountFindingText {
  readonly id: AccountFindingId;
  readonly facts: Readonly<Record<string, string | number>>;
}

/**
 * Makes a finding.
 *
 * @param facts what its sentences are made of; left out where they need none
 */
export function accountFinding<Id extends AccountFindingId>(
  id: Id,
  ...[facts]: AccountFindingFacts<Id> extends undefined ? [] : [facts: AccountFindingFacts<Id>]
): AccountFinding {
  const write = ACCOUNT_FINDINGS[id] as (given: typeof facts) => AccountFindingText;
  return { id, ...write(facts), facts: { ...facts } };
}

/** AWS's limits that the findings compare with, each with its source in the file. */
export const ACCOUNT_LIMITS = limits;
