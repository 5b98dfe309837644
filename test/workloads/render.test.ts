import { textOf } from '../../lib/compliance/json';
import { UserError } from '../../lib/errors';
import { type Workloads, workloadManifests, type WorkloadOptions } from '../../lib/workloads';
import { get, object, OPTIONS, rendered, replaced } from './fixtures';
import { schemaErrors } from './manifest-schema';

const all = rendered();
const backend = object(all, 'Deployment', 'backend');
const frontend = object(all, 'Deployment', 'frontend');

function workloads(change: Partial<WorkloadOptions> = {}): Workloads {
  const result = workloadManifests({ ...OPTIONS, ...change });
  if (!result.deployed) throw new Error(result.reason);
  return result;
}

describe('every manifest', () => {
  it.each(
    rendered({ network: { ...OPTIONS.network, nat: true } }).map((manifest) => [
      textOf(manifest['kind']),
      manifest,
    ]),
  )('is valid for Kubernetes 1.36: %s', (_kind, manifest) => expect(schemaErrors(manifest)).toEqual([]));

  it('would be found invalid if it were', () => {
    expect(schemaErrors(replaced(backend, 'spec.template.spec.containers.0.readOnly', true))).toEqual([
      '/spec/template/spec/containers/0 must NOT have additional properties',
    ]);
    expect(schemaErrors(replaced(backend, 'spec.template.spec.containers.0.name', undefined))).toHaveLength(
      1,
    );
    expect(schemaErrors(replaced(backend, 'spec.strategy.type', 'Rolling'))).toHaveLength(1);
    expect(schemaErrors({ apiVersion: 'v1', kind: 'Nothing' })).toHaveLength(1);
  });

  it('holds what CDK resolves later as it was given', () => {
    const token = '${Token[TOKEN.42]}';
    const manifests = rendered({ targetGroupArns: { backend: token, frontend: token } });
    expect(get(object(manifests, 'TargetGroupBinding', 'backend'), 'spec.targetGroupARN')).toBe(token);
  });
});

describe('without images', () => {
  it('there are no manifests, and the result says why', () => {
    const result = workloadManifests({ ...OPTIONS, images: {} });
    expect(result).toEqual({ deployed: false, reason: expect.stringMatching(/^No image is configured/) });
    expect(rendered({ images: {} })).toEqual([]);
  });

  it('of one service only the other is rendered', () => {
    const { backend: image } = OPTIONS.images;
    const kinds = rendered({ images: { backend: image } }).filter(({ kind }) => kind === 'Deployment');
    expect(kinds.map((manifest) => get(manifest, 'metadata.name'))).toEqual(['backend']);
  });
});

describe('an image', () => {
  const REPOSITORY = '123456789012.dkr.ecr.us-east-1.amazonaws.com/backend';
  const HEX = 'a'.repeat(64);
  const withImage = (reference: string) => () =>
    rendered({ images: { backend: { reference, architectures: ['arm64'] } } });

  it.each([
    `${REPOSITORY}:v1`,
    `${REPOSITORY}:latest@sha256:${HEX}`,
    REPOSITORY,
    `${REPOSITORY}@sha256:abc`,
    `sha256:${HEX}`,
    '',
  ])('that is not given by digest alone is refused: %s', (reference) => {
    expect(withImage(reference)).toThrow(UserError);
    expect(withImage(reference)).toThrow(/allowed is REPOSITORY@sha256:/);
  });

  it.each([`localhost:5000/backend@sha256:${HEX}`, `\${Token[TOKEN.7]}@sha256:${HEX}`])(
    'by digest is taken, whatever its registry: %s',
    (reference) => expect(withImage(reference)()).not.toHaveLength(0),
  );

  it('for other nodes is refused', () => {
    expect(() => rendered({ architecture: 'amd64' })).toThrow(/was built for arm64, the nodes are amd64/);
  });
});

describe('the backend', () => {
  const container = get(backend, 'spec.template.spec.containers.0');

  it('may take 150 seconds to start before a probe stops it', () => {
    const start = get(container, 'startupProbe');
    expect(Number(get(start, 'periodSeconds')) * Number(get(start, 'failureThreshold'))).toBe(150);
    expect(
      ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) =>
        get(container, `${probe}.httpGet.path`),
      ),
    ).toEqual(['/health', '/health', '/health']);
  });

  it('asks for 500m and 1 Gi and may take 3 Gi', () => {
    expect(get(container, 'resources')).toEqual({
      requests: { cpu: '500m', memory: '1Gi' },
      limits: { memory: '3Gi' },
    });
    expect(get(container, 'ports.0.containerPort')).toBe(8000);
  });

  it('reads its endpoints at /app/config, where nobody can write', () => {
    expect(get(container, 'volumeMounts')).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'endpoints', mountPath: '/app/config', readOnly: true },
    ]);
    expect(get(object(all, 'ConfigMap', 'sagemaker-endpoints'), 'data')).toEqual({
      'sagemaker_endpoints.json': '{"enabled":true}',
    });
  });

  it('rolls when the plan changes, and only then', () => {
    const template = (text: string) =>
      JSON.stringify(
        get(object(rendered({ endpointConfiguration: { text } }), 'Deployment', 'backend'), 'spec.template'),
      );
    expect(template('{"enabled":true}')).toBe(JSON.stringify(get(backend, 'spec.template')));
    expect(template('{"enabled":false}')).not.toBe(JSON.stringify(get(backend, 'spec.template')));
  });

  it('is not restarted by a hash of values that are not known yet', () => {
    const text = '{"endpoint_name":"${Token[TOKEN.9]}"}';
    expect(() => rendered({ endpointConfiguration: { text } })).toThrow(/Give a revision/);
    const known = rendered({ endpointConfiguration: { text, revision: 'r1' } });
    expect(get(object(known, 'Deployment', 'backend'), 'spec.template.metadata.annotations')).toEqual({
      'mini-xdr/endpoints-sha256': 'r1',
    });
  });
});

