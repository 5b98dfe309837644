import { bySeverity } from '../plan/findings';
import type { Verdict } from '../plan/deployment-plan';
import { certificateFindings } from './certificate-findings';
import type { AccountFacts, AccountNeeds, Reading } from './account-facts';
import { ACCOUNT_LIMITS, type AccountFinding, accountFinding } from './account-findings-registry';
import { freePlanFindings } from './free-plan';
import { imageFindings, imagesElsewhere } from './image-findings';

/** What was read and what is asked of it. */
interface Checked {
  readonly needs: AccountNeeds;
  readonly facts: AccountFacts;
  /** For the command that mends it; where the account is not known, a word that a shell refuses. */
  readonly account: string;
}

/** The value's findings, or the one that says which permission is missing to know. */
function judge<T>(
  reading: Reading<T>,
  unknown: { readonly fact: string; readonly id: 'account-fact-unknown' | 'account-hint-unknown' },
  findings: (value: T) => AccountFinding[],
): AccountFinding[] {
  if (reading.known) return findings(reading.value);
  const reason = reading.reason === 'denied' ? 'was denied' : 'did not answer';
  return [accountFinding(unknown.id, { fact: unknown.fact, action: reading.action, reason })];
}

function bootstrapFindings({ needs: { region }, facts, account }: Checked): AccountFinding[] {
  const needed = ACCOUNT_LIMITS.bootstrap.version;
  return judge(
    facts.bootstrapVersion,
    { fact: 'Whether the account is bootstrapped for CDK', id: 'account-fact-unknown' },
    (version) => {
      if (version === null) return [accountFinding('bootstrap-missing', { region, account })];
      return version < needed
        ? [accountFinding('bootstrap-outdated', { version, needed, region, account })]
        : [];
    },
  );
}

function zoneFindings({ needs, facts }: Checked): AccountFinding[] {
  const refused = new Set(ACCOUNT_LIMITS.eksRefusedZoneIds.value);
  return judge(
    facts.zones,
    { fact: 'Which Availability Zones the account has', id: 'account-fact-unknown' },
    (zones) => {
      const usable = zones.filter(({ available }) => available);
      return needs.zones.flatMap((name) => {
        const zone = usable.find((candidate) => candidate.name === name);
        if (zone === undefined) {
          const available = usable.map((candidate) => candidate.name).join(', ');
          return [accountFinding('zone-missing', { zone: name, available })];
        }
        return needs.cluster && refused.has(zone.id)
          ? [accountFinding('zone-refused-by-eks', { zone: name, zoneId: zone.id })]
          : [];
      });
    },
  );
}

function offeringFindings({ needs, facts }: Checked): AccountFinding[] {
  return needs.instances.flatMap(({ instanceType, zone }) => {
    const offering = facts.zonesOffering[instanceType];
    if (offering === undefined) {
      throw new Error(`where ${instanceType} is offered was not read; read the facts for the same needs`);
    }
    return judge(
      offering,
      { fact: `Which zones offer ${instanceType}`, id: 'account-fact-unknown' },
      (offered) => {
        if (offered.length === 0) {
          return [accountFinding('instance-type-not-offered', { instanceType, region: needs.region })];
        }
        return offered.includes(zone)
          ? []
          : [
              accountFinding('zone-without-instance-type', {
                instanceType,
                zone,
                offered: offered.join(', '),
              }),
            ];
      },
    );
  });
}

/** New accounts start at the floor; above it nothing here is known to be too little. */
function lambdaFindings({ needs: { peakRps }, facts }: Checked): AccountFinding[] {
  return judge(
    facts.lambdaConcurrency,
    { fact: 'How many requests Lambda runs at once', id: 'account-hint-unknown' },
    (limit) =>
      limit <= ACCOUNT_LIMITS.lambdaFloor.concurrency
        ? [accountFinding('lambda-concurrency-floor', { limit, peakRps })]
        : [],
  );
}

/** All missing roles in one finding, as one person creates them at once. */
function linkedRoleFindings({ needs, facts }: Checked): AccountFinding[] {
  const readings = needs.linkedRoles.map((linked) => ({
    ...linked,
    reading: facts.serviceLinkedRoles[linked.service],
  }));
  const missing = readings.filter(({ reading }) => reading?.known === true && !reading.value);
  const unread = readings.flatMap(({ role, reading }) => (reading?.known === false ? { role, reading } : []));
  const [first] = unread;
  return [
    ...(missing.length === 0
      ? []
      : [
          accountFinding('linked-roles-missing', {
            roles: missing.map(({ role, madeBy }) => `${role} (made at ${madeBy})`).join(', '),
            commands: missing
              .map(({ service }) => `aws iam create-service-linked-role --aws-service-name ${service}`)
              .join('; '),
          }),
        ]),
    ...(first === undefined
      ? []
      : judge(
          first.reading,
          {
            fact: `Whether ${unread.map(({ role }) => role).join(', ')} exist${unread.length === 1 ? 's' : ''}`,
            id: 'account-hint-unknown',
          },
          () => [],
        )),
  ];
}

