import { textOf } from '../../util/json';
import type { Manifest } from '../manifest';
import { disruptionBudgeted, probed, replicated, zoned } from './availability-rules';
import { hardenedPods } from './hardened-pods';
import { pinnedImage, sameArchitecture } from './image-rules';
import { modelsNotHidden } from './models-not-hidden';
import { restrictedNamespace } from './namespace-rule';
import { deniedByDefault, noInstanceMetadata, noWildcardTraffic } from './network-rules';
import { boundedNodePool, encryptedNodeDisks, enforcedNetworkPolicies, knownNodePool } from './node-rules';
import { at, type CheckOptions, type ManifestFinding, type ManifestRule } from './manifest-rule';

export type { CheckOptions, ManifestFinding } from './manifest-rule';

/** Every rule of the manifests. */
export const MANIFEST_RULES: readonly ManifestRule[] = [
  pinnedImage,
  sameArchitecture,
  hardenedPods,
  restrictedNamespace,
  modelsNotHidden,
  disruptionBudgeted,
  replicated,
  zoned,
  probed,
  deniedByDefault,
  noWildcardTraffic,
  noInstanceMetadata,
  boundedNodePool,
  encryptedNodeDisks,
  enforcedNetworkPolicies,
  knownNodePool,
];

/**
 * Faults of manifests that are applied together, rendered here, imported or edited; none when they keep every rule.
 * An object that is needed but not among them, such as a namespace, counts as missing.
 */
export function checkManifests(
  manifests: readonly Manifest[],
  options: CheckOptions = {},
): ManifestFinding[] {
  return manifests.flatMap((manifest) =>
    MANIFEST_RULES.flatMap(({ id, check }) =>
      check(manifest, manifests, options).map((fault) => ({
        rule: id,
        resource: identityOf(manifest),
        ...fault,
      })),
    ),
  );
}

/** A finding as a sentence: where, what is wrong, what to do, and the rule. */
export function spellFinding({ rule, resource, problem, fix }: ManifestFinding): string {
  return `${resource}: ${problem} ${fix} (${rule})`;
}

function identityOf(manifest: Manifest): string {
  const parts = [manifest['kind'], at(manifest, 'metadata', 'namespace'), at(manifest, 'metadata', 'name')];
  return parts
    .map(textOf)
    .filter((part) => part !== undefined)
    .join('/');
}
