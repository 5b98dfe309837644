import { adminRole } from '../config/admin-principal';
import { isOwnCertificate } from '../config/certificate';
import type { Environment } from '../config/schema';
import { ACCOUNT_LIMITS } from './findings';
import { workloadImages } from './images';

/** An Allow statement of the policy for reading the account's facts. */
export interface AccountStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: AccountStatement['Resource'],
): AccountStatement {
  return { Sid, Effect: 'Allow', Action, Resource };
}

/**
 * What reading the platform's images and certificate takes: nothing where there are none.
 *
 * @param environment whose repositories and certificate may be read, and no others
 */
function platformStatements(environment: Environment): AccountStatement[] {
  const { account, region, platform } = environment;
  const { enabled, certificateArn } = platform;
  const target = { account, region };
  const repositories = workloadImages(environment, target).inRegistry.map(({ repository }) => repository);
  return [
    ...(repositories.length === 0
      ? []
      : [
          allow(
            'ReadImages',
            ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            [...new Set(repositories)].map((repository) => `arn:*:ecr:*:*:repository/${repository}`),
          ),
        ]),
    ...(enabled && certificateArn !== undefined && isOwnCertificate(certificateArn, target)
      ? [allow('ReadCertificate', ['acm:DescribeCertificate'], certificateArn)]
      : []),
  ];
}

/**
 * The least that reading the account's facts takes, and seeing which environments are deployed in it.
 *
 * @param environment whose cluster's administrator, images and certificate may be looked up, and no others
 */
export function accountPolicy(environment: Environment): AccountStatement[] {
  const { enabled, adminPrincipal } = environment.platform;
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
    ...platformStatements(environment),
    allow(
      'ReadBootstrapVersion',
      ['ssm:GetParameter'],
      `arn:*:ssm:*:*:parameter${ACCOUNT_LIMITS.bootstrap.parameter}`,
    ),
    allow('SeeEnvironments', ['cloudformation:DescribeStacks'], 'arn:*:cloudformation:*:*:stack/mini-xdr-*'),
  ];
}
