import { createHash } from 'node:crypto';
import type { ConfigMap, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { UserError } from '../util/user-error';
import { labelsOf, NAMESPACE } from '../config/workloads/workload-names';
import type { EndpointDocument } from './workload-options';

const NAME = 'sagemaker-endpoints';

/** Name of the file, which the backend looks for in `/app/config`. */
const FILE = 'sagemaker_endpoints.json';

/** Holds the backend's endpoint configuration. */
export function endpointConfigMap({ text }: EndpointDocument): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace: NAMESPACE, labels: labelsOf('backend') },
    data: { [FILE]: text },
  };
}

export const ENDPOINT_VOLUME: Volume = { name: 'endpoints', configMap: { name: NAME } };
export const ENDPOINT_MOUNT: VolumeMount = { name: 'endpoints', mountPath: '/app/config', readOnly: true };

/**
 * Revision of the document, for the pod template: pods read the file when they start, so a new one must roll them.
 *
 * @throws UserError when the text holds tokens and no revision is given: their numbers change from synth to synth
 */
export function revisionOf({ text, revision }: EndpointDocument): string {
  if (revision !== undefined) return revision;
  if (text.includes('${Token[')) {
    throw new UserError(
      'The endpoint configuration holds values that are known only after deployment, so its hash would change at ' +
        'every synth and restart the backend. Give a revision that changes exactly when the plan does.',
    );
  }
  return createHash('sha256').update(text).digest('hex');
}
