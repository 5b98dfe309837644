import { numberOf, textOf } from '../../util/json';
import {
  configOf,
  ENDPOINT,
  endpointsOf,
  type InstanceVariant,
  instanceVariantsOf,
} from './endpoint-resources';
import type { RenderedResource } from '../rendered-resource';
import type { ResourceTree } from './resource-tree';

export const SCALABLE_TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

const INSTANCE_COUNT = 'sagemaker:variant:DesiredInstanceCount';

/** What a scalable target scales. */
export interface ScaledVariant {
  readonly endpoint: RenderedResource;
  /** Name of the variant, as the target spells it. */
  readonly variantName: string;
}

/** Whether the resource scales the instances of a SageMaker variant. */
export function scalesInstances(target: RenderedResource): boolean {
  return textOf(target.properties['ScalableDimension']) === INSTANCE_COUNT;
}

/** The endpoint and variant that a scalable target names; undefined when the tree has no such endpoint. */
export function scaledBy(target: RenderedResource, tree: ResourceTree): ScaledVariant | undefined {
  const parts = /^endpoint\/(.+)\/variant\/(.+)$/.exec(textOf(target.properties['ResourceId']) ?? '');
  if (!parts) return undefined;
  const [, name, variantName = ''] = parts;
  const endpoint = tree
    .ofType(ENDPOINT)
    .find(
      (candidate) =>
        name === `\${${candidate.path}.EndpointName}` ||
        name === textOf(candidate.properties['EndpointName']),
    );
  return endpoint && { endpoint, variantName };
}

/** The instance variant behind a scalable target; undefined when the tree has none of that name. */
export function variantBehind(target: RenderedResource, tree: ResourceTree): InstanceVariant | undefined {
  const scaled = scaledBy(target, tree);
  const config = scaled && configOf(scaled.endpoint, tree);
  return config && instanceVariantsOf(config).find((variant) => variant.name === scaled.variantName);
}

/**
 * Upper end of a variant's scaling; undefined when nothing scales it on every endpoint that deploys it. A
 * configuration that no endpoint deploys counts as not scaled.
 */
export function scaledMaximum(
  config: RenderedResource,
  variant: InstanceVariant,
  tree: ResourceTree,
): number | undefined {
  if (variant.managedMaximum !== undefined) return variant.managedMaximum;
  const targets = tree.ofType(SCALABLE_TARGET).filter(scalesInstances);
  const maxima = endpointsOf(config, tree).map((endpoint) => {
    const target = targets.find((candidate) => {
      const scaled = scaledBy(candidate, tree);
      return scaled?.endpoint.path === endpoint.path && scaled.variantName === variant.name;
    });
    return target && numberOf(target.properties['MaxCapacity']);
  });
  const known = maxima.filter((maximum) => maximum !== undefined);
  return known.length > 0 && known.length === maxima.length ? Math.max(...known) : undefined;
}
