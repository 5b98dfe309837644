import { type CheckOptions, checkManifests, type Manifest } from '../../../lib/workloads';
import { NETWORK, object, rendered, replaced } from '../../support/workloads/workload-fixtures';
import type { Json } from '../../../lib/util/json';

const POD = 'spec.template.spec';
const CONTAINER = `${POD}.containers.0`;

/** Manifests with one value of one object replaced. */
function planted(kind: string, name: string, path: string, value: Json): Manifest[] {
  const all = rendered();
  const victim = object(all, kind, name);
  return all.map((manifest) => (manifest === victim ? replaced(manifest, path, value) : manifest));
}

const nodes = (architecture: string | undefined, pool: string | undefined = 'mini-xdr') => ({
  'karpenter.sh/nodepool': pool,
  'kubernetes.io/arch': architecture,
});

const without = (kind: string, name: string) => {
  const all = rendered();
  return all.filter((manifest) => manifest !== object(all, kind, name));
};

const rulesOf = (manifests: readonly Manifest[], options?: CheckOptions) =>
  [...new Set(checkManifests(manifests, options).map(({ rule, resource }) => `${rule} ${resource}`))].sort();

const mount = (mountPath: string) => [{ name: 'tmp', mountPath }];
const egressTo = (to: Json, ports: Json = [{ port: 443 }]) =>
  planted('NetworkPolicy', 'backend-egress', 'spec.egress', [{ to, ports }]);

