import { rmSync } from 'node:fs';
import { type Serving, servingOf } from '../../support/app/serving-app';
import { modelsWithNew } from '../../support/app/models-folder';
import {
  type TemplateJson,
  permissionsOf,
  resourceOf,
  resourcesOf,
  targetOf,
} from '../../support/app/template';
import { dedicated, rolling, serverless, shared, topologyOf } from '../../support/app/topologies';

const changedModels = modelsWithNew('ddos');
afterAll(() => rmSync(changedModels, { recursive: true }));

/** Resources that SageMaker can only replace. (CloudFormation: their properties, "Update requires: Replacement".) */
const IMMUTABLE = new Set(['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig']);

/** Logical ids that a value refers to, at any depth. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = targetOf(value);
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(referencesIn)];
}

/** Everything that the endpoint of a template runs on: what it refers to, and the policies of its role. */
function foundations({ Resources }: TemplateJson, start: string): string[] {
  const known = new Set<string>();
  const visit = (id: string): void => {
    const resource = Resources[id];
    if (resource === undefined || known.has(id)) return;
    known.add(id);
    referencesIn(resource.Properties).forEach(visit);
    if (resource.Type !== 'AWS::IAM::Role') return;
    for (const [policy, { Type, Properties }] of Object.entries(Resources)) {
      if (Type === 'AWS::IAM::Policy' && referencesIn(Properties?.['Roles']).includes(id)) visit(policy);
    }
  };
  visit(start);
  return [...known].filter((id) => id !== start);
}

/** Of what an endpoint runs on: what a deploy of another template would delete or change in its clean-up. */
function lost(before: TemplateJson, after: TemplateJson): string[] {
  const endpoint = resourceOf(before, 'AWS::SageMaker::Endpoint').id;
  return foundations(before, endpoint).filter((id) => {
    const [old, fresh] = [before.Resources[id], after.Resources[id]];
    if (fresh === undefined) return true;
    const kept = [old, fresh].every((resource) => resource?.UpdateReplacePolicy === 'Retain');
    return IMMUTABLE.has(fresh.Type) ? !kept : JSON.stringify(old) !== JSON.stringify(fresh);
  });
}

const KINDS = [
  ['serverless', serverless('ddos')],
  ['dedicated, updated all at once', dedicated('ddos')],
  ['dedicated, updated in a rolling way', rolling('ddos')],
  ['shared', shared(['ddos', 'general'])],
] as const;

describe.each(KINDS)('an endpoint that SageMaker took back to the model before: %s', (_kind, plan) => {
  const topology = topologyOf([plan]);
  const [before, after] = [servingOf(topology), servingOf(topology, { modelsFolder: changedModels })];

  it('keeps all that it runs on: configuration, model, role with its policy, log group, alarms and keys', () => {
    const endpoint = resourceOf(before.serving, 'AWS::SageMaker::Endpoint').id;
    const types = foundations(before.serving, endpoint).map((id) => before.serving.Resources[id]?.Type);

    expect(new Set(types)).toEqual(
      new Set([
        'AWS::SageMaker::EndpointConfig',
        'AWS::SageMaker::Model',
        'AWS::IAM::Role',
        'AWS::IAM::Policy',
        'AWS::Logs::LogGroup',
        'AWS::KMS::Key',
        ...(plan.mode === 'serverless' ? [] : ['AWS::CloudWatch::Alarm']),
      ]),
    );
    expect(lost(before.serving, after.serving)).toEqual([]);
  });

  it('can still start instances: its role reads the artifact before, too', () => {
    const role = targetOf(roleOf(after)) ?? '';
    const reads = permissionsOf(after.serving, role)
      .filter(({ actions }) => actions.includes('s3:GetObject'))
      .flatMap(({ resources }) => resources.map((arn) => arn.replace(/^.*\/artifacts\//, '')));

    expect(reads.sort()).toEqual(plan.specialists.map((name) => `${name}/*`).sort());
  });

  it('loses its configuration and its model only with the stack', () => {
    for (const type of IMMUTABLE) {
      const [resource] = resourcesOf(before.serving, type);
      expect(before.serving.Resources[resource?.id ?? '']?.DeletionPolicy).toBe('Delete');
    }
  });
});

function roleOf({ serving }: Serving): unknown {
  return resourceOf(serving, 'AWS::SageMaker::Model').properties['ExecutionRoleArn'];
}

describe('the log group of an endpoint', () => {
  it.each(['destroy', 'snapshot', 'retain'] as const)(
    'goes with the endpoint, so that a plan can come back to it, where removal is to %s',
    (onRemoval) => {
      const { serving } = servingOf(topologyOf([serverless('ddos')]), {
        changes: { protection: { onRemoval, deletionProtection: false } },
      });
      const policies = Object.values(serving.Resources)
        .filter(({ Properties }) => Properties?.['LogGroupName'] !== undefined)
        .map(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy]);

      expect(policies).toEqual([['Delete', 'Delete']]);
    },
  );

  it('is removed only after the permission to create it, so that late logs cannot bring it back', () => {
    const { serving } = servingOf(topologyOf([serverless('ddos')]));
    const group = Object.entries(serving.Resources).find(
      ([, { Properties }]) => Properties?.['LogGroupName'] !== undefined,
    )?.[0];
    const policies = resourcesOf(serving, 'AWS::IAM::Policy').filter(({ properties }) =>
      JSON.stringify(properties).includes('logs:CreateLogGroup'),
    );

    expect(policies).toHaveLength(1);
    expect(referencesIn(policies[0]?.properties)).toContain(group);
  });
});
