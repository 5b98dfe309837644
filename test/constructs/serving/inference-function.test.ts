import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  type InferenceConfiguration,
  parseConfiguration,
} from '../../../lambda/inference/inference-configuration';
import { SPECIALISTS } from '../../../models/catalogue';
import { packArtifact } from '../../../models/packaging/model-artifact';
import type { Environment } from '../../../lib/config/environment';
import { projectPath } from '../../../lib/util/project-path';
import { ModelStoreStack } from '../../../lib/stacks/model-store-stack';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { InferenceFunction } from '../../../lib/constructs/serving/inference-function';
import { environmentWith } from '../../support/stacks/infrastructure';
import { type Serving, projectApp, servingOnce } from '../../support/app/serving-app';
import {
  type FlatStatement,
  permissionsOf,
  resourceBehind,
  resourceOf,
  statementsIn,
  targetOf,
  templateJson,
} from '../../support/app/template';
import { TOPOLOGIES } from '../../support/app/topologies';

const FUNCTION = 'AWS::Lambda::Function';

const kinds = Object.entries(TOPOLOGIES);

function configurationOf({ serving }: Serving): InferenceConfiguration {
  const { Variables } = resourceOf(serving, FUNCTION).properties['Environment'] as {
    Variables: Record<string, string>;
  };
  return parseConfiguration(Variables['INFERENCE']);
}

function roleId({ serving }: Serving): string {
  return targetOf(resourceOf(serving, FUNCTION).properties['Role']) ?? '';
}

const writeOwnLog = (resource: string): FlatStatement => ({
  effect: 'Allow',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [resource],
});

const WRITE_TRACES: FlatStatement = {
  effect: 'Allow',
  actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  resources: ['*'],
};

const keyOf = (specialist: (typeof SPECIALISTS)[number]) =>
  packArtifact(projectPath('models', specialist)).key;

describe.each(kinds)('the inference role, with %s', (_kind, topology) => {
  const serving = servingOnce(topology);

  it('may invoke exactly the plan’s endpoints and write its own log and traces, and nothing else at all', () => {
    const group = targetOf(
      (resourceOf(serving.serving, FUNCTION).properties['LoggingConfig'] as { LogGroup: unknown }).LogGroup,
    );
    const arnOf = (name: string) => `arn:aws:sagemaker:us-east-1:\${AWS::AccountId}:endpoint/${name}`;
    const alone = topology.endpoints.filter(({ mode }) => mode !== 'shared');
    const together = topology.endpoints.filter(({ mode }) => mode === 'shared');
    const invoke = { effect: 'Allow', actions: ['sagemaker:InvokeEndpoint'] };
    const permissions = permissionsOf(serving.serving, roleId(serving));

    const [log, ...others] = permissions;
    const rest = others.filter(({ actions }) => !actions.some((action) => action.startsWith('xray:')));
    expect(log).toEqual(writeOwnLog(`\${${group}.Arn}`));
    expect(others.filter((each) => !rest.includes(each))).toEqual([WRITE_TRACES]);
    const unconditional = rest.filter(({ conditions }) => conditions === undefined);
    expect(unconditional.every(({ actions }) => actions.join() === 'sagemaker:InvokeEndpoint')).toBe(true);
    expect(unconditional.flatMap(({ resources }) => resources).sort()).toEqual(
      alone.map(({ name }) => arnOf(name)).sort(),
    );
    expect(rest.filter(({ conditions }) => conditions !== undefined)).toEqual(
      together.map(({ name, specialists }) => ({
        ...invoke,
        resources: [arnOf(name)],
        conditions: { StringLike: { 'sagemaker:TargetModel': specialists.map((own) => `${own}/*`) } },
      })),
    );
  });

  it('is used by Lambda only, and holds no managed policy', () => {
    const { properties } = resourceBehind(serving.serving, { Ref: roleId(serving) });

    expect(statementsIn(properties['AssumeRolePolicyDocument'])).toEqual([
      expect.objectContaining({
        effect: 'Allow',
        actions: ['sts:AssumeRole'],
        principals: { Service: 'lambda.amazonaws.com' },
      }),
    ]);
    expect(properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('goes with routes that the function can read, to where the plan serves each specialist', () => {
    const { routes } = configurationOf(serving);

    expect(Object.keys(routes).sort()).toEqual(
      [...topology.endpoints.flatMap(({ specialists }) => [...specialists]), ...topology.embedded].sort(),
    );
    for (const { name, mode, specialists } of topology.endpoints) {
      for (const specialist of specialists) {
        expect(routes[specialist]).toEqual({
          endpointName: name,
          ...(mode === 'shared' ? { targetModel: keyOf(specialist) } : {}),
          maxPayloadBytes: (mode === 'serverless' ? 4 : 6) * 1024 * 1024,
          patienceMs: { serverless: 60_000, shared: 30_000, dedicated: 5000 }[mode],
        });
      }
    }
    for (const specialist of topology.embedded) expect(routes[specialist]).toEqual({ embedded: true });
  });
});

describe('the inference function', () => {
  const serving = servingOnce(TOPOLOGIES['four serverless endpoints']);
  const { id, properties } = resourceOf(serving.serving, FUNCTION);

  it('runs on Node 24 on Graviton, traced, with nothing but its configuration in its environment', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
    expect(Object.keys((properties['Environment'] as { Variables: object }).Variables)).toEqual([
      'INFERENCE',
    ]);
  });

  it('may wait out the minute that a serverless endpoint may take', () => {
    expect(properties['Timeout']).toBeGreaterThan(60);
  });

  it('has a URL that admits callers with IAM permission only', () => {
    const url = resourceOf(serving.serving, 'AWS::Lambda::Url');

    expect(targetOf(url.properties['TargetFunctionArn'])).toBe(id);
    expect(url.properties['AuthType']).toBe('AWS_IAM');
    expect(Object.values(serving.serving.Resources).map(({ Type }) => Type)).not.toContain(
      'AWS::Lambda::Permission',
    );
  });
});

describe('the code of the inference function', () => {
  const fallingBack = servingOnce(TOPOLOGIES['four serverless endpoints']).code;

  it('holds every model, to answer for an endpoint that fails, and loads the runtime only then', () => {
    expect(readdirSync(join(fallingBack, 'models')).sort()).toEqual([...SPECIALISTS].sort());
    expect(existsSync(join(fallingBack, 'ort-wasm-simd-threaded.wasm'))).toBe(true);
    const source = readFileSync(join(fallingBack, 'index.mjs'), 'utf8');
    expect(source).toMatch(/export\s*\{[^}]*\bhandler\b[^}]*\}/);
    expect(source).not.toMatch(/ort-wasm/);
  });

  it('is the module and the function that Lambda is told to call', () => {
    const { properties } = resourceOf(servingOnce(TOPOLOGIES['four serverless endpoints']).serving, FUNCTION);

    expect(properties['Handler']).toBe('index.handler');
  });
});

