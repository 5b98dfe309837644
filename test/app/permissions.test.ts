import { readFileSync } from 'node:fs';
import { goldenFile, permissionChanges } from '../../lib/cli/commands/permissions-command';
import type { Template } from '../../lib/compliance/permissions/role-permissions';
import { build, shippedPlan } from '../support/app/environment-app';

type Templates = Record<string, Template>;

interface PolicyJson {
  readonly Properties: { readonly PolicyDocument: { readonly Statement: Record<string, unknown>[] } };
}

const templates: Templates = Object.fromEntries(
  build(shippedPlan('dev'))
    .app.synth()
    .stacks.map(({ stackName, template }) => [stackName, template as Template]),
);

/** The environment with another policy of the inference role. */
function withInferencePolicy(change: (statements: Record<string, unknown>[]) => void): Templates {
  const copy = structuredClone(templates);
  const resources = (copy['mini-xdr-dev-Serving']?.Resources ?? {}) as unknown as Record<string, PolicyJson>;
  const id = Object.keys(resources).find((name) => name.startsWith('InferenceRoleDefaultPolicy')) ?? '';
  change(resources[id]?.Properties.PolicyDocument.Statement ?? []);
  return copy;
}

/** Lines that one text has and the other has not. */
function added(changed: Templates): string[] {
  const known = new Set((permissionChanges('dev', templates) ?? '').split('\n'));
  return (permissionChanges('dev', changed) ?? '')
    .split('\n')
    .filter((line) => /^[+-]/.test(line) && !known.has(line))
    .map((line) => line.replace(/\s+/g, ' '));
}

describe('the reviewed permissions', () => {
  it('name the complete inference role, for a reviewer to read', () => {
    const golden = readFileSync(goldenFile('dev'), 'utf8');
    const [, role = ''] = /^role Serving\.InferenceRole\n((?: .*\n)+)/m.exec(golden) ?? [];

    expect(role).toContain('sagemaker:InvokeEndpoint');
    expect(role).toContain('endpoint/mini-xdr-dev-ddos-serverless');
    // X-Ray segments belong to no resource; nothing else may be everywhere.
    const everywhere = role.split('    - allow:').filter((statement) => statement.includes('*'));
    expect(everywhere.map((statement) => statement.match(/[a-z]+:\w+/g))).toEqual([
      ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    ]);
  });

  it('say so when a role gets another action', () => {
    const widened = withInferencePolicy((statements) =>
      statements.push({ Effect: 'Allow', Action: 'sagemaker:DeleteEndpoint', Resource: '*' }),
    );

    expect(permissionChanges('dev', widened)).toContain('role Serving.InferenceRole');
    expect(added(widened)).toContain('+ actions: sagemaker:DeleteEndpoint');
  });

  it('say so when a role gets another resource', () => {
    const widened = withInferencePolicy((statements) => {
      const invoke = statements.find(({ Action }) => Action === 'sagemaker:InvokeEndpoint');
      if (invoke === undefined) throw new Error('the inference role invokes nothing');
      invoke['Resource'] = 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/another';
    });

    expect(added(widened).join('\n')).toContain('endpoint/another');
  });

  it('say so when a permission goes', () => {
    const narrowed = withInferencePolicy((statements) => statements.splice(0));

    expect(added(narrowed).some((line) => line.startsWith('-'))).toBe(true);
  });
});
