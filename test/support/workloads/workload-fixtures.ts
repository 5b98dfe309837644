import { isRecord, type Json, type JsonRecord } from '../../../lib/util/json';
import { allManifests, type Manifest, workloadManifests, type WorkloadOptions } from '../../../lib/workloads';

const digest = (character: string) => `sha256:${character.repeat(64)}`;
const image = (name: string, character: string) => ({
  reference: `123456789012.dkr.ecr.us-east-1.amazonaws.com/mini-xdr/${name}@${digest(character)}`,
  architectures: ['arm64' as const],
});

/** Addresses: load balancer, cluster and data each in subnets of their own. */
export const NETWORK = {
  vpcCidr: '10.40.0.0/16',
  loadBalancerCidrs: ['10.40.1.0/28', '10.40.2.0/28'],
  databaseCidrs: ['10.40.3.0/27', '10.40.4.0/27'],
  nat: false,
};

/** Everything configured, no NAT. */
export const OPTIONS: WorkloadOptions = {
  architecture: 'arm64',
  images: {
    backend: image('backend', 'a'),
    frontend: image('frontend', 'b'),
    migration: image('migration', 'c'),
  },
  network: NETWORK,
  nodes: {
    roleName: 'mini-xdr-nodes',
    subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    securityGroupIds: ['sg-0123456789abcdef0', 'sg-0123456789abcdef1'],
    diskKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
    vcpus: 4,
    zones: 2,
  },
  endpointConfiguration: { text: '{"enabled":true}' },
  listening: true,
  targetGroupArns: {
    backend: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/backend/0123456789abcdef',
    frontend: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/frontend/0123456789abcdef',
  },
  backendVariables: { DATABASE_NAME: 'mini_xdr', AWS_REGION: 'us-east-1' },
  migrationVariables: { DATABASE_NAME: 'mini_xdr', DATABASE_INSTANCE: 'mini-xdr' },
  maxReplicas: { backend: 4, frontend: 3 },
};

/** All manifests of the options, changed as given. */
export function rendered(change: Partial<WorkloadOptions> = {}): Manifest[] {
  return allManifests(workloadManifests({ ...OPTIONS, ...change }));
}

/** The one object of a kind and name. */
export function object(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest['kind'] === kind && get(manifest, 'metadata.name') === name,
  );
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0];
}

/** The value at a dotted path; a number is a place in a list. */
export function get(value: Json, path: string): Json {
  return path.split('.').reduce<Json>((inner, key) => {
    if (Array.isArray(inner)) return (inner as readonly Json[])[Number(key)];
    return isRecord(inner) ? inner[key] : undefined;
  }, value);
}

/** A copy of the value with what stands at a dotted path replaced; undefined removes it. */
export function replaced<T extends Json>(value: T, path: string, by: Json): T {
  const [key = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? by : replaced(get(value, key) ?? {}, rest.join('.'), by);
  if (Array.isArray(value)) {
    const list: Json = (value as readonly Json[]).with(Number(key), inner);
    return list as T;
  }
  const copy: Record<string, Json> = { ...(value as JsonRecord) };
  copy[key] = inner;
  if (inner === undefined) delete copy[key];
  return copy as T;
}