describe('the rules', () => {
  it('find nothing in what is rendered', () => {
    expect(checkManifests(rendered(), { architecture: 'arm64' })).toEqual([]);
    expect(checkManifests(rendered({ network: { ...NETWORK, nat: true } }))).toEqual([]);
    expect(checkManifests([])).toEqual([]);
  });

  it('say what is wrong, where, and what to do', () => {
    expect(checkManifests(planted('Deployment', 'backend', `${CONTAINER}.image`, 'backend:v1'))).toEqual([
      {
        rule: 'PinnedImage',
        resource: 'Deployment/mini-xdr/backend',
        problem: 'The container backend runs backend:v1, which is not given by digest alone.',
        fix: 'Name the image REPOSITORY@sha256:DIGEST.',
      },
    ]);
  });

  const BACKEND = 'Deployment/mini-xdr/backend';
  const POOL = 'NodePool/mini-xdr';
  const EGRESS = 'NetworkPolicy/mini-xdr/backend-egress';
  const secured = (field: string, value: Json) =>
    planted('Deployment', 'backend', `${CONTAINER}.securityContext.${field}`, value);
  const mounted = (path: string) =>
    planted('Deployment', 'backend', `${CONTAINER}.volumeMounts`, mount(path));

  it.each<[string, Manifest[], string]>([
    ['a missing disruption budget', without('PodDisruptionBudget', 'backend'), `DisruptionBudget ${BACKEND}`],
    [
      'a disruption budget that nothing may break',
      planted('PodDisruptionBudget', 'backend', 'spec.maxUnavailable', 0),
      `DisruptionBudget ${BACKEND}`,
    ],
    [
      'a wrong architecture',
      planted('Deployment', 'backend', `${POD}.nodeSelector`, nodes('amd64')),
      `SameArchitecture ${BACKEND}`,
    ],
    [
      'no architecture',
      planted('Deployment', 'backend', `${POD}.nodeSelector`, nodes(undefined)),
      `SameArchitecture ${BACKEND}`,
    ],
    [
      'a tag instead of a digest',
      planted('Deployment', 'backend', `${CONTAINER}.image`, 'r/backend:latest'),
      `PinnedImage ${BACKEND}`,
    ],
    ['a privileged container', secured('privileged', true), `HardenedPods ${BACKEND}`],
    ['privilege escalation', secured('allowPrivilegeEscalation', undefined), `HardenedPods ${BACKEND}`],
    ['a writable root', secured('readOnlyRootFilesystem', false), `HardenedPods ${BACKEND}`],
    ['root', secured('runAsNonRoot', false), `HardenedPods ${BACKEND}`],
    ['user 0', secured('runAsUser', 0), `HardenedPods ${BACKEND}`],
    ['a capability', secured('capabilities', { drop: ['ALL'], add: ['NET_RAW'] }), `HardenedPods ${BACKEND}`],
    ['no seccomp', secured('seccompProfile', { type: 'Unconfined' }), `HardenedPods ${BACKEND}`],
    [
      'the host network',
      planted('Deployment', 'backend', `${POD}.hostNetwork`, true),
      `HardenedPods ${BACKEND}`,
    ],
    [
      'a folder of the node',
      planted('Deployment', 'backend', `${POD}.volumes`, [{ name: 'tmp', hostPath: { path: '/' } }]),
      `HardenedPods ${BACKEND}`,
    ],
    [
      'a token of the cluster',
      planted('Deployment', 'backend', `${POD}.automountServiceAccountToken`, true),
      `HardenedPods ${BACKEND}`,
    ],
    ['a volume over the models', mounted('/app/models'), `ModelsNotHidden ${BACKEND}`],
    ['a volume above the models', mounted('/app/'), `ModelsNotHidden ${BACKEND}`],
    ['a volume over everything', mounted('/'), `ModelsNotHidden ${BACKEND}`],
    ['a volume inside the models', mounted('/models/general'), `ModelsNotHidden ${BACKEND}`],
    ['a volume over the models in disguise', mounted('/tmp/..//models/.'), `ModelsNotHidden ${BACKEND}`],
    [
      'one pod',
      planted('HorizontalPodAutoscaler', 'backend', 'spec.minReplicas', 1),
      `Replicated ${BACKEND}`,
    ],
    ['no autoscaler', without('HorizontalPodAutoscaler', 'backend'), `Replicated ${BACKEND}`],
    [
      'pods that may all stand in one zone',
      planted('Deployment', 'backend', `${POD}.topologySpreadConstraints.0.minDomains`, undefined),
      `Zoned ${BACKEND}`,
    ],
    [
      'pods that are not spread over zones',
      planted('Deployment', 'backend', `${POD}.topologySpreadConstraints`, undefined),
      `Zoned ${BACKEND}`,
    ],
    [
      'no start-up probe',
      planted('Deployment', 'backend', `${CONTAINER}.startupProbe`, undefined),
      `ProbedAndSized ${BACKEND}`,
    ],
    [
      'no memory limit',
      planted('Deployment', 'backend', `${CONTAINER}.resources.limits`, undefined),
      `ProbedAndSized ${BACKEND}`,
    ],
    ['egress to anywhere', egressTo([]), `NoWildcardTraffic ${EGRESS}`],
    ['egress to every pod', egressTo([{ namespaceSelector: {} }]), `NoWildcardTraffic ${EGRESS}`],
    [
      'egress to the internet without a reason',
      egressTo([{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }]),
      `NoWildcardTraffic ${EGRESS}`,
    ],
    [
      'egress to half of the internet',
      egressTo([{ ipBlock: { cidr: '0.0.0.0/1' } }]),
      `NoWildcardTraffic ${EGRESS}`,
    ],
    [
      'egress on every port',
      egressTo([{ ipBlock: { cidr: '10.40.0.0/16' } }], []),
      `NoWildcardTraffic ${EGRESS}`,
    ],
    [
      'egress to instance metadata',
      egressTo([{ ipBlock: { cidr: '169.254.0.0/16' } }], [{ port: 80 }]),
      `NoInstanceMetadata ${EGRESS}`,
    ],
    [
      'ingress from anywhere',
      planted('NetworkPolicy', 'backend-ingress', 'spec.ingress', [{ ports: [{ port: 8000 }] }]),
      'NoWildcardTraffic NetworkPolicy/mini-xdr/backend-ingress',
    ],
    [
      'nodes of another pool',
      planted('Deployment', 'backend', `${POD}.nodeSelector`, nodes('arm64', 'general-purpose')),
      `KnownNodePool ${BACKEND}`,
    ],
    [
      'a pool of nodes without a limit',
      planted('NodePool', 'mini-xdr', 'spec.limits', { memory: '16Gi' }),
      `BoundedNodePool ${POOL}`,
    ],
    [
      'a pool of nodes with a limit of nothing',
      planted('NodePool', 'mini-xdr', 'spec.limits.cpu', '0'),
      `BoundedNodePool ${POOL}`,
    ],
    [
      'disks of nodes under no key',
      planted('NodeClass', 'mini-xdr', 'spec.ephemeralStorage', { size: '80Gi' }),
      'EncryptedNodeDisks NodeClass/mini-xdr',
    ],
    [
      'nodes that enforce no network policy',
      planted('NodeClass', 'mini-xdr', 'spec.networkPolicy', undefined),
      `EnforcedNetworkPolicies ${POOL}`,
    ],
    [
      'nodes of a class that nobody sees',
      planted('NodePool', 'mini-xdr', 'spec.template.spec.nodeClassRef.name', 'default'),
      `EnforcedNetworkPolicies ${POOL}`,
    ],
    [
      'a controller of network policies that is off',
      planted('ConfigMap', 'amazon-vpc-cni', 'data', { 'enable-network-policy-controller': 'false' }),
      `EnforcedNetworkPolicies ${POOL}`,
    ],
  ])('catch %s', (_fault, manifests, finding) => expect(rulesOf(manifests)).toEqual([finding]));

  it('catch pods that no policy restricts, or that stand in another namespace', () => {
    const open = rendered().filter(({ kind }) => kind !== 'NetworkPolicy');
    expect(rulesOf(open)).toContain(`DeniedByDefault ${BACKEND}`);
    const moved = planted('Deployment', 'frontend', 'metadata.namespace', 'default');
    expect(rulesOf(moved)).toContain('RestrictedNamespace Deployment/default/frontend');
    const lax = planted('Namespace', 'mini-xdr', 'metadata.labels', {});
    expect(rulesOf(lax)).toContain(`RestrictedNamespace ${BACKEND}`);
  });

  it('catch pods for an architecture that their pool never starts, though all agree', () => {
    const requirement = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] };
    const pool = planted('NodePool', 'mini-xdr', 'spec.template.spec.requirements', [requirement]);
    const pods = ['Deployment/mini-xdr/backend', 'Deployment/mini-xdr/frontend'];
    expect(rulesOf(pool)).toEqual(
      expect.arrayContaining(
        [...pods, 'Job/mini-xdr/'].map((id) => expect.stringContaining(`SameArchitecture ${id}`)),
      ),
    );
    expect(rulesOf(pool)).toHaveLength(3);
    const any = planted('NodePool', 'mini-xdr', 'spec.template.spec.requirements', []);
    expect(rulesOf(any)).toEqual([]);
  });

  it('catch pods for nodes that the environment does not have, though all agree', () => {
    expect(rulesOf(rendered(), { architecture: 'amd64' })).toContain(`SameArchitecture ${BACKEND}`);
  });

  it('allow a stated way to the internet for HTTPS alone, and never to metadata', () => {
    const nat = rendered({ network: { ...NETWORK, nat: true } });
    const policy = object(nat, 'NetworkPolicy', 'backend-egress-nat');
    const change = (path: string, value: Json) =>
      rulesOf(nat.map((manifest) => (manifest === policy ? replaced(manifest, path, value) : manifest)));
    const id = 'NetworkPolicy/mini-xdr/backend-egress-nat';
    expect(change('spec.egress.0.ports.0.port', 80)).toEqual([`NoWildcardTraffic ${id}`]);
    expect(change('metadata.annotations', {})).toEqual([`NoWildcardTraffic ${id}`]);
    expect(change('spec.egress.0.to.0.ipBlock.except', ['10.0.0.0/8'])).toEqual([`NoInstanceMetadata ${id}`]);
  });

  it('read bare pods and scheduled jobs, and survive what is no manifest', () => {
    const pod = {
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'c:v1' }] },
    };
    expect(rulesOf([pod])).toContain('PinnedImage Pod/p');
    const job = {
      kind: 'CronJob',
      metadata: { name: 'j' },
      spec: { jobTemplate: { spec: { template: pod } } },
    };
    expect(rulesOf([job])).toContain('PinnedImage CronJob/j');
    expect(
      checkManifests([{}, { kind: 'Deployment' }, { kind: 'NetworkPolicy', spec: [] }]),
    ).not.toHaveLength(0);
  });
});
