import { recordOf, textOf } from '../../lib/util/json';
import { type ManifestGroup, workloadManifests, type WorkloadOptions } from '../../lib/workloads';
import { get, object, OPTIONS, rendered } from '../support/workloads/workload-fixtures';

function groups(change: Partial<WorkloadOptions> = {}): readonly ManifestGroup[] {
  const result = workloadManifests({ ...OPTIONS, ...change });
  if (!result.deployed) throw new Error(result.reason);
  return result.groups;
}

const groupOf = (id: string, change: Partial<WorkloadOptions> = {}) =>
  groups(change).find((group) => group.id === id);

describe('the groups', () => {
  const { backend: backendImage, frontend: frontendImage } = OPTIONS.images;
  const nat = { network: { ...OPTIONS.network, nat: true } };
  const order = (change: Partial<WorkloadOptions>) => groups(change).map(({ id, after }) => [id, after]);

  it('come in an order in which each has what it needs, those that a setting takes away left out', () => {
    expect(order(nat)).toEqual([
      ['Foundation', []],
      ['InternetEgress', ['Foundation']],
      ['Migration', ['Foundation', 'InternetEgress']],
      ['Backend', ['Foundation', 'InternetEgress', 'Migration']],
      ['Frontend', ['Foundation', 'Backend']],
    ]);
    expect(order({ images: { backend: backendImage } })).toEqual([
      ['Foundation', []],
      ['Backend', ['Foundation']],
    ]);
    expect(order({ images: { frontend: frontendImage } })).toEqual([
      ['Foundation', []],
      ['Frontend', ['Foundation']],
    ]);
  });

  it('hold the same objects whatever other groups there are, so that none is left behind by a setting', () => {
    const objects = (change: Partial<WorkloadOptions>) =>
      new Map(
        groups(change).map(({ id, manifests }) => [
          id,
          manifests.map(
            (manifest) => `${textOf(manifest['kind'])} ${textOf(get(manifest, 'metadata.name'))}`,
          ),
        ]),
      );
    const everything = objects(nat);
    const changes = [{}, { images: { backend: backendImage } }, { images: { frontend: frontendImage } }];
    for (const change of changes) {
      for (const [id, names] of objects(change)) expect(names).toEqual(everything.get(id));
    }
    const names = [...everything.values()].flat();
    expect(new Set(names).size).toBe(names.length);
  });

  it('leave pods to those that come after the policies and identities of these pods', () => {
    expect(groupOf('Foundation')?.manifests.map(({ kind }) => kind)).not.toContain('ServiceAccount');
    expect(groupOf('InternetEgress', nat)?.manifests).toHaveLength(1);
    for (const id of ['Migration', 'Backend', 'Frontend']) {
      const kinds = groupOf(id)?.manifests.map(({ kind }) => kind) ?? [];
      const pods = kinds.findIndex((kind) => kind === 'Deployment' || kind === 'Job');
      expect(kinds.slice(0, pods)).toContain('ServiceAccount');
    }
  });

  it('wait for what runs, and for nothing else', () => {
    expect(groups(nat).flatMap(({ id, gate }) => (gate ? [id] : []))).toEqual([
      'Migration',
      'Backend',
      'Frontend',
    ]);
  });
});

