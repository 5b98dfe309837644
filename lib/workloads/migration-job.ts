import type { Job } from 'kubernetes-types/batch/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { Architecture } from '../config/workloads/workloads-schema';
import { nodesOf, resourcesOf, variablesOf } from './deployment';
import { contentHash, type ReadinessCheck } from './readiness-check';
import { CONTAINER_SECURITY, POD_SECURITY, TEMPORARY_MOUNT, TEMPORARY_VOLUME } from './security-context';
import { digestOf } from './image-reference';
import { labelsOf, NAMESPACE } from '../config/workloads/workload-names';
import { POD_SIZES } from '../config/workloads/pod-sizes';

/** Seconds after which a migration counts as failed, retries included. */
const DEADLINE_SECONDS = 600;

/** Seconds for which a finished migration and its log stay. */
const KEPT_SECONDS = 7 * 24 * 3600;

export interface MigrationProps {
  /** Checked reference of the image. */
  readonly image: string;
  readonly architecture: Architecture;
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Brings the schema up to date with an identity of its own, and must do no harm when it runs again.
 *
 * Its name carries the image's digest and a hash of its pods, because Kubernetes refuses to change the pods of a Job:
 * another image or setting is another Job, and the same ones run once.
 */
export function migrationJob(props: MigrationProps): Job {
  const digest = (digestOf(props.image) ?? '').slice(0, 12);
  const hash = contentHash(podOf({ ...props, image: digest }));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `migration-${digest}-${hash}`, namespace: NAMESPACE, labels: labelsOf('migration') },
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: podOf(props),
    },
  };
}

/**
 * The gate between a migration and whatever comes after it: applying a Job does not wait for it. When the migration
 * fails, the deployment is taken back before any pod of the new backend has started.
 */
export function migrationGate(job: Job): ReadinessCheck {
  return {
    objectType: 'job',
    objectName: job.metadata?.name ?? '',
    objectNamespace: NAMESPACE,
    jsonPath: '.status.succeeded',
    timeoutMinutes: Math.ceil(DEADLINE_SECONDS / 60) + 2,
  };
}

function podOf({ image, architecture, variables }: MigrationProps): PodTemplateSpec {
  return {
    metadata: { labels: labelsOf('migration') },
    spec: {
      ...POD_SECURITY,
      serviceAccountName: 'migration',
      restartPolicy: 'Never',
      nodeSelector: nodesOf(architecture),
      containers: [
        {
          name: 'migration',
          image,
          env: variablesOf(variables),
          resources: resourcesOf(POD_SIZES.migration),
          securityContext: CONTAINER_SECURITY,
          volumeMounts: [TEMPORARY_MOUNT],
        },
      ],
      volumes: [TEMPORARY_VOLUME],
    },
  };
}
