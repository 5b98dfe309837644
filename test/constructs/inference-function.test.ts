import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { parseRoutes } from '../../lambda/inference/routes';
import { SPECIALISTS } from '../../models/catalogue';
import { packArtifact } from '../../models/artifact';
import { projectPath } from '../../lib/project-path';
import { ModelStoreStack } from '../../lib/stacks/model-store-stack';
import { EncryptionKey } from '../../lib/constructs/encryption-key';
import { InferenceFunction } from '../../lib/constructs/inference-function';
import { environmentWith } from '../stacks/infrastructure';
import { type Serving, projectApp, servingOnce } from '../support/app-serving';
import {
  type FlatStatement,
  permissionsOf,
  resourceBehind,
  resourceOf,
  statementsIn,
  targetOf,
  templateJson,
} from '../support/app-template';
import { TOPOLOGIES } from '../support/app-topologies';

const FUNCTION = 'AWS::Lambda::Function';

const kinds = Object.entries(TOPOLOGIES);

function routesOf({ serving }: Serving): ReturnType<typeof parseRoutes> {
  const { Variables } = resourceOf(serving, FUNCTION).properties['Environment'] as {
    Variables: Record<string, string>;
  };
  return parseRoutes(Variables['ROUTES']);
}

function roleId({ serving }: Serving): string {
  return targetOf(resourceOf(serving, FUNCTION).properties['Role']) ?? '';
}

const writeOwnLog = (resource: string): FlatStatement => ({
  effect: 'Allow',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [resource],
});

const keyOf = (specialist: (typeof SPECIALISTS)[number]) =>
  packArtifact(projectPath('models', specialist)).key;

describe.each(kinds)('the inference role, with %s', (_kind, topology) => {
  const serving = servingOnce(topology);

  it('may invoke exactly the plan’s endpoints and write its own log, and nothing else at all', () => {
    const group = targetOf(
      (resourceOf(serving.serving, FUNCTION).properties['LoggingConfig'] as { LogGroup: unknown }).LogGroup,
    );
    const arnOf = (name: string) => `arn:aws:sagemaker:us-east-1:\${AWS::AccountId}:endpoint/${name}`;
    const alone = topology.endpoints.filter(({ mode }) => mode !== 'shared');
    const together = topology.endpoints.filter(({ mode }) => mode === 'shared');
    const invoke = { effect: 'Allow', actions: ['sagemaker:InvokeEndpoint'] };
    const permissions = permissionsOf(serving.serving, roleId(serving));

    const [log, ...rest] = permissions;
    expect(log).toEqual(writeOwnLog(`\${${group}.Arn}`));
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
    const routes = routesOf(serving);

    expect(Object.keys(routes).sort()).toEqual(
      [...topology.endpoints.flatMap(({ specialists }) => [...specialists]), ...topology.embedded].sort(),
    );
    for (const { name, mode, specialists } of topology.endpoints) {
      for (const specialist of specialists) {
        expect(routes[specialist]).toEqual({
          endpointName: name,
          ...(mode === 'shared' ? { targetModel: keyOf(specialist) } : {}),
        });
      }
    }
    for (const specialist of topology.embedded) expect(routes[specialist]).toEqual({ embedded: true });
  });
});

describe('the inference function', () => {
  const serving = servingOnce(TOPOLOGIES['four serverless endpoints']);
  const { id, properties } = resourceOf(serving.serving, FUNCTION);

  it('runs on Node 24 on Graviton, with nothing but its routes in its environment', () => {
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(Object.keys((properties['Environment'] as { Variables: object }).Variables)).toEqual(['ROUTES']);
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
  const plain = servingOnce(TOPOLOGIES['four serverless endpoints']).code;
  const mixed = servingOnce(
    TOPOLOGIES['an embedded specialist beside a serverless and a dedicated one'],
  ).code;

  it('is one ES module, without ONNX Runtime and models, when nothing is embedded', () => {
    expect(readdirSync(plain)).toEqual(['index.mjs']);
    const source = readFileSync(join(plain, 'index.mjs'), 'utf8');
    expect(source).toMatch(/export\s*\{[^}]*\bhandler\b[^}]*\}/);
    expect(source).not.toMatch(/onnxruntime|ort-wasm/);
  });

  it('holds exactly the embedded models, with the runtime for them', () => {
    expect(readdirSync(join(mixed, 'models')).sort()).toEqual(['bruteforce', 'webattacks']);
    expect(existsSync(join(mixed, 'ort-wasm-simd-threaded.wasm'))).toBe(true);
  });

  it('is the module and the function that Lambda is told to call', () => {
    const { properties } = resourceOf(servingOnce(TOPOLOGIES['four serverless endpoints']).serving, FUNCTION);

    expect(properties['Handler']).toBe('index.handler');
  });
});

describe('a caller of the inference function', () => {
  it('may call this function, directly and through its URL, and nothing else', () => {
    const environment = environmentWith();
    const stack = new Stack(projectApp(), 'Stack');
    const { store } = new ModelStoreStack(stack.node.root, 'ModelStore', {
      environment,
      modelsFolder: projectPath('models'),
    });
    const inference = new InferenceFunction(stack, 'Inference', {
      environment,
      encryptionKey: new EncryptionKey(stack, 'Key', { environment, description: 'A test' }),
      endpoints: [],
      embedded: SPECIALISTS,
      store,
    });
    const role = new iam.Role(stack, 'Caller', { assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com') });
    inference.grantInvoke(role);
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
