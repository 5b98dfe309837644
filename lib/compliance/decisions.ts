import type { OWN_PACK, PackName } from './pack-names';

/** A rule that the whole project decides against, once, instead of at each resource. */
export interface Decision {
  /** Name of the rule behind the packs' own, such as `LambdaDLQ`. */
  readonly rule: string;
  /** Packs that hold the rule. */
  readonly packs: readonly Exclude<PackName, typeof OWN_PACK>[];
  /** Why the rule does not fit this system. */
  readonly reason: string;
  /** What protects instead. */
  readonly compensation: string;
}

/**
 * The project's decisions. A rule belongs here only when it is wrong for every resource that the project can have;
 * a single resource's deviation is acknowledged in that resource's file.
 */
export const DECISIONS: readonly Decision[] = [
  {
    rule: 'IAMNoInlinePolicy',
    packs: ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'],
    reason:
      'Each role serves one resource, and its policy is made of grants that live and die with that resource. ' +
      'A managed policy could be attached to other roles, which would widen access instead of narrowing it.',
    compensation:
      "Every role's complete permissions stand in a reviewed file, and a change of any of them fails the build.",
  },
  {
    rule: 'LambdaConcurrency',
    packs: ['NIST.800.53.R5', 'HIPAA.Security'],
    reason:
      'AWS keeps 100 concurrent executions unreserved, so any reservation fails in an account whose limit is still 10, ' +
      'and in others it takes capacity from the functions that have none reserved.',
    compensation:
      'The pre-flight checks the account limit against the expected peak, and throttles raise an alarm.',
  },
  {
    rule: 'LambdaDLQ',
    packs: ['NIST.800.53.R5', 'HIPAA.Security'],
    reason:
      'Functions are called by someone who waits for the answer: the API, Secrets Manager rotation or CloudFormation. ' +
      'A failure goes back to that caller, and a dead-letter queue would stay empty. The one on a schedule gets nothing ' +
      'but a time, which a queue need not keep.',
    compensation:
      'Errors raise an alarm; callers retry or roll back, and a scheduled day can be run again by hand.',
  },
  {
    rule: 'LambdaInsideVPC',
    packs: ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'],
    reason:
      'A function outside the VPC talks to AWS APIs only, over TLS and with its own IAM role. It needs nothing that is ' +
      'inside, and inside it would gain a path to the database and the cluster. Functions that need the VPC are in it.',
    compensation: 'Function URLs demand IAM authentication, and each role names the resources it may reach.',
  },
  {
    rule: 'S3BucketReplicationEnabled',
    packs: ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'],
    reason:
      'What the buckets hold can be made again: model archives are built deterministically and named by content hash, ' +
      'and no recovery in a second region is required of the system.',
    compensation: 'Versioning is on, so that an overwritten or deleted object can be brought back.',
  },
  {
    rule: 'VPCNoUnrestrictedRouteToIGW',
    packs: ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'],
    reason:
      'NAT gateways need a default route to the internet gateway, and nothing else stands in the subnets that have one. ' +
      'Environments without NAT gateways have neither.',
    compensation:
      'Public subnets give no public address on launch, and a test refuses anything but NAT gateways in them.',
  },
];

/** Ids of a decision as the packs spell them. */
export function ruleIdsOf(decision: Decision): readonly string[] {
  return decision.packs.map((pack) => `${pack}-${decision.rule}`);
}

/** The decision in one text, as it stands beside each suppressed finding. */
export function reasonOf(decision: Decision): string {
  return `${decision.reason} ${decision.compensation}`;
}