/** One finding for what has to be deleted, and one for what a deployment can take over. */
function logGroupFindings({ needs: { region, logGroups }, facts }: Checked): AccountFinding[] {
  const importable = new Set(logGroups.filter((group) => group.importable).map(({ name }) => name));
  const found = (id: 'log-groups-orphaned' | 'log-groups-kept', names: readonly string[]) =>
    names.length === 0
      ? []
      : [
          accountFinding(id, {
            groups: names.join(', '),
            commands: names
              .map((name) => `aws logs delete-log-group --region ${region} --log-group-name ${name}`)
              .join('; '),
          }),
        ];
  return judge(
    facts.orphanedLogGroups,
    { fact: 'Whether log groups are left that the stacks are to make', id: 'account-fact-unknown' },
    (names) => [
      ...found(
        'log-groups-orphaned',
        names.filter((name) => !importable.has(name)),
      ),
      ...found(
        'log-groups-kept',
        names.filter((name) => importable.has(name)),
      ),
    ],
  );
}

/** The command that makes a role; whom it trusts only its owner can say. */
function createRoleCommand(resource: string, name: string): string {
  const path = resource.slice('role'.length, -name.length);
  const option = path === '/' ? '' : ` --path ${path}`;
  return `aws iam create-role --role-name ${name}${option} --assume-role-policy-document file://TRUST.json`;
}

function administratorFindings({ needs: { adminRole }, facts }: Checked): AccountFinding[] {
  if (adminRole === undefined) return [];
  const { resource: role, name, otherAccount } = adminRole;
  if (otherAccount !== undefined) {
    return [accountFinding('cluster-administrator-elsewhere', { role, owner: otherAccount })];
  }
  if (facts.adminRole === undefined) {
    throw new Error(`${role} was not looked up; read the facts for the same needs`);
  }
  return judge(
    facts.adminRole,
    { fact: `Whether ${role} exists, which is to administer the cluster,`, id: 'account-fact-unknown' },
    (found) => {
      if (found === role) return [];
      return found === null
        ? [accountFinding('cluster-administrator-missing', { role, command: createRoleCommand(role, name) })]
        : [accountFinding('cluster-administrator-differs', { role, found })];
    },
  );
}

/** Images of the workloads, each by itself, and the certificate that people's browsers are shown. */
function platformFindings({ needs, facts }: Checked): AccountFinding[] {
  const { images, certificate: arn } = needs;
  const found = (images?.inRegistry ?? []).flatMap((image) => {
    const { workload, repository } = image;
    const read = facts.images?.[workload];
    if (images === undefined || read === undefined) {
      throw new Error(`the image of ${workload} was not looked up; read the facts for the same needs`);
    }
    const fact = `Whether ${repository} has the image of ${workload}, and what it was built for,`;
    return judge(read, { fact, id: 'account-fact-unknown' }, (value) =>
      imageFindings(image, images.nodes, value),
    );
  });
  if (arn === undefined) return found;
  if (facts.certificate === undefined) {
    throw new Error(`${arn} was not looked up; read the facts for the same needs`);
  }
  const fact = 'Whether the certificate of platform.certificateArn can be used';
  return [
    ...found,
    ...judge(facts.certificate, { fact, id: 'account-fact-unknown' }, (value) =>
      certificateFindings(arn, value),
    ),
  ];
}

/**
 * What in an account, beside its quotas, would break the first deployment of an environment.
 *
 * @param facts read for the same needs
 * @param account twelve digits, for the commands that remedies name. @default - `ACCOUNT`
 */
export function accountFindings(
  needs: AccountNeeds,
  facts: AccountFacts,
  account = 'ACCOUNT',
): AccountFinding[] {
  const checked: Checked = { needs, facts, account };
  return bySeverity([
    ...bootstrapFindings(checked),
    ...zoneFindings(checked),
    ...offeringFindings(checked),
    ...administratorFindings(checked),
    ...logGroupFindings(checked),
    ...platformFindings(checked),
    ...imagesElsewhere(needs),
    ...freePlanFindings(needs, facts.accountPlan),
    ...lambdaFindings(checked),
    ...linkedRoleFindings(checked),
  ]);
}

/** Errors decide: one that is certain blocks, and where there is none, something not determined leaves it open. */
export function accountVerdict(findings: readonly AccountFinding[]): Verdict {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.some(({ id }) => id !== 'account-fact-unknown')) return 'blocked';
  return errors.length > 0 ? 'unknown' : 'fits';
}
