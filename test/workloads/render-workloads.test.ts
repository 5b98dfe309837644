import { textOf } from '../../lib/util/json';
import { UserError } from '../../lib/util/user-error';
import { workloadManifests } from '../../lib/workloads';
import { get, object, OPTIONS, rendered, replaced } from '../support/workloads/workload-fixtures';
import { schemaErrors } from '../support/workloads/manifest-schema';

const all = rendered();
const backend = object(all, 'Deployment', 'backend');
const frontend = object(all, 'Deployment', 'frontend');

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
    const pool = object(all, 'NodePool', 'mini-xdr');
    expect(schemaErrors(replaced(pool, 'spec.template.spec.requirements.0.key', 'kubernetes.io/os'))).toEqual(
      ['/spec/template/spec/requirements/0/key must be equal to one of the allowed values'],
    );
    expect(schemaErrors(replaced(pool, 'spec.limit', { cpu: '4' }))).toHaveLength(1);
    const nodeClass = object(all, 'NodeClass', 'mini-xdr');
    expect(
      schemaErrors(replaced(nodeClass, 'spec.role', 'arn:aws:iam::123456789012:role/nodes')),
    ).toHaveLength(1);
    expect(schemaErrors(replaced(nodeClass, 'spec.networkPolicies', 'DefaultAllow'))).toHaveLength(1);
    expect(schemaErrors(replaced(nodeClass, 'metadata.name', 'default'))).toHaveLength(1);
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
      requests: { cpu: '500m', memory: '1024Mi' },
      limits: { memory: '3072Mi' },
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
    expect(get(object(known, 'Deployment', 'backend'), 'spec.template.metadata.annotations')).toMatchObject({
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

  it.each(['backend', 'frontend'])(
    '%s must stand in every zone, not only in those that have a node',
    (name) => {
      const zonesOf = (zones: number) =>
        get(
          object(rendered({ nodes: { ...OPTIONS.nodes, zones, vcpus: 2 * zones } }), 'Deployment', name),
          'spec.template.spec.topologySpreadConstraints.0',
        );
      expect(zonesOf(2)).toMatchObject({ whenUnsatisfiable: 'DoNotSchedule', maxSkew: 1, minDomains: 2 });
      expect(zonesOf(3)).toMatchObject({ minDomains: 3 });
    },
  );

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
    expect(() => rendered({ maxReplicas: { backend: 1, frontend: 2 } })).toThrow(
      /backend may have 1 pods at most/,
    );
  });

  it('cannot mount a volume over models', () => {
    expect(() => rendered({ modelPaths: ['/app/config/models'] })).toThrow(
      /Deployment\/mini-xdr\/backend: A volume at \/app\/config hides models .*ModelsNotHidden/,
    );
  });
});
