import { textOf } from '../../../util/json';
import { ENDPOINT_CONFIG, instanceVariantsOf } from '../endpoint-resources';
import type { Breach, Rule } from '../sagemaker-rule';

/**
 * Instances with NVMe storage of their own: the `d` families, and the accelerated ones that always have it.
 * CreateEndpointConfig refuses a key for them; the instance's own hardware encrypts the storage.
 */
const LOCAL_STORAGE = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g5|g6e?|p5e?n?|trn1n?)\./;

/**
 * Endpoint volumes are under a customer key. A serverless variant has no volume that a key could be put on, so a
 * configuration with only such variants passes.
 */
export const encryptedVolumes: Rule = {
  id: 'EncryptedVolumes',
  types: [ENDPOINT_CONFIG],
  why: 'The volume holds the model and whatever the container writes; only a customer key can be revoked and audited.',
  check: (config) => {
    const types = instanceVariantsOf(config).map((variant) => variant.instanceType);
    const local = types.filter((type) => LOCAL_STORAGE.test(type));
    const keyed = textOf(config.properties['KmsKeyId']) !== undefined;
    if (keyed) return local.map(refused);
    return types.length > local.length ? [missing] : [];
  },
};

const missing: Breach = {
  key: 'KmsKeyId',
  problem: "The volumes of the endpoint's instances are not under a customer key.",
  fix: 'Set KmsKeyId to the key of the model store or of the endpoint.',
};

function refused(instanceType: string): Breach {
  return {
    key: `Type::${instanceType}`,
    problem: `KmsKeyId is set, and SageMaker refuses it for ${instanceType}, which has local storage.`,
    fix: 'Choose a type without local storage, or give such variants a configuration of their own without a key.',
  };
}
