import { at, type ManifestRule, namespaceOf, podsOf } from './manifest-rule';

const LEVEL = 'pod-security.kubernetes.io/enforce';

/** Pods stand in a namespace whose admission refuses what breaks the restricted Pod Security Standard. */
export const restrictedNamespace: ManifestRule = {
  id: 'RestrictedNamespace',
  check: (manifest, all) => {
    if (podsOf(manifest) === undefined) return [];
    const name = namespaceOf(manifest);
    const restricted = all.some(
      (other) =>
        other['kind'] === 'Namespace' &&
        at(other, 'metadata', 'name') === name &&
        at(other, 'metadata', 'labels', LEVEL) === 'restricted',
    );
    if (restricted) return [];
    return [
      {
        problem: `The namespace ${name} is not among the manifests with the label ${LEVEL}: restricted.`,
        fix: 'Add the label to its Namespace, so that Kubernetes itself refuses pods that are not hardened.',
      },
    ];
  },
};