describe('each service', () => {
  it.each([
    ['backend', backend],
    ['frontend', frontend],
  ])('%s runs twice, spread over zones and nodes, on nodes of its architecture', (name, manifest) => {
    expect(get(object(all, 'HorizontalPodAutoscaler', name), 'spec.minReplicas')).toBe(2);
    expect(get(manifest, 'spec.replicas')).toBeUndefined();
    const pods = get(manifest, 'spec.template.spec');
    expect([0, 1].map((index) => get(pods, `topologySpreadConstraints.${index}.topologyKey`))).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    expect(get(pods, 'nodeSelector')).toMatchObject({ 'kubernetes.io/arch': 'arm64' });
  });

  it.each([
    ['backend', 8000],
    ['frontend', 3000],
  ])('%s is bound to its target group by address', (name, port) => {
    expect(get(object(all, 'TargetGroupBinding', name), 'spec')).toEqual({
      targetGroupARN: OPTIONS.targetGroupArns[name as 'backend'],
      targetType: 'ip',
      serviceRef: { name, port },
    });
    expect(get(object(all, 'Service', name), 'spec.ports.0.port')).toBe(port);
  });

  it('cannot be told to run less than twice', () => {
    expect(() => rendered({ maxReplicas: { backend: 1 } })).toThrow(/backend may have 1 pods at most/);
  });

  it('cannot mount a volume over models', () => {
    expect(() => rendered({ modelPaths: ['/app/config/models'] })).toThrow(
      /Deployment\/mini-xdr\/backend: A volume at \/app\/config hides models .*ModelsNotHidden/,
    );
  });
});

describe('the migration', () => {
  const nameWith = (change: Partial<WorkloadOptions>) => workloads(change).migration?.gate.objectName;
  const image = (character: string, registry = 'registry.example/migration') => ({
    images: {
      ...OPTIONS.images,
      migration: {
        reference: `${registry}@sha256:${character.repeat(64)}`,
        architectures: ['arm64' as const],
      },
    },
  });

  it("runs with the backend's identity and says what to wait for", () => {
    const { migration } = workloads();
    const job = object(migration?.manifests ?? [], 'Job', migration?.gate.objectName ?? '');
    expect(get(job, 'spec.template.spec.serviceAccountName')).toBe('backend');
    expect(migration?.gate).toMatchObject({ objectType: 'job', jsonPath: '.status.succeeded' });
    expect(Number(migration?.gate.timeoutMinutes) * 60).toBeGreaterThan(
      Number(get(job, 'spec.activeDeadlineSeconds')),
    );
  });

  it('comes after what it needs and before any pod that needs it', () => {
    const { foundation, rollout } = workloads();
    const kinds = (manifests: Workloads['rollout']) => new Set(manifests.map(({ kind }) => kind));
    expect(kinds(foundation)).toEqual(new Set(['Namespace', 'ConfigMap', 'NetworkPolicy', 'ServiceAccount']));
    expect(kinds(rollout)).not.toContain('Job');
  });

  it('is another Job for another image or setting, since Kubernetes changes no Job', () => {
    expect(nameWith({})).toMatch(/^migration-c{12}-[0-9a-f]{8}$/);
    expect(nameWith(image('d'))).not.toBe(nameWith(image('c')));
    expect(nameWith({ backendVariables: { DATABASE_NAME: 'other' } })).not.toBe(nameWith({}));
  });

  it('is the same Job for the same image and settings, however CDK numbers its tokens', () => {
    const numbered = (number: number) =>
      nameWith({
        ...image('c', `\${Token[TOKEN.${number}]}`),
        backendVariables: { DATABASE_HOST: `\${Token[TOKEN.${number + 1}]}` },
      });
    expect(numbered(4)).toBe(numbered(17));
  });

  it('is refused without a backend', () => {
    const { migration, frontend: other } = OPTIONS.images;
    expect(() => rendered({ images: { migration, frontend: other } })).toThrow(/none of backend/);
  });
});
