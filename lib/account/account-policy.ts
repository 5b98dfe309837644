import { adminRole } from '../config/platform/admin-principal';
import { isOwnCertificate } from '../config/network/certificate';
import type { Environment } from '../config/environment';
import { environmentPrefix } from '../config/resource-names';
import { collectorPolicy } from '../aws/policy';
import { ACCOUNT_LIMITS } from './account-findings-registry';
import { workloadImages } from './workload-images';

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

/** ARN of something in the environment's account and region, as far as they are known. */
type ArnOf = (service: string, resource: string, where?: { readonly region: string }) => string;

/**
 * What reading the platform's images and certificate takes: nothing where there are none.
 *
 * @param environment whose repositories and certificate may be read, and no others
 */
function platformStatements(environment: Environment, arn: ArnOf): AccountStatement[] {
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
            [...new Set(repositories)].map((repository) => arn('ecr', `repository/${repository}`)),
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
 * @param partition of the ARNs. @default - any
 */
export function accountPolicy(environment: Environment, partition = '*'): AccountStatement[] {
  const { account = '*', region: own = '*' } = environment;
  const arn: ArnOf = (service, resource, { region } = { region: own }) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const role = (name: string) => arn('iam', `role/${name}`, { region: '' });
  const { enabled, adminPrincipal } = environment.platform;
  const administrator = enabled && adminPrincipal !== undefined ? adminRole(adminPrincipal).name : undefined;
  return [
    allow(
      'ReadAccountFacts',
      [
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeInstanceTypeOfferings',
        'lambda:GetAccountSettings',
        'logs:DescribeLogGroups',
      ],
      '*',
    ),
    allow('ReadServiceLinkedRoles', ['iam:GetRole'], role('aws-service-role/*')),
    ...(administrator === undefined
      ? []
      : [
          // Under any path: else a role that is there under another one would look like a refusal.
          allow(
            'ReadClusterAdministrator',
            ['iam:GetRole'],
            ['', '*/'].map((path) => role(`${path}${administrator}`)),
          ),
        ]),
    ...platformStatements(environment, arn),
    allow(
      'ReadBootstrapVersion',
      ['ssm:GetParameter'],
      arn('ssm', `parameter${ACCOUNT_LIMITS.bootstrap.parameter}`),
    ),
    allow(
      'SeeLogGroupsOfStacks',
      ['cloudformation:ListStackResources'],
      arn('cloudformation', `stack/${environmentPrefix(environment.name)}-*`),
    ),
    allow('SeeEnvironments', ['cloudformation:DescribeStacks'], arn('cloudformation', 'stack/mini-xdr-*')),
  ];
}

/** The least IAM policy that the pre-flight on a live account needs. It changes nothing. */
export function preflightPolicy(environment: Environment, partition?: string) {
  const { Version, Statement } = collectorPolicy({
    environment,
    ...(partition === undefined ? {} : { partition }),
  });
  return { Version, Statement: [...Statement, ...accountPolicy(environment, partition)] };
}