/** A stack with an inference function that serves every specialist itself. */
function alone(inference: Environment['inference']) {
  const environment = { ...environmentWith(), inference };
  const stack = new Stack(projectApp(), 'Stack');
  const { store } = new ModelStoreStack(stack.node.root, 'ModelStore', {
    environment,
    modelsFolder: projectPath('models'),
  });
  const made = new InferenceFunction(stack, 'Inference', {
    environment,
    encryptionKey: new EncryptionKey(stack, 'Key', { environment, description: 'A test' }),
    endpoints: [],
    embedded: SPECIALISTS,
    store,
  });
  return { stack, made, template: () => templateJson(Template.fromStack(stack)) };
}

describe('a version on trial', () => {
  it('goes into the function’s code and configuration, and into nobody’s quota', () => {
    const trial = { folder: 'models/ddos', share: 0.1, shadow: true };
    const { template } = alone({ fallback: true, challengers: { ddos: trial } });
    const { Variables } = resourceOf(template(), FUNCTION).properties['Environment'] as {
      Variables: Record<string, string>;
    };
    const { challengers } = parseConfiguration(Variables['INFERENCE']);
    expect(challengers).toEqual({ ddos: { share: 0.1, shadow: true } });
    const types = Object.values(template().Resources).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::SageMaker::Endpoint');
  });
});

describe('a caller of the inference function', () => {
  it('may call this function, directly and through its URL, and nothing else', () => {
    const { stack, made } = alone({ fallback: true, challengers: {} });
    const role = new iam.Role(stack, 'Caller', { assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com') });
    made.grantInvoke(role);
    const template = templateJson(Template.fromStack(stack));
    const resources = [`\${${resourceOf(template, FUNCTION).id}.Arn}`];

    expect(permissionsOf(template, stack.getLogicalId(role.node.defaultChild as iam.CfnRole))).toEqual([
      { effect: 'Allow', actions: ['lambda:InvokeFunction'], resources },
      {
        effect: 'Allow',
        actions: ['lambda:InvokeFunctionUrl'],
        resources,
        conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      },
    ]);
  });
});
