import type {
  EmptyDirVolumeSource,
  PodSpec,
  SecurityContext,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1';

/**
 * User and group of every process. A number, because kubelet cannot tell of a user known by name alone that it is not
 * root, and refuses to start it.
 */
const USER = 10001;

/** Room for temporary files: MiB of the node's disk. */
const TEMPORARY_MIB = 256;

/** Of every container: what the restricted Pod Security Standard asks, and a root file system that nobody writes. */
export const CONTAINER_SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Of every pod. Pod Identity mounts a token of its own, so that pods need none of the Kubernetes API. */
export const POD_SECURITY: Partial<PodSpec> = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    fsGroup: USER,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

const emptyDir: EmptyDirVolumeSource = { sizeLimit: `${TEMPORARY_MIB}Mi` };

/** The only place that a container may write. */
export const TEMPORARY_VOLUME: Volume = { name: 'tmp', emptyDir };
export const TEMPORARY_MOUNT: VolumeMount = { name: 'tmp', mountPath: '/tmp' };
