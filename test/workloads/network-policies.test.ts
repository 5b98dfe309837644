import type { Manifest, WorkloadNetwork } from '../../lib/workloads';
import { allows, type Place } from '../support/workloads/allowed-flows';
import { NETWORK, rendered, replaced } from '../support/workloads/workload-fixtures';

const NAMESPACES = { 'mini-xdr': {}, 'kube-system': {}, other: { 'app.kubernetes.io/part-of': 'mini-xdr' } };

const pod = (namespace: string, name: string, address: string, more = {}): Place => ({
  address,
  pod: { namespace, labels: { 'app.kubernetes.io/name': name, ...more } },
});

const PLACES = {
  backend: pod('mini-xdr', 'backend', '10.40.16.10'),
  secondBackend: pod('mini-xdr', 'backend', '10.40.16.11'),
  frontend: pod('mini-xdr', 'frontend', '10.40.16.20'),
  migration: pod('mini-xdr', 'migration', '10.40.16.30'),
  stray: pod('mini-xdr', 'stray', '10.40.16.40'),
  foreign: pod('other', 'backend', '10.40.16.50'),
  coreDns: pod('kube-system', 'coredns', '10.40.16.60', { 'k8s-app': 'kube-dns' }),
  fakeDns: pod('other', 'coredns', '10.40.16.61', { 'k8s-app': 'kube-dns' }),
  nodeDns: { address: '172.20.0.10' },
  clusterApi: { address: '172.20.0.1' },
  loadBalancer: { address: '10.40.1.5' },
  workbench: { address: '10.40.5.5' },
  database: { address: '10.40.3.9' },
  awsEndpoint: { address: '10.40.16.200' },
  podIdentity: { address: '169.254.170.23' },
  metadata: { address: '169.254.169.254' },
  internet: { address: '203.0.113.7' },
} satisfies Record<string, Place>;

type Name = keyof typeof PLACES;
type Flow = readonly [from: Name, to: Name, port: number, protocol?: 'UDP'];

const NEEDED: readonly Flow[] = [
  ['backend', 'nodeDns', 53, 'UDP'],
  ['backend', 'nodeDns', 53],
  ['backend', 'coreDns', 53, 'UDP'],
  ['frontend', 'nodeDns', 53, 'UDP'],
  ['migration', 'coreDns', 53],
  ['backend', 'database', 5433],
  ['migration', 'database', 5433],
  ['backend', 'awsEndpoint', 443],
  ['migration', 'awsEndpoint', 443],
  ['backend', 'podIdentity', 80],
  ['migration', 'podIdentity', 80],
  ['frontend', 'backend', 8000],
  ['loadBalancer', 'backend', 8000],
  ['loadBalancer', 'frontend', 3000],
];

const FORBIDDEN: readonly Flow[] = [
  ['backend', 'internet', 443],
  ['backend', 'internet', 80],
  ['migration', 'internet', 443],
  ['frontend', 'internet', 443],
  ['stray', 'internet', 443],
  ['internet', 'backend', 8000],
  ['internet', 'frontend', 3000],
  ['backend', 'metadata', 80],
  ['frontend', 'metadata', 80],
  ['migration', 'metadata', 80],
  ['frontend', 'database', 5433],
  ['stray', 'database', 5433],
  ['backend', 'database', 22],
  ['backend', 'database', 5432],
  ['frontend', 'awsEndpoint', 443],
  ['frontend', 'podIdentity', 80],
  ['backend', 'podIdentity', 443],
  ['foreign', 'backend', 8000],
  ['foreign', 'frontend', 3000],
  ['backend', 'foreign', 8000],
  ['frontend', 'foreign', 8000],
  ['backend', 'frontend', 3000],
  ['backend', 'secondBackend', 8000],
  ['frontend', 'backend', 22],
  ['stray', 'backend', 8000],
  ['migration', 'backend', 8000],
  ['loadBalancer', 'backend', 22],
  ['loadBalancer', 'frontend', 8000],
  ['loadBalancer', 'migration', 8000],
  ['workbench', 'backend', 8000],
  ['workbench', 'frontend', 3000],
  ['backend', 'fakeDns', 53],
  ['backend', 'internet', 53],
  ['backend', 'nodeDns', 443],
  ['backend', 'clusterApi', 443],
  ['frontend', 'clusterApi', 443],
];

const permits = (manifests: readonly Manifest[], [from, to, port, protocol]: Flow) =>
  allows(manifests, NAMESPACES, { from: PLACES[from], to: PLACES[to], port, protocol });

const withNetwork = (change: Partial<WorkloadNetwork>) => rendered({ network: { ...NETWORK, ...change } });
const flows = (list: readonly Flow[]) => list.map((flow) => [flow.join(' '), flow] as const);

describe('without NAT', () => {
  const manifests = rendered();

  it.each(flows(NEEDED))('%s is possible', (_title, flow) => expect(permits(manifests, flow)).toBe(true));
  it.each(flows(FORBIDDEN))('%s is not', (_title, flow) => expect(permits(manifests, flow)).toBe(false));
});

describe('with NAT', () => {
  const manifests = withNetwork({ nat: true });
  const gained = FORBIDDEN.filter((flow) => permits(manifests, flow));

  it('backend and migration gain HTTPS to the internet, and nothing else changes', () => {
    expect(gained).toEqual([
      ['backend', 'internet', 443],
      ['migration', 'internet', 443],
    ]);
    expect(NEEDED.filter((flow) => !permits(manifests, flow))).toEqual([]);
  });

  it('a VPC that is a whole private block stays reachable over HTTPS', () => {
    const manifests = withNetwork({ nat: true, vpcCidr: '192.168.0.0/16' });
    const to = { address: '192.168.7.7' };
    expect(allows(manifests, NAMESPACES, { from: PLACES.backend, to, port: 443 })).toBe(true);
    expect(allows(manifests, NAMESPACES, { from: PLACES.backend, to, port: 80 })).toBe(false);
  });

  it('metadata stays out of reach on every port, HTTPS included', () => {
    expect(permits(manifests, ['backend', 'metadata', 443])).toBe(false);
  });
});

