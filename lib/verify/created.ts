import { GetTemplateCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { servingStack } from '../predict/locate';
import { everyItem } from '../quotas/live/outcome';
import { type Found, failed } from './check';
import type { Read, Reader } from './reader';

/** `{ Ref }` or `{ 'Fn::GetAtt': [id, attribute] }` to another resource of the template. */
const referenceSchema = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform(({ 'Fn::GetAtt': [id] }) => id),
]);

const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() })),
});

const endpointSchema = z.object({ EndpointName: z.string(), EndpointConfigName: referenceSchema });

/** Name of the endpoint configuration that the Serving stack created for an endpoint; absent where it created none. */
export type CreatedConfigs = (endpointName: string) => Read<string>;

/** A physical id of SageMaker is an ARN, whose last part is the name. */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/**
 * Logical id of each endpoint's configuration in a template, by the name of the endpoint.
 *
 * @throws for what is no template
 */
export function configIds(template: string | undefined): ReadonlyMap<string, string> {
  const { Resources } = templateSchema.parse(JSON.parse(template ?? ''));
  return new Map(
    Object.values(Resources).flatMap(({ Type, Properties }): [string, string][] => {
      if (Type !== 'AWS::SageMaker::Endpoint') return [];
      const endpoint = endpointSchema.safeParse(Properties).data;
      return endpoint === undefined ? [] : [[endpoint.EndpointName, endpoint.EndpointConfigName]];
    }),
  );
}

const UNREADABLE: Found = failed(
  'the template of the Serving stack is not one that this project deploys',
  'see who deployed it, and deploy it again from this tree',
);

/**
 * Reads which configuration CloudFormation created for which endpoint: the template that was deployed says which
 * resource is an endpoint's configuration, and the stack which one that is by now.
 */
export async function readCreatedConfigs(environment: string, reader: Reader): Promise<CreatedConfigs> {
  const { cloudFormation: client, read, signal: abortSignal } = reader;
  const StackName = servingStack(environment);
  const [template, resources] = await Promise.all([
    read('cloudformation:GetTemplate', () =>
      client.send(new GetTemplateCommand({ StackName }), { abortSignal }),
    ),
    read('cloudformation:ListStackResources', () =>
      everyItem(
        paginateListStackResources({ client }, { StackName }, { abortSignal }),
        ({ StackResourceSummaries }) => StackResourceSummaries,
      ),
    ),
  ]);
  if (template.state !== 'known') return () => template;
  if (resources.state !== 'known') return () => resources;
  let ids: ReadonlyMap<string, string>;
  try {
    ids = configIds(template.value.TemplateBody);
  } catch {
    return () => ({ state: 'unknown', found: UNREADABLE });
  }
  const physical = new Map(
    resources.value.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
  return (endpointName) => {
    const id = physical.get(ids.get(endpointName));
    return id === undefined ? { state: 'absent' } : { state: 'known', value: nameIn(id) };
  };
}
