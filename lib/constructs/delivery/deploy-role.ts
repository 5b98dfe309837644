import { DefaultStackSynthesizer, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { preflightPolicy } from '../../account/account-policy';
import { acknowledge } from '../../compliance/acknowledge';
import {
  type DeliveredEnvironment,
  DEPLOY_BRANCH,
  DEPLOY_HOURS,
} from '../../config/delivery/delivered-environments';
import { deployRoleName } from '../../config/resource-names';
import { verifyPolicy } from '../../verify/verify-actions';
import { wildcardResource } from '../common/finding-ids';
import { GITHUB_AUDIENCE, GITHUB_ISSUER } from './github-provider';

/** Roles of the CDK's bootstrap that its command line assumes. The one that CloudFormation acts as is not among them. */
const BOOTSTRAP_ROLES = ['deploy', 'file-publishing', 'image-publishing', 'lookup'] as const;

export interface DeployRoleProps {
  readonly environment: DeliveredEnvironment;
  /** The account's identity provider for GitHub. */
  readonly provider: iam.IOidcProvider;
}

/**
 * The role that GitHub Actions deploys an environment with: it assumes the roles of the CDK's bootstrap, reads what
 * pre-flight and verification read, and asks the inference Lambda.
 *
 * Only jobs get it that run in the repository, on its branch {@link DEPLOY_BRANCH}, and in the GitHub environment of
 * the environment's name. IAM checks the branch by the token's claim `ref`. (AWS What's New, January 2026, "AWS STS now
 * supports validation of select identity provider specific claims from Google, GitHub, CircleCI and OCI".)
 */
export class DeployRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { environment, provider }: DeployRoleProps) {
    super(scope, id);
    const { name, delivery } = environment;
    const claims = {
      aud: GITHUB_AUDIENCE,
      sub: `repo:${delivery.repository}:environment:${name}`,
      ref: `refs/heads/${DEPLOY_BRANCH}`,
    };
    const inlinePolicies = this.policies(environment);
    this.role = new iam.Role(this, 'Role', {
      // Known before the stack exists, so that the workflow needs no variable of GitHub for it.
      roleName: deployRoleName(name),
      description: `GitHub Actions deploys ${name} with it`,
      assumedBy: new iam.OpenIdConnectPrincipal(provider, {
        StringEquals: Object.fromEntries(
          Object.entries(claims).map(([claim, value]) => [`${GITHUB_ISSUER}:${claim}`, value]),
        ),
      }),
      maxSessionDuration: Duration.hours(DEPLOY_HOURS),
      inlinePolicies,
    });
    this.acceptWildcards(inlinePolicies);
  }

  /** One document each, as the printed policies share ids of statements, which a document may hold once. */
  private policies(environment: DeliveredEnvironment): Record<string, iam.PolicyDocument> {
    const { partition } = Stack.of(this);
    const { name, account, region } = environment;
    return {
      Deploy: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['sts:AssumeRole'],
            resources: BOOTSTRAP_ROLES.map(
              (role) =>
                `arn:${partition}:iam::${account}:role/cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}-${role}-role-${account}-${region}`,
            ),
          }),
        ],
      }),
      Preflight: iam.PolicyDocument.fromJson(preflightPolicy(environment, partition)),
      Verify: iam.PolicyDocument.fromJson(verifyPolicy({ environment: name, region, account, partition })),
    };
  }

  private acceptWildcards(policies: Readonly<Record<string, iam.PolicyDocument>>): void {
    const documents = Object.values(policies).map((policy) => policy.toJSON() as PolicyJson);
    const resources = documents
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Resource }) => Resource)
      .filter((resource) => resource.includes('*'));
    acknowledge(this, {
      id: [...new Set(resources)].map(wildcardResource),
      reason:
        'Pre-flight and verification read: quotas and usage of the account, for which AWS defines no resource, and ' +
        "what the environment's stacks hold, whose names CloudFormation makes. Of these the inference Lambda is invoked.",
    });
  }
}

interface PolicyJson {
  readonly Statement: readonly { readonly Resource: string | readonly string[] }[];
}
