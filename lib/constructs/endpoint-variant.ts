import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { EndpointPlan } from '../plan/types';

/** Name of the only production variant. Guardrails demand that it never changes. */
export const VARIANT = 'AllTraffic';

/** Families with NVMe storage of their own, such as c6gd: CreateEndpointConfig refuses a key for their volumes. */
const LOCAL_STORAGE = /^ml\.[a-z]+\d+[a-z]*d[a-z]*\./;

/** Whether the endpoint's configuration may carry a customer key. */
export function takesVolumeKey(plan: EndpointPlan): boolean {
  return plan.mode === 'serverless' || !LOCAL_STORAGE.test(plan.instanceType);
}

/** The production variant of a plan entry. */
export function productionVariant(
  plan: EndpointPlan,
  modelName: string,
): sagemaker.CfnEndpointConfig.ProductionVariantProperty {
  const variant = { variantName: VARIANT, modelName, initialVariantWeight: 1 };
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
