import { ACCOUNT_LIMITS } from './findings';

/** An Allow statement of the policy for reading the account's facts. */
export interface AccountStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
}

/** The least that reading the account's facts takes, and seeing which environments are deployed in it. */
export function accountPolicy(): AccountStatement[] {
  const allow = (Sid: string, Action: readonly string[], Resource: string): AccountStatement => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  return [
    allow(
      'ReadAccountFacts',
      ['ec2:DescribeAvailabilityZones', 'ec2:DescribeInstanceTypeOfferings', 'lambda:GetAccountSettings'],
      '*',
    ),
    allow('ReadServiceLinkedRoles', ['iam:GetRole'], 'arn:*:iam::*:role/aws-service-role/*'),
    allow(
      'ReadBootstrapVersion',
      ['ssm:GetParameter'],
      `arn:*:ssm:*:*:parameter${ACCOUNT_LIMITS.bootstrap.parameter}`,
    ),
    allow('SeeEnvironments', ['cloudformation:DescribeStacks'], 'arn:*:cloudformation:*:*:stack/mini-xdr-*'),
  ];
}
