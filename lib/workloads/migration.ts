import { createHash } from 'node:crypto';
import type { Job } from 'kubernetes-types/batch/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { Architecture } from '../config/workloads-schema';
import { nodesOf, resourcesOf, variablesOf } from './deployment';
import { CONTAINER_SECURITY, POD_SECURITY, TEMPORARY_MOUNT, TEMPORARY_VOLUME } from './hardening';
import { digestOf } from './image';
import { labelsOf, NAMESPACE } from './names';
import { POD_SIZES } from './sizes';

/** Seconds after which a migration counts as failed, retries included. */
const DEADLINE_SECONDS = 600;

/** Seconds for which a finished migration and its log stay. */
const KEPT_SECONDS = 7 * 24 * 3600;

/** The last part of a CDK token, which changes from synth to synth. */
const TOKEN_NUMBER = /(?<=\$\{Token\[[^\]]*)\.\d+(?=\]\})/g;

export interface MigrationProps {
  /** Checked reference of the image. */
  readonly image: string;
  readonly architecture: Architecture;
  readonly variables?: Readonly<Record<string, string>>;
}

/** What to wait for after a group: a field of an object that is absent until the migration has succeeded. */
export interface MigrationGate {
  readonly objectType: 'job';
  readonly objectName: string;
  readonly objectNamespace: string;
  readonly jsonPath: string;
  /** Minutes after which nothing will come of it any more. */
  readonly timeoutMinutes: number;
}

/**
 * Brings the schema up to date with an identity of its own, and must do no harm when it runs again.
 *
 * Its name carries the image's digest and a hash of its pods, because Kubernetes refuses to change the pods of a Job:
 * another image or setting is another Job, and the same ones run once.
 */
export function migrationJob(props: MigrationProps): Job {
  const digest = (digestOf(props.image) ?? '').slice(0, 12);
  const settings = JSON.stringify(podOf({ ...props, image: digest })).replaceAll(TOKEN_NUMBER, '');
  const hash = createHash('sha256').update(settings).digest('hex').slice(0, 8);
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
 * The gate between a migration and whatever comes after it. Applying a Job does not wait for it: whoever applies the
 * manifests applies the Job, waits until `jsonPath` of it has a value, and only then goes on. With CDK that is a
 * `KubernetesObjectValue` on which the backend's manifest depends; when the migration fails, it runs into its timeout,
 * and CloudFormation rolls back before any pod of the new backend has started.
 */
export function migrationGate(job: Job): MigrationGate {
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
