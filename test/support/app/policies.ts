import type { App } from 'aws-cdk-lib';
import { type ConcretePermissions, concretePermissions, identityPoliciesOf } from '../iam/concrete';
import { type ContextValue, evaluate, type Policies, type Request, type Verdict } from '../iam/evaluation';
import type { IdentityPermissions, Template } from '../../../lib/compliance/permissions/role-permissions';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { environmentPrefix } from '../../../lib/config/resource-names';
import { projectPath } from '../../../lib/util/project-path';
import { EnvironmentStage } from '../../../lib/stage';
import { projectApp } from './serving-app';

/** Account that environments are imagined in. */
export const ACCOUNT = '111122223333';
/** Account of somebody else. */
export const FOREIGN_ACCOUNT = '999988887777';

/** An environment as it would stand in an account: its plan, and every permission that its templates give. */
export interface Deployed {
  readonly plan: DeploymentPlan;
  readonly permissions: ConcretePermissions;
  /** Names of its roles, such as `Serving.InferenceRole`. */
  readonly roles: readonly string[];
  /** ARN of something in the environment's account and region. */
  readonly arn: (service: string, resource: string) => string;
}

/** Synthesizes a plan's stacks, without compliance packs: what those would stop is judged here on its own. */
export function deployed(plan: DeploymentPlan): Deployed {
  const app = projectApp();
  new EnvironmentStage(app, { plan, modelsFolder: projectPath('models') });
  return permissionsOf(app, plan, `${environmentPrefix(plan.environment.name)}-`);
}

/**
 * Reads every permission that an app's templates give.
 *
 * @param prefix of the stacks' names, which the roles' names leave out
 */
export function permissionsOf(app: App, plan: DeploymentPlan, prefix: string): Deployed {
  const { region } = plan.target;
  const templates = app
    .synth({ skipValidation: true })
    .stacks.map(({ stackName, template }) => [stackName.replace(prefix, ''), template as Template] as const);
  const permissions = concretePermissions(Object.fromEntries(templates), {
    account: ACCOUNT,
    region,
    partition: 'aws',
  });
  return {
    plan,
    permissions,
    roles: permissions.identities.filter(({ kind }) => kind === 'role').map(({ name }) => name),
    arn: (service, resource) => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`,
  };
}

/** What a role is asked for: everything of a request but who asks. */
export interface ModelResult {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** A role of an environment, to be asked. */
export interface Role extends IdentityPermissions {
  readonly arn: string;
  /**
   * What the role may do by the policies of the templates, those that AWS manages left aside. What belongs to another
   * account is taken to admit the role: not letting it out is up to the role's own policies.
   *
   * @param resource name of a resource whose policy has a say as well, such as `ModelStore.StoreBucket`
   */
  readonly may: (asked: ModelResult, resource?: string) => Verdict['decision'];
  /** Who may assume it. */
  readonly admits: (by: Assuming) => Verdict['decision'];
}

export interface Assuming {
  readonly principal: Request['principal'];
  /** @default 'sts:AssumeRole' */
  readonly action?: string;
  readonly context?: ModelResult['context'];
  /** What the principal's own policies say. @default - none, as with a service */
  readonly identity?: Policies['identity'];
}

/** @throws where the environment has no such role */
export function roleIn({ permissions }: Deployed, name: string): Role {
  const found = permissions.identities.find((identity) => identity.name === name);
  if (found === undefined) throw new Error(`the environment has no role ${name}`);
  const arn = permissions.reference(name, 'Arn');
  const policies = identityPoliciesOf({ ...found, managedPolicies: [] });
  const trust = { name: `trust policy of ${name}`, statements: found.trust, mandatory: true };
  return {
    ...found,
    arn,
    may: (asked, resource) =>
      evaluate(
        { ...policies, ...(resource === undefined ? {} : { resource: policyAt(permissions, resource) }) },
        { principal: { kind: 'role', arn }, resourceAccount: ACCOUNT, ...asked },
      ).decision,
    admits: ({ principal, action = 'sts:AssumeRole', context = {}, identity = [] }) =>
      evaluate({ identity, resource: trust }, { principal, action, resource: arn, context }).decision,
  };
}

function policyAt({ resources }: ConcretePermissions, name: string): NonNullable<Policies['resource']> {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${name} has no policy of its own`);
  return { ...found, mandatory: false };
}
