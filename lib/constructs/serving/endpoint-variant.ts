import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { acknowledge } from '../../compliance/acknowledge';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { PRODUCTION_VARIANT } from '../../config/resource-names';
import { findingsOf } from '../common/finding-ids';

/** Families with NVMe storage of their own, such as c6gd: CreateEndpointConfig refuses a key for their volumes. */
const LOCAL_STORAGE = /^ml\.[a-z]+\d+[a-z]*d[a-z]*\./;

/** Whether the endpoint's configuration may carry a customer key. */
export function takesVolumeKey(plan: EndpointPlan): boolean {
  return plan.mode === 'serverless' || !LOCAL_STORAGE.test(plan.instanceType);
}

/** Accepts that a configuration whose instances take no customer key has none. */
export function acceptNoVolumeKey(config: sagemaker.CfnEndpointConfig): void {
  acknowledge(config, {
    id: findingsOf('SageMakerEndpointConfigurationKMSKeyConfigured'),
    reason:
      'The instances have local NVMe storage, which their own hardware encrypts, and CreateEndpointConfig refuses a KmsKeyId for them. hosting.instanceTypes can leave these types out.',
  });
}

/** The production variant of a plan entry. */
export function productionVariant(
  plan: EndpointPlan,
  modelName: string,
): sagemaker.CfnEndpointConfig.ProductionVariantProperty {
  const variant = { variantName: PRODUCTION_VARIANT, modelName, initialVariantWeight: 1 };
  if (plan.mode === 'serverless') {
    return {
      ...variant,
      serverlessConfig: {
        memorySizeInMb: plan.memoryMb,
        maxConcurrency: plan.maxConcurrency,
        ...(plan.provisionedConcurrency === undefined
          ? {}
          : { provisionedConcurrency: plan.provisionedConcurrency }),
      },
    };
  }
  return { ...variant, instanceType: plan.instanceType, initialInstanceCount: plan.initialInstances };
}
