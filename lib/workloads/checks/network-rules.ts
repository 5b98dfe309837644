import { BlockList, isIPv4 } from 'node:net';
import { listOf, type Json, type JsonRecord, recordOf, textOf } from '../../util/json';
import { INTERNET_ANNOTATION } from '../../config/workloads/workload-names';
import { at, type Fault, type ManifestRule, namespaceOf, podsOf, selects } from './manifest-rule';

/** Blocks at most this large are a place; shorter prefixes are "anywhere". */
const SHORTEST_PREFIX = 8;

/** Where instance metadata answers: what reaches it can take the node's own role. */
const METADATA = '169.254.169.254';

/** Nothing in or out but what a policy names: pods stand in a namespace that denies both by default. */
export const deniedByDefault: ManifestRule = {
  id: 'DeniedByDefault',
  check: (manifest, all) => {
    const pods = podsOf(manifest);
    if (pods === undefined) return [];
    const isolated = (direction: string) =>
      all.some(
        (other) =>
          other['kind'] === 'NetworkPolicy' &&
          namespaceOf(other) === namespaceOf(manifest) &&
          selects(at(other, 'spec', 'podSelector'), pods.labels) &&
          listOf(at(other, 'spec', 'policyTypes')).includes(direction),
      );
    return ['Ingress', 'Egress']
      .filter((direction) => !isolated(direction))
      .map((direction) => ({
        problem: `No NetworkPolicy with policyTypes ${direction} selects the pods, so Kubernetes allows them all of it.`,
        fix: 'Add a policy with an empty podSelector, both policyTypes and no rules.',
      }));
  },
};

/** Policies name their peers: no rule lets traffic go anywhere, but HTTPS to the internet with a stated reason. */
export const noWildcardTraffic: ManifestRule = {
  id: 'NoWildcardTraffic',
  check: (manifest) => {
    if (manifest['kind'] !== 'NetworkPolicy') return [];
    const reason = textOf(at(manifest, 'metadata', 'annotations', INTERNET_ANNOTATION));
    const rulesOf = (direction: string) => listOf(at(manifest, 'spec', direction)).map(recordOf);
    return [
      ...rulesOf('ingress').flatMap((rule) => faultsOf('ingress', rule['from'], rule['ports'], undefined)),
      ...rulesOf('egress').flatMap((rule) => faultsOf('egress', rule['to'], rule['ports'], reason)),
    ];
  },
};

/** No policy lets pods reach the instance metadata of their node. */
export const noInstanceMetadata: ManifestRule = {
  id: 'NoInstanceMetadata',
  check: (manifest) => {
    if (manifest['kind'] !== 'NetworkPolicy') return [];
    return listOf(at(manifest, 'spec', 'egress'))
      .flatMap((rule) => listOf(recordOf(rule)['to']))
      .map((peer) => at(peer, 'ipBlock'))
      .filter((block) => holds(block, METADATA))
      .map((block) => ({
        problem: `A rule allows egress to instance metadata (${JSON.stringify(block)} holds ${METADATA}).`,
        fix: 'Put 169.254.0.0/16 among the exceptions of the block, or choose a smaller block.',
      }));
  },
};

function faultsOf(direction: string, peers: Json, ports: Json, reason: string | undefined): Fault[] {
  const open = listOf(peers).length === 0 ? [{}] : listOf(peers).map(recordOf).filter(isAnywhere);
  const faults = open
    .filter((peer) => !(direction === 'egress' && reason !== undefined && isInternet(peer) && isHttps(ports)))
    .map((peer) => ({
      problem: `A rule allows ${direction} ${direction === 'egress' ? 'to' : 'from'} anywhere (${JSON.stringify(peer)}).`,
      fix:
        'Name pods, namespaces or blocks of addresses. Only TCP 443 to blocks of addresses can be allowed without, ' +
        `with the reason in the annotation ${INTERNET_ANNOTATION}.`,
    }));
  if (listOf(ports).length > 0) return faults;
  return [
    ...faults,
    { problem: `A rule allows ${direction} on every port.`, fix: 'Name the protocol and the port.' },
  ];
}

/** Whether a peer is everything: no restriction at all, all pods of all namespaces, or most of all addresses. */
function isAnywhere(peer: JsonRecord): boolean {
  const cidr = textOf(at(peer, 'ipBlock', 'cidr'));
  if (cidr !== undefined) return Number(cidr.split('/')[1] ?? 128) < SHORTEST_PREFIX;
  const { namespaceSelector, podSelector } = peer;
  if (namespaceSelector === undefined) return podSelector === undefined;
  return selects(namespaceSelector, {}) && (podSelector === undefined || selects(podSelector, {}));
}

const isInternet = (peer: JsonRecord): boolean => at(peer, 'ipBlock', 'cidr') !== undefined;

/** HTTPS alone: any other port of the internet has no reason that could be stated. */
function isHttps(ports: Json): boolean {
  return (
    listOf(ports).length > 0 &&
    listOf(ports)
      .map(recordOf)
      .every(
        ({ protocol = 'TCP', port, endPort }) => protocol === 'TCP' && port === 443 && endPort === undefined,
      )
  );
}

/** Whether a block of addresses, less its exceptions, holds an address. */
function holds(block: Json, address: string): boolean {
  const inside = (cidr: Json) => {
    const [base = '', prefix = ''] = (textOf(cidr) ?? '').split('/');
    if (!isIPv4(base) || !/^\d+$/.test(prefix) || Number(prefix) > 32) return false;
    const list = new BlockList();
    list.addSubnet(base, Number(prefix));
    return list.check(address);
  };
  return inside(at(block, 'cidr')) && !listOf(at(block, 'except')).some(inside);
}
