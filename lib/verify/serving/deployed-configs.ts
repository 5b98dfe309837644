import * as z from 'zod';
import { type DeployedStack, type TemplateResources, referenceSchema } from '../deployed-stack';
import type { Read } from '../verify-reader';

const endpointSchema = z.object({ EndpointName: z.string(), EndpointConfigName: referenceSchema });

/** Name of the endpoint configuration that the Serving stack created for an endpoint; absent where it created none. */
export type CreatedConfigs = (endpointName: string) => Read<string>;

/**
 * A physical id of SageMaker is an ARN, whose last part is the name in lower case, whatever the name's own case is.
 * (prometheus-community/yet-another-cloudwatch-exporter#1178)
 */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Logical id of each endpoint's configuration in a template, by the name of the endpoint. */
export function configIds(resources: TemplateResources): ReadonlyMap<string, string> {
  return new Map(
    Object.values(resources).flatMap(({ Type, Properties }): [string, string][] => {
      if (Type !== 'AWS::SageMaker::Endpoint') return [];
      const endpoint = endpointSchema.safeParse(Properties).data;
      return endpoint === undefined ? [] : [[endpoint.EndpointName, endpoint.EndpointConfigName]];
    }),
  );
}

/**
 * Which configuration CloudFormation created for which endpoint.
 *
 * @param stack the Serving stack
 */
export function createdConfigs(stack: Read<DeployedStack>): CreatedConfigs {
  if (stack.state !== 'known') return () => stack;
  const { resources, physicalId } = stack.value;
  const ids = configIds(resources);
  return (endpointName) => {
    const id = physicalId(ids.get(endpointName));
    return id === undefined ? { state: 'absent' } : { state: 'known', value: nameIn(id) };
  };
}
