import { App, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Environment, environmentSchema } from '../../../lib/config/environment';
import { dev } from '../../../lib/config/environments/dev';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { LogBucket } from '../../../lib/constructs/common/log-bucket';
import { SecureBucket } from '../../../lib/constructs/common/secure-bucket';
import { DataStack } from '../../../lib/stacks/data-stack';
import { EnvironmentStack } from '../../../lib/stacks/environment-stack';
import { NetworkStack } from '../../../lib/stacks/network-stack';
import { PlatformStack, type PlatformStackProps } from '../../../lib/stacks/platform-stack';
import { WorkbenchStack } from '../../../lib/stacks/workbench-stack';

/** Sections of an environment to replace, each in part. */
export type Changes = {
  readonly [Section in keyof Environment]?: Environment[Section] extends object | undefined
    ? Partial<Environment[Section]>
    : Environment[Section];
};

/** The shipped `dev` environment with changes. */
export function environmentWith(changes: Changes = {}): Environment {
  const merged: Record<string, unknown> = { ...dev };
  for (const [section, value] of Object.entries(changes)) {
    const before = merged[section];
    merged[section] =
      typeof value === 'object' && typeof before === 'object' ? { ...before, ...value } : value;
  }
  return environmentSchema.parse(merged);
}

export interface Infrastructure {
  readonly network: Template;
  readonly data: Template;
  readonly platform: Template;
  readonly workbench: Template;
}

/** The stacks that do not serve models, before synthesis. */
export interface InfrastructureStacks {
  readonly stage: Stage;
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly platform: PlatformStack;
  readonly workbench: WorkbenchStack;
}

/** The stacks that do not serve models, wired the way the stage wires them. */
export function infrastructureStacks(
  changes: Changes = {},
  platformProps: Partial<PlatformStackProps> = {},
): InfrastructureStacks {
  const environment = environmentWith(changes);
  const stage = new Stage(new App(), 'test', { env: { region: 'us-east-1' } });
  const network = new NetworkStack(stage, 'Network', { environment });
  const { vpc } = network.network;
  const store = new EnvironmentStack(stage, 'ModelStore', { environment });
  const modelKey = new EncryptionKey(store, 'Key', { environment, description: 'Models' });
  const accessLogs = new LogBucket(store, 'AccessLogs', { environment });
  accessLogs.allowLoadBalancers();
  const modelBucket = new SecureBucket(store, 'Models', { environment, encryptionKey: modelKey, accessLogs });
  const data = new DataStack(stage, 'Data', { environment, vpc });
  const platform = new PlatformStack(stage, 'Platform', {
    environment,
    vpc,
    accessLogs,
    database: data.database,
    endpointConfiguration: { enabled: true },
    endpoints: [],
    ...platformProps,
  });
  const workbench = new WorkbenchStack(stage, 'Workbench', { environment, vpc, modelBucket, modelKey });
  return { stage, network, data, platform, workbench };
}

/** Their templates. */
export function infrastructureWith(
  changes: Changes = {},
  platformProps: Partial<PlatformStackProps> = {},
): Infrastructure {
  const { network, data, platform, workbench } = infrastructureStacks(changes, platformProps);
  return {
    network: Template.fromStack(network),
    data: Template.fromStack(data),
    platform: Template.fromStack(platform),
    workbench: Template.fromStack(workbench),
  };
}

/** Template of a stack that holds what `fill` puts into it. */
export function stackWith(
  fill: (stack: EnvironmentStack, environment: Environment) => void,
  changes: Changes = {},
): Template {
  const environment = environmentWith(changes);
  const stack = new EnvironmentStack(new App(), 'Stack', { environment });
  fill(stack, environment);
  return Template.fromStack(stack);
}

/** Properties of every resource of a type, by logical id. */
export function propertiesOf(template: Template, type: string): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, resource]) => [
      id,
      (resource as { Properties?: Record<string, unknown> }).Properties ?? {},
    ]),
  );
}

/** Properties of the one resource of a type. */
export function onlyOne(template: Template, type: string): Record<string, unknown> {
  template.resourceCountIs(type, 1);
  return Object.values(propertiesOf(template, type))[0] ?? {};
}

/** A statement of an IAM policy in a template. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Statements of every identity policy in a template. */
export function identityStatements(template: Template): Statement[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.values(propertiesOf(template, type)).flatMap(
      ({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement,
    ),
  );
}

/** Actions that statements allow, sorted. */
export function actionsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ Action }) => Action).sort();
}
