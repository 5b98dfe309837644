import { listOf, type JsonRecord, recordOf } from '../../util/json';
import {
  at,
  containersOf,
  type Fault,
  type ManifestRule,
  nameOf,
  type PodsOf,
  podsOf,
} from './manifest-rule';

/** Sorts of volumes that the restricted Pod Security Standard allows and that nothing of the node stands behind. */
const ALLOWED_VOLUMES = ['configMap', 'emptyDir', 'projected', 'secret', 'downwardAPI'];

/** Pods meet the restricted Pod Security Standard, write nowhere but to scratch volumes, and hold no cluster token. */
export const hardenedPods: ManifestRule = {
  id: 'HardenedPods',
  check: (manifest) => {
    const pods = podsOf(manifest);
    if (pods === undefined) return [];
    return [
      ...podFaults(pods),
      ...containersOf(pods).flatMap((container) => containerFaults(container, pods)),
    ];
  },
};

function podFaults({ spec }: PodsOf): Fault[] {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  const volumes = listOf(spec['volumes']).map(recordOf).filter(isForeign);
  return [
    ...shared.map((field) => ({
      problem: `The pods use the node's own namespaces (${field}).`,
      fix: `Remove ${field}.`,
    })),
    ...volumes.map((volume) => ({
      problem: `The volume ${nameOf(volume)} is of a sort that reaches beyond the pod.`,
      fix: `Use one of ${ALLOWED_VOLUMES.join(', ')}.`,
    })),
    ...(spec['automountServiceAccountToken'] === false
      ? []
      : [
          {
            problem: 'The pods get a token of the Kubernetes API, which they do not need.',
            fix: 'Set automountServiceAccountToken to false; Pod Identity does not need it.',
          },
        ]),
  ];
}

const isForeign = (volume: JsonRecord): boolean =>
  !Object.keys(volume).some((key) => ALLOWED_VOLUMES.includes(key));

function containerFaults(container: JsonRecord, { spec }: PodsOf): Fault[] {
  const own = recordOf(container['securityContext']);
  const ofPod = recordOf(spec['securityContext']);
  const wanted: readonly (readonly [string, boolean])[] = [
    ['privileged: false', own['privileged'] !== true],
    ['allowPrivilegeEscalation: false', own['allowPrivilegeEscalation'] === false],
    ['readOnlyRootFilesystem: true', own['readOnlyRootFilesystem'] === true],
    ['runAsNonRoot: true', (own['runAsNonRoot'] ?? ofPod['runAsNonRoot']) === true],
    ['runAsUser other than 0', (own['runAsUser'] ?? ofPod['runAsUser']) !== 0],
    ['capabilities.drop: [ALL]', listOf(at(own, 'capabilities', 'drop')).includes('ALL')],
    ['no capabilities.add', listOf(at(own, 'capabilities', 'add')).length === 0],
    [
      'seccompProfile.type: RuntimeDefault',
      (at(own, 'seccompProfile', 'type') ?? at(ofPod, 'seccompProfile', 'type')) === 'RuntimeDefault',
    ],
  ];
  return wanted
    .filter(([, met]) => !met)
    .map(([setting]) => ({
      problem: `The container ${nameOf(container)} lacks the hardening ${setting}.`,
      fix: `Set it in the container's securityContext.`,
    }));
}