describe('the policies depend on what there is', () => {
  it('without a database nothing is open in its place', () => {
    const manifests = withNetwork({ databaseCidrs: [] });
    expect(permits(manifests, ['backend', 'database', 5433])).toBe(false);
    expect(permits(manifests, ['backend', 'internet', 5433])).toBe(false);
  });

  it('without a load balancer nobody reaches the frontend', () => {
    const manifests = withNetwork({ loadBalancerCidrs: [] });
    expect(permits(manifests, ['loadBalancer', 'frontend', 3000])).toBe(false);
    expect(permits(manifests, ['foreign', 'frontend', 3000])).toBe(false);
  });

  it('pods that share the subnets of the load balancer reach what it reaches, and no more', () => {
    const manifests = withNetwork({ loadBalancerCidrs: ['10.40.16.0/20'] });
    expect(FORBIDDEN.filter((flow) => permits(manifests, flow))).toEqual([
      ['foreign', 'backend', 8000],
      ['foreign', 'frontend', 3000],
    ]);
  });
});

describe('with a public load balancer in subnets of its own', () => {
  const EDGE = ['10.40.0.64/27', '10.40.0.96/27'];
  const manifests = withNetwork({ loadBalancerCidrs: EDGE, nat: true });
  const edge: Place = { address: '10.40.0.70' };
  const reaches = (from: Place, to: Name, port: number) =>
    allows(manifests, NAMESPACES, { from, to: PLACES[to], port });

  it('the load balancer reaches both services, each on its port alone', () => {
    expect(reaches(edge, 'frontend', 3000)).toBe(true);
    expect(reaches(edge, 'backend', 8000)).toBe(true);
    expect(reaches(edge, 'frontend', 8000)).toBe(false);
    expect(reaches(edge, 'backend', 3000)).toBe(false);
    expect(reaches(edge, 'migration', 8000)).toBe(false);
  });

  it("nothing with an address in the cluster's subnets reaches what it reaches, but the frontend the backend", () => {
    const inside = Object.entries(PLACES).filter(([, { address }]) => address.startsWith('10.40.16.'));
    expect(inside.length).toBeGreaterThan(6);
    const found = inside.flatMap(([name, from]) => [
      ...(reaches(from, 'frontend', 3000) ? [`${name} frontend`] : []),
      ...(reaches(from, 'backend', 8000) ? [`${name} backend`] : []),
    ]);
    expect(found).toEqual(['frontend backend']);
  });

  it('nor does the rest of the VPC, or the internet past the load balancer', () => {
    for (const address of ['10.40.0.63', '10.40.0.128', '10.40.5.5', '203.0.113.7']) {
      expect(reaches({ address }, 'frontend', 3000)).toBe(false);
      expect(reaches({ address }, 'backend', 8000)).toBe(false);
    }
  });
});

describe('the migration', () => {
  const PORTS = [22, 53, 80, 443, 3000, 5433, 8000, 8080, 10250];

  it.each<[string, Partial<WorkloadNetwork>]>([
    ['without NAT', {}],
    ['with NAT', { nat: true }],
    ["with the load balancer in the cluster's subnets", { loadBalancerCidrs: ['10.40.16.0/20'] }],
  ])('can be reached by nobody, %s', (_name, change) => {
    const manifests = withNetwork(change);
    for (const from of Object.keys(PLACES) as Name[]) {
      for (const port of PORTS) {
        expect(permits(manifests, [from, 'migration', port])).toBe(false);
        expect(permits(manifests, [from, 'migration', port, 'UDP'])).toBe(false);
      }
    }
  });
});

describe('the default denial alone', () => {
  const alone = rendered().filter((manifest) =>
    JSON.stringify(manifest['metadata']).includes('"default-deny"'),
  );

  it.each(
    flows([
      ['backend', 'internet', 443],
      ['backend', 'nodeDns', 53, 'UDP'],
      ['loadBalancer', 'backend', 8000],
      ['frontend', 'backend', 8000],
    ]),
  )('leaves no way for %s', (_title, flow) => {
    expect(alone).toHaveLength(1);
    expect(permits(alone, flow)).toBe(false);
  });
});

describe('the evaluator finds', () => {
  const isPolicy = (name: string) => (manifest: Manifest) =>
    JSON.stringify(manifest['metadata']).includes(`"${name}"`);
  const without = (name: string) => rendered().filter((manifest) => !isPolicy(name)(manifest));

  it('that without the default denial a stray pod may do anything but what a policy restricts', () => {
    expect(permits(without('default-deny'), ['loadBalancer', 'migration', 8000])).toBe(true);
  });

  it('that a policy which lets the load balancer reach every pod opens the migration', () => {
    const manifests = rendered().map((manifest) =>
      isPolicy('backend-ingress')(manifest) ? replaced(manifest, 'spec.podSelector', {}) : manifest,
    );
    expect(permits(manifests, ['loadBalancer', 'migration', 8000])).toBe(true);
  });

  it('that a rule without peers is open to all', () => {
    const manifests = rendered().map((manifest) =>
      isPolicy('backend-egress')(manifest) ? replaced(manifest, 'spec.egress.0.to', []) : manifest,
    );
    expect(permits(manifests, ['backend', 'internet', 5433])).toBe(true);
  });
});
