import { adminRole } from '../config/admin-principal';
import type { Environment } from '../config/schema';
import { ACCOUNT_LIMITS } from './findings';

/** An Allow statement of the policy for reading the account's facts. */
export interface AccountStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/**
 * The least that reading the account's facts takes, and seeing which environments are deployed in it.
 *
 * @param environment whose cluster's administrator may be looked up, and no other role
 */
export function accountPolicy({ platform }: Environment): AccountStatement[] {
  const allow = (
    Sid: string,
    Action: readonly string[],
    Resource: AccountStatement['Resource'],
  ): AccountStatement => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  const { enabled, adminPrincipal } = platform;
  const administrator = enabled && adminPrincipal !== undefined ? adminRole(adminPrincipal).name : undefined;
  return [
    allow(
      'ReadAccountFacts',
      ['ec2:DescribeAvailabilityZones', 'ec2:DescribeInstanceTypeOfferings', 'lambda:GetAccountSettings'],
      '*',
    ),
    allow('ReadServiceLinkedRoles', ['iam:GetRole'], 'arn:*:iam::*:role/aws-service-role/*'),
    ...(administrator === undefined
      ? []
      : [
          // Under any path: else a role that is there under another one would look like a refusal.
          allow(
            'ReadClusterAdministrator',
            ['iam:GetRole'],
            ['', '*/'].map((path) => `arn:*:iam::*:role/${path}${administrator}`),
          ),
        ]),
    allow(
      'ReadBootstrapVersion',
      ['ssm:GetParameter'],
      `arn:*:ssm:*:*:parameter${ACCOUNT_LIMITS.bootstrap.parameter}`,
    ),
    allow('SeeEnvironments', ['cloudformation:DescribeStacks'], 'arn:*:cloudformation:*:*:stack/mini-xdr-*'),
  ];
}
