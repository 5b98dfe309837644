import { type JsonRecord, listOf, numberOf, recordOf, textOf } from '../../util/json';
import { type RenderedResource, targetOf } from '../rendered-resource';
import type { ResourceTree } from './resource-tree';

export const ENDPOINT = 'AWS::SageMaker::Endpoint';
export const ENDPOINT_CONFIG = 'AWS::SageMaker::EndpointConfig';

/** A variant that runs on instances. */
export interface InstanceVariant {
  readonly name: string;
  readonly instanceType: string;
  /** Whether it only gets copies of the requests: sized by its test, and not scaled. */
  readonly shadow: boolean;
  /** Instances at the first deploy; 1 when not stated, as CloudFormation does. */
  readonly initialInstances: number;
  /** Upper end of SageMaker's own scaling (for inference components); undefined when that is off. */
  readonly managedMaximum?: number;
}

/** Variants of an endpoint configuration that run on instances, shadow variants included. */
export function instanceVariantsOf(config: RenderedResource): readonly InstanceVariant[] {
  const { ProductionVariants, ShadowProductionVariants } = config.properties;
  return [
    ...listOf(ProductionVariants).flatMap((entry) => instanceVariant(recordOf(entry), false)),
    ...listOf(ShadowProductionVariants).flatMap((entry) => instanceVariant(recordOf(entry), true)),
  ];
}

function instanceVariant(entry: JsonRecord, shadow: boolean): readonly InstanceVariant[] {
  const instanceType = textOf(entry['InstanceType']);
  if (instanceType === undefined) return [];
  const managed = recordOf(entry['ManagedInstanceScaling']);
  return [
    {
      name: textOf(entry['VariantName']) ?? '',
      instanceType,
      shadow,
      initialInstances: numberOf(entry['InitialInstanceCount']) ?? 1,
      managedMaximum: managed['Status'] === 'ENABLED' ? numberOf(managed['MaxInstanceCount']) : undefined,
    },
  ];
}

/** Concurrency that the serverless variants of a configuration take from the account's pool. */
export function serverlessConcurrencyOf(config: RenderedResource): number {
  return listOf(config.properties['ProductionVariants'])
    .map((entry) => numberOf(recordOf(recordOf(entry)['ServerlessConfig'])['MaxConcurrency']) ?? 0)
    .reduce((sum, concurrency) => sum + concurrency, 0);
}

/** Whether instances of the type run on CPU credits: the T families. */
export function isBurstable(instanceType: string): boolean {
  return /^ml\.t\d/.test(instanceType);
}

/** The configuration that an endpoint deploys; undefined when it is none of the tree's. */
export function configOf(endpoint: RenderedResource, tree: ResourceTree): RenderedResource | undefined {
  const name = textOf(endpoint.properties['EndpointConfigName']);
  return tree
    .ofType(ENDPOINT_CONFIG)
    .find(
      (config) =>
        targetOf(name) === config.path ||
        (name !== undefined && name === textOf(config.properties['EndpointConfigName'])),
    );
}

/** The tree's endpoints that deploy a configuration. */
export function endpointsOf(config: RenderedResource, tree: ResourceTree): readonly RenderedResource[] {
  return tree.ofType(ENDPOINT).filter((endpoint) => configOf(endpoint, tree)?.path === config.path);
}
