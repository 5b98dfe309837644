import { BlockList } from 'node:net';
import type { Manifest } from '../../../lib/workloads';

/** A place that traffic comes from or goes to: a pod has labels and a namespace, everything has an address. */
export interface Place {
  readonly address: string;
  readonly pod?: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

/** Labels of each namespace, by its name; Kubernetes adds the name itself. */
export type Namespaces = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly protocol?: string;
  readonly port?: number;
  readonly endPort?: number;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}

interface Policy {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

type Direction = 'Ingress' | 'Egress';

/**
 * Whether Kubernetes lets a connection through: the policies that select the source must allow it out, and those that
 * select the target must allow it in; a pod that no policy of a direction selects is open in that direction.
 * Written after kubernetes.io/docs/concepts/services-networking/network-policies. Blocks of addresses match pods too:
 * on EKS pods have addresses of the VPC, and the agent that enforces policies compares addresses.
 */
export function allows(
  manifests: readonly Manifest[],
  namespaces: Namespaces,
  { from, to, port, protocol = 'TCP' }: { from: Place; to: Place; port: number; protocol?: 'TCP' | 'UDP' },
): boolean {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as readonly Policy[];
  const passes = (direction: Direction, self: Place, other: Place) => {
    const selecting = policies.filter((policy) => isolates(policy, direction, self));
    if (selecting.length === 0) return true;
    return selecting.some(({ metadata, spec }) =>
      (direction === 'Ingress' ? spec.ingress : spec.egress)?.some(
        (rule) =>
          admitsPeer(direction === 'Ingress' ? rule.from : rule.to, other, metadata.namespace, namespaces) &&
          admitsPort(rule.ports, port, protocol),
      ),
    );
  };
  return passes('Egress', from, to) && passes('Ingress', to, from);
}

function isolates({ metadata, spec }: Policy, direction: Direction, { pod }: Place): boolean {
  if (pod === undefined || pod.namespace !== metadata.namespace) return false;
  const types = spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
  return types.includes(direction) && picks(spec.podSelector, pod.labels);
}

function admitsPeer(
  peers: readonly Peer[] | undefined,
  other: Place,
  own: string,
  namespaces: Namespaces,
): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock) {
      return (
        contains(ipBlock.cidr, other.address) &&
        !ipBlock.except?.some((block) => contains(block, other.address))
      );
    }
    if (other.pod === undefined) return false;
    const { namespace, labels } = other.pod;
    const inNamespace = namespaceSelector
      ? picks(namespaceSelector, { 'kubernetes.io/metadata.name': namespace, ...namespaces[namespace] })
      : namespace === own;
    return inNamespace && (podSelector === undefined || picks(podSelector, labels));
  });
}

function admitsPort(ports: readonly Port[] | undefined, port: number, protocol: string): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(
    (given) =>
      (given.protocol ?? 'TCP') === protocol &&
      (given.port === undefined || (port >= given.port && port <= (given.endPort ?? given.port))),
  );
}

function picks(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const among = value !== undefined && values.includes(value);
      return operator === 'In' ? among : !among;
    })
  );
}

function contains(cidr: string, address: string): boolean {
  const [base = '', prefix = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(base, Number(prefix));
  return list.check(address);
}
