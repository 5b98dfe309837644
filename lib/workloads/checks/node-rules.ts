import { listOf, numberOf, recordOf, textOf } from '../../util/json';
import { ARCHITECTURE_LABEL, NODE_POOL_LABEL } from '../../config/workloads/workload-names';
import type { Manifest } from '../manifest';
import { at, type Fault, type ManifestRule, podsOf } from './manifest-rule';

/** Every pool of nodes has a limit: quotas and costs were planned with it. */
export const boundedNodePool: ManifestRule = {
  id: 'BoundedNodePool',
  check: (manifest) => {
    if (manifest['kind'] !== 'NodePool') return [];
    if ((numberOf(at(manifest, 'spec', 'limits', 'cpu')) ?? 0) > 0) return [];
    return [
      {
        problem: 'The pool has no limit of vCPUs, so pods that scale out start nodes without end.',
        fix: 'Set spec.limits.cpu to the vCPUs that were planned with, and a node more for each zone.',
      },
    ];
  },
};

/** Network policies count for nothing on nodes whose class does not enforce them, or without their controller. */
export const enforcedNetworkPolicies: ManifestRule = {
  id: 'EnforcedNetworkPolicies',
  check: (manifest, all) => {
    if (manifest['kind'] !== 'NodePool') return [];
    const name = textOf(at(manifest, 'spec', 'template', 'spec', 'nodeClassRef', 'name'));
    const enforces = all.some(
      (other) => other['kind'] === 'NodeClass' && nameOf(other) === name && enforcing(other),
    );
    return [
      ...(enforces ? [] : [unenforced(name)]),
      ...(all.some(switchesControllerOn) ? [] : [WITHOUT_CONTROLLER]),
    ];
  },
};

/** Disks of nodes hold images, logs and temporary files of pods, so they are under a key of the account. */
export const encryptedNodeDisks: ManifestRule = {
  id: 'EncryptedNodeDisks',
  check: (manifest) => {
    if (manifest['kind'] !== 'NodeClass') return [];
    if (textOf(at(manifest, 'spec', 'ephemeralStorage', 'kmsKeyID')) !== undefined) return [];
    return [
      {
        problem: 'The disks of the nodes are under no key of the account.',
        fix: "Set spec.ephemeralStorage.kmsKeyID to a key that the cluster's role may use through EC2.",
      },
    ];
  },
};

/** Pods name the pool that they run on: on nodes of another one, network policies need not be enforced. */
export const knownNodePool: ManifestRule = {
  id: 'KnownNodePool',
  check: (manifest, all) => {
    if (podsOf(manifest) === undefined || poolOf(manifest, all) !== undefined) return [];
    return [
      {
        problem: `The pods name no pool of nodes among the manifests, so they can run where network policies are not enforced.`,
        fix: `Set nodeSelector ${NODE_POOL_LABEL} to the name of a NodePool that is applied with them.`,
      },
    ];
  },
};

/** The pool that the pods of an object ask for, when it is among the manifests. */
export function poolOf(manifest: Manifest, all: readonly Manifest[]): Manifest | undefined {
  const wanted = textOf(at(podsOf(manifest)?.spec, 'nodeSelector', NODE_POOL_LABEL));
  if (wanted === undefined) return undefined;
  return all.find((other) => other['kind'] === 'NodePool' && nameOf(other) === wanted);
}

/** Whether a pool may start nodes of an architecture; one that names none may start any. */
export function offers(pool: Manifest, architecture: string): boolean {
  const requirements = listOf(at(pool, 'spec', 'template', 'spec', 'requirements')).map(recordOf);
  return requirements
    .filter(({ key }) => key === ARCHITECTURE_LABEL)
    .every(({ operator, values }) => operator === 'In' && listOf(values).includes(architecture));
}

const nameOf = (manifest: Manifest): string | undefined => textOf(at(manifest, 'metadata', 'name'));

const enforcing = (nodeClass: Manifest): boolean =>
  ['DefaultAllow', 'DefaultDeny'].includes(textOf(at(nodeClass, 'spec', 'networkPolicy')) ?? '');

const unenforced = (name: string | undefined): Fault => ({
  problem: `The pool's NodeClass ${name ?? '(none)'} is not among the manifests with networkPolicy, so its nodes enforce no network policy.`,
  fix: 'Name a NodeClass of the same manifests, and set its spec.networkPolicy to DefaultAllow or DefaultDeny.',
});

const switchesControllerOn = (manifest: Manifest): boolean =>
  manifest['kind'] === 'ConfigMap' &&
  nameOf(manifest) === 'amazon-vpc-cni' &&
  at(manifest, 'metadata', 'namespace') === 'kube-system' &&
  at(manifest, 'data', 'enable-network-policy-controller') === 'true';

const WITHOUT_CONTROLLER: Fault = {
  problem: 'Nothing switches the controller of network policies on, so none is enforced.',
  fix: 'Add the ConfigMap kube-system/amazon-vpc-cni with enable-network-policy-controller: "true".',
};
