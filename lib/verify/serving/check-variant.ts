import type {
  DescribeEndpointConfigOutput,
  DescribeEndpointOutput,
  ProductionVariant,
  ProductionVariantSummary,
} from '@aws-sdk/client-sagemaker';
import { PRODUCTION_VARIANT } from '../../config/resource-names';
import type {
  EndpointPlan,
  InstanceEndpointPlan,
  ServerlessEndpointPlan,
} from '../../plan/hosting/endpoint-plan';
import { type Found, failed, ok } from '../check-outcome';
import { compare } from '../compare-values';

const DEPLOY = 'deploy again from this tree; what differs was changed by hand, or another plan was deployed';

function serverlessFound(
  plan: ServerlessEndpointPlan,
  { ServerlessConfig: live }: ProductionVariant,
): Found[] {
  return [
    ...compare('memory in MB', live?.MemorySizeInMB, plan.memoryMb, DEPLOY),
    ...compare('concurrency', live?.MaxConcurrency, plan.maxConcurrency, DEPLOY),
    ...compare('provisioned concurrency', live?.ProvisionedConcurrency, plan.provisionedConcurrency, DEPLOY),
  ];
}

function instancesFound(
  plan: InstanceEndpointPlan,
  config: ProductionVariant,
  live: ProductionVariantSummary | undefined,
): Found[] {
  const { minInstances: min, maxInstances: max } = plan;
  const counts = { running: live?.CurrentInstanceCount, desired: live?.DesiredInstanceCount };
  return [
    ...compare('instance type', config.InstanceType, plan.instanceType, DEPLOY),
    ...Object.entries(counts).flatMap(([word, count]) =>
      count !== undefined && count >= min && count <= max
        ? []
        : [failed(`${count ?? 'no'} instances ${word}, planned ${min} to ${max}`, DEPLOY)],
    ),
  ];
}

/** Whether an endpoint's production variants are those of the plan: one, of the planned size, and no shadow. */
export function variantFound(
  plan: EndpointPlan,
  config: DescribeEndpointConfigOutput,
  endpoint: DescribeEndpointOutput,
): Found[] {
  const { ProductionVariants: variants = [], ShadowProductionVariants: shadows = [] } = config;
  const [variant, ...others] = variants;
  if (variant === undefined || others.length > 0 || shadows.length > 0) {
    const detail = `${variants.length} production and ${shadows.length} shadow variants, planned one and none`;
    return [failed(detail, DEPLOY)];
  }
  const live = endpoint.ProductionVariants?.find(({ VariantName }) => VariantName === variant.VariantName);
  const wrong = [
    ...compare('the variant', variant.VariantName, PRODUCTION_VARIANT, DEPLOY),
    ...(plan.mode === 'serverless'
      ? [
          ...compare('instance type', variant.InstanceType, undefined, DEPLOY),
          ...serverlessFound(plan, variant),
        ]
      : instancesFound(plan, variant, live)),
  ];
  if (wrong.length > 0) return wrong;
  return [
    ok(
      plan.mode === 'serverless'
        ? `serverless, ${plan.memoryMb} MB, concurrency ${plan.maxConcurrency}, as planned`
        : `${live?.CurrentInstanceCount} × ${plan.instanceType} of ${plan.minInstances} to ${plan.maxInstances}, as planned`,
    ),
  ];
}