describe('a rollout', () => {
  const selectorOf = (change: Partial<WorkloadOptions> = {}) => groupOf('Backend', change)?.gate?.objectName;
  const endpoints = (text: string) => ({ endpointConfiguration: { text } });

  it('is over once a pod of the very revision that is applied is available, its readiness gates included', () => {
    const { manifests = [], gate } = groupOf('Backend') ?? {};
    const labels = recordOf(get(object(manifests, 'Deployment', 'backend'), 'spec.template.metadata.labels'));

    expect(gate).toMatchObject({
      objectType: 'replicasets',
      jsonPath: '.items[*].status.availableReplicas',
    });
    expect(gate?.objectName).toBe(
      `--selector=app.kubernetes.io/name=backend,mini-xdr/revision=${textOf(labels['mini-xdr/revision']) ?? ''}`,
    );
  });

  it.each<[string, Partial<WorkloadOptions>]>([
    ['image', { images: { ...OPTIONS.images, backend: OPTIONS.images.frontend } }],
    ['endpoint configuration', endpoints('{"enabled":false}')],
    ['variables', { backendVariables: { DATABASE_NAME: 'other' } }],
  ])('is another for another %s', (_what, change) => {
    expect(selectorOf(change)).not.toBe(selectorOf());
  });

  it('is none for what does not touch its pods, nor for how CDK numbers its tokens', () => {
    const numbered = (number: number) =>
      selectorOf({ backendVariables: { DATABASE_HOST: `\${Token[TOKEN.${number}]}` } });

    expect(selectorOf({ maxReplicas: { backend: 3, frontend: 2 } })).toBe(selectorOf());
    expect(selectorOf({ migrationVariables: { DATABASE_NAME: 'other' } })).toBe(selectorOf());
    expect(numbered(4)).toBe(numbered(17));
  });

  it('never selects pods by a label that a Deployment cannot change', () => {
    const { manifests = [] } = groupOf('Backend') ?? {};

    expect(get(object(manifests, 'Deployment', 'backend'), 'spec.selector.matchLabels')).toEqual({
      'app.kubernetes.io/name': 'backend',
    });
  });
});

describe('the migration', () => {
  const migrationOf = (change: Partial<WorkloadOptions> = {}) => groupOf('Migration', change);
  const nameWith = (change: Partial<WorkloadOptions>) => migrationOf(change)?.gate?.objectName;
  const image = (character: string, registry = 'registry.example/migration') => ({
    images: {
      ...OPTIONS.images,
      migration: {
        reference: `${registry}@sha256:${character.repeat(64)}`,
        architectures: ['arm64' as const],
      },
    },
  });

  it('runs with its own identity and variables, and says what to wait for', () => {
    const { manifests = [], gate } = migrationOf() ?? {};
    const job = object(manifests, 'Job', gate?.objectName ?? '');
    expect(get(job, 'spec.template.spec.serviceAccountName')).toBe('migration');
    expect(get(object(manifests, 'ServiceAccount', 'migration'), 'metadata.namespace')).toBe('mini-xdr');
    expect(get(job, 'spec.template.spec.containers.0.env')).toEqual([
      { name: 'DATABASE_INSTANCE', value: 'mini-xdr' },
      { name: 'DATABASE_NAME', value: 'mini_xdr' },
    ]);
    expect(gate).toMatchObject({ objectType: 'job', jsonPath: '.status.succeeded' });
    expect(Number(gate?.timeoutMinutes) * 60).toBeGreaterThan(Number(get(job, 'spec.activeDeadlineSeconds')));
  });

  it('is another Job for another image or setting, since Kubernetes changes no Job', () => {
    expect(nameWith({})).toMatch(/^migration-c{12}-[0-9a-f]{12}$/);
    expect(nameWith(image('d'))).not.toBe(nameWith(image('c')));
    expect(nameWith({ migrationVariables: { DATABASE_NAME: 'other' } })).not.toBe(nameWith({}));
    expect(nameWith({ backendVariables: { DATABASE_NAME: 'other' } })).toBe(nameWith({}));
  });

  it('is the same Job for the same image and settings, however CDK numbers its tokens', () => {
    const numbered = (number: number) =>
      nameWith({
        ...image('c', `\${Token[TOKEN.${number}]}`),
        migrationVariables: { DATABASE_HOST: `\${Token[TOKEN.${number + 1}]}` },
      });
    expect(numbered(4)).toBe(numbered(17));
  });

  it('is refused without a backend', () => {
    const { migration, frontend: other } = OPTIONS.images;
    expect(() => rendered({ images: { migration, frontend: other } })).toThrow(/none of backend/);
  });
});
