import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1';
import {
  DATABASE_PORT,
  INTERNET_ANNOTATION,
  NAME_LABEL,
  NAMESPACE,
  PORTS,
  selectorOf,
  type Workload,
} from '../config/workloads/workload-names';
import type { WorkloadNetwork } from './workload-options';

/** Address of the Pod Identity agent on each node (docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html). */
const POD_IDENTITY_AGENT = '169.254.170.23/32';

/**
 * What is not "the internet": private addresses, the cluster's own API and services among them (RFC 1918, RFC 6598),
 * and those of a node's own services, instance metadata among them (RFC 3927).
 */
const NOT_INTERNET = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];

const DNS_ADDRESSES = ['172.20.0.10', '10.100.0.10'];

/**
 * Who may speak to whom: nobody, but for what these policies name, which stand whatever the settings. Traffic between a
 * node and its own pods, such as probes, is always allowed
 * (kubernetes.io/docs/concepts/services-networking/network-policies).
 */
export function networkPolicies(network: WorkloadNetwork): NetworkPolicy[] {
  const loadBalancer = blocks(network.loadBalancerCidrs);
  return [
    policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('dns', { podSelector: {}, policyTypes: ['Egress'], egress: [dns(network)] }),
    policy('backend-ingress', {
      podSelector: pods('backend'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [...loadBalancer, { podSelector: pods('frontend') }], ports: [tcp(PORTS.backend)] }],
    }),
    policy('frontend-ingress', {
      podSelector: pods('frontend'),
      policyTypes: ['Ingress'],
      ingress: loadBalancer.length > 0 ? [{ from: loadBalancer, ports: [tcp(PORTS.frontend)] }] : [],
    }),
    policy('frontend-egress', {
      podSelector: pods('frontend'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: pods('backend') }], ports: [tcp(PORTS.backend)] }],
    }),
    backendEgress(network),
  ];
}

/** Backend and migration: their database, AWS services inside the VPC, and the credentials for both. */
function backendEgress(network: WorkloadNetwork): NetworkPolicy {
  const { databaseCidrs, vpcCidr } = network;
  const database = { to: blocks(databaseCidrs), ports: [tcp(DATABASE_PORT)] };
  return policy('backend-egress', {
    podSelector: BACKEND_AND_MIGRATION,
    policyTypes: ['Egress'],
    egress: [
      // A rule without peers would allow every address.
      ...(databaseCidrs.length > 0 ? [database] : []),
      { to: blocks([vpcCidr]), ports: [tcp(443)] },
      { to: blocks([POD_IDENTITY_AGENT]), ports: [tcp(80)] },
    ],
  });
}

/**
 * Backend's and migration's way through NAT. Network policies know no names: where AWS is reached through NAT, its addresses can be any. An exception that is the
 * very block of another rule would win over that rule on EKS (aws/amazon-network-policy-controller-k8s#146).
 */
export function internetEgress({ vpcCidr }: WorkloadNetwork): NetworkPolicy {
  const except = NOT_INTERNET.filter((block) => block !== vpcCidr);
  const outside: NetworkPolicyPeer = { ipBlock: { cidr: '0.0.0.0/0', except } };
  return policy(
    'backend-egress-nat',
    {
      podSelector: BACKEND_AND_MIGRATION,
      policyTypes: ['Egress'],
      egress: [{ to: [outside], ports: [tcp(443)] }],
    },
    { [INTERNET_ANNOTATION]: 'AWS services without an interface endpoint, through NAT: HTTPS only' },
  );
}

function dns({ dnsAddresses = DNS_ADDRESSES }: WorkloadNetwork): NetworkPolicyEgressRule {
  const addOn: NetworkPolicyPeer = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  return {
    to: [addOn, ...blocks(dnsAddresses.map((address) => `${address}/32`))],
    ports: [{ protocol: 'UDP', port: 53 }, tcp(53)],
  };
}

const BACKEND_AND_MIGRATION = {
  matchExpressions: [{ key: NAME_LABEL, operator: 'In', values: ['backend', 'migration'] }],
};

const pods = (workload: Workload) => ({ matchLabels: selectorOf(workload) });
const tcp = (port: number): NetworkPolicyPort => ({ protocol: 'TCP', port });
const blocks = (cidrs: readonly string[]): NetworkPolicyPeer[] =>
  cidrs.map((cidr) => ({ ipBlock: { cidr } }));

function policy(name: string, spec: NetworkPolicySpec, annotations?: Record<string, string>): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: NAMESPACE, ...(annotations && { annotations }) },
    spec,
  };
}
