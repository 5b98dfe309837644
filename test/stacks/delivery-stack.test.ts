import { readFileSync, writeFileSync } from 'node:fs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { preflightPolicy } from '../../lib/account/account-policy';
import { buildDelivery } from '../../lib/app';
import { assess } from '../../lib/compliance/apply-compliance';
import { renderPermissions, rolePermissions } from '../../lib/compliance/permissions/role-permissions';
import type { DeliveredEnvironment } from '../../lib/config/delivery/delivered-environments';
import { ENVIRONMENTS } from '../../lib/config/environments';
import { DeliveryStack } from '../../lib/stacks/delivery-stack';
import { verifyPolicy } from '../../lib/verify/verify-actions';
import { DELIVERED, REPOSITORY } from '../support/app/delivery';
import { ACCOUNT } from '../support/app/policies';
import { resourcesOf, templateJson } from '../support/app/template';
import { projectApp } from '../support/app/serving-app';

function templateOf(...environments: [DeliveredEnvironment, ...DeliveredEnvironment[]]): Template {
  return Template.fromStack(new DeliveryStack(projectApp(), { environments }));
}

const PROVIDER = 'AWS::IAM::OIDCProvider';
const ROLE = 'AWS::IAM::Role';
const [dev, staging] = DELIVERED;
const template = templateOf(dev, staging);

interface Document {
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** Policies of a role by their names. */
function policiesOf(roleName: string): Record<string, Document> {
  const role = resourcesOf(templateJson(template), ROLE).find(
    ({ properties }) => properties['RoleName'] === roleName,
  );
  const Policies = (role?.properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: Document }[];
  return Object.fromEntries(Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]));
}

/** A document with single values as lists and resources in order: IAM does not care for either. */
function listed(document: object): unknown {
  type Texts = string | string[];
  const { Version, Statement } = document as {
    Version: string;
    Statement: { Action: Texts; Resource: Texts }[];
  };
  return {
    Version,
    Statement: Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().sort(),
      Resource: [statement.Resource].flat().sort(),
    })),
  };
}

describe('what lets GitHub Actions into an account', () => {
  it('is one identity provider, made by CloudFormation itself and by no function', () => {
    template.resourceCountIs(PROVIDER, 1);
    template.hasResourceProperties(PROVIDER, {
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    });
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('is the provider that the account has, where it has one', () => {
    const existing = { ...dev, delivery: { ...dev.delivery, provider: 'existing' as const } };
    const other = templateOf(existing);

    other.resourceCountIs(PROVIDER, 0);
    other.hasResourceProperties(ROLE, {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: {
              Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
            },
          }),
        ],
      },
    });
  });

  it.each(DELIVERED.map((environment) => [environment.name]))(
    'is a role for %s: for the jobs of its repository, branch and GitHub environment, as long as a job may take',
    (name) => {
      template.hasResourceProperties(ROLE, {
        RoleName: `mini-xdr-${name}-deploy`,
        MaxSessionDuration: 6 * 3600,
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'sts:AssumeRoleWithWebIdentity',
              Principal: { Federated: { Ref: Match.stringLikeRegexp('^Provider') } },
              Condition: {
                StringEquals: {
                  'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                  'token.actions.githubusercontent.com:sub': `repo:${REPOSITORY}:environment:${name}`,
                  'token.actions.githubusercontent.com:ref': 'refs/heads/main',
                },
              },
            },
          ],
        },
      });
    },
  );

  it('names the repository as its tokens do, with the numbers that they carry', () => {
    const repository = 'example@42/mini-xdr-deploy@4711';

    expect(JSON.stringify(templateOf({ ...dev, delivery: { ...dev.delivery, repository } }))).toContain(
      `"repo:${repository}:environment:dev"`,
    );
  });

  it('may do what pre-flight and verification print that they need', () => {
    const { Preflight, Verify } = policiesOf('mini-xdr-staging-deploy');
    const { account, region } = staging;

    expect(listed(Preflight ?? {})).toEqual(listed(preflightPolicy(staging, 'aws')));
    expect(listed(Verify ?? {})).toEqual(listed(verifyPolicy({ environment: 'staging', region, account })));
  });

  it('is inside the limits of IAM: ids of statements once a policy, 10,240 characters a role', () => {
    for (const { name } of DELIVERED) {
      const policies = Object.values(policiesOf(`mini-xdr-${name}-deploy`));
      for (const { Statement } of policies) {
        const ids = Statement.flatMap(({ Sid }) => Sid ?? []);
        expect(new Set(ids).size).toBe(ids.length);
      }
      const length = policies.reduce((sum, policy) => sum + JSON.stringify(policy).length, 0);
      expect(length).toBeLessThan(10_240);
    }
  });

  it('leaves no finding open, and no acknowledgement that accepts nothing', () => {
    jest.replaceProperty(ENVIRONMENTS, 'dev', dev);
    const app = projectApp();
    buildDelivery(app, ACCOUNT);
    const { outstanding, stale } = assess(app);

    expect(outstanding).toEqual([]);
    expect(stale).toEqual([]);
    expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual(['mini-xdr-Delivery']);
  });

  it('has the reviewed permissions', () => {
    const golden = 'test/golden/permissions/delivery.txt';
    const permissions = renderPermissions(rolePermissions({ Delivery: template.toJSON() }));
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(golden, permissions);

    expect(permissions).toBe(readFileSync(golden, 'utf8'));
  });
});
