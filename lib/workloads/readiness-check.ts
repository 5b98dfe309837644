import { createHash } from 'node:crypto';

/**
 * What to wait for after a group: a field that has no value until all is well. With CDK that is a
 * `KubernetesObjectValue` on which whatever comes next depends; where the value never comes, it runs into its timeout,
 * and CloudFormation takes the deployment back.
 */
export interface ReadinessCheck {
  readonly objectType: 'job' | 'replicasets';
  /** Name of the object, or `--selector=…`, which `kubectl get` takes in the same place. */
  readonly objectName: string;
  readonly objectNamespace: string;
  /** Path as kubectl takes it, without braces. */
  readonly jsonPath: string;
  /** Minutes after which nothing will come of it any more. */
  readonly timeoutMinutes: number;
}

/** The last part of a CDK token, which changes from synth to synth. */
const TOKEN_NUMBER = /(?<=\$\{Token\[[^\]]*)\.\d+(?=\]\})/g;

/** Hash of an object that is the same at every synthesis and changes with whatever is written in it. */
export function contentHash(object: object): string {
  const text = JSON.stringify(object).replaceAll(TOKEN_NUMBER, '');
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
