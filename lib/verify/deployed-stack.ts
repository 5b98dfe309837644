import { GetTemplateCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { everyItem } from '../aws/outcome';
import { type Found, failed } from './check-outcome';
import type { Read, Reader } from './verify-reader';

/** `{ Ref }` or `{ 'Fn::GetAtt': [id, attribute] }` to another resource of the template. */
export const referenceSchema = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform(({ 'Fn::GetAtt': [id] }) => id),
]);

const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() })),
});

/** Resources of a template, by logical id. */
export type TemplateResources = z.infer<typeof templateSchema>['Resources'];

/** A resource of a stack: what it was asked to be, and which one it is by now. */
export interface Part {
  readonly properties: unknown;
  /** Absent where CloudFormation made none. */
  readonly physicalId?: string;
}

/** A stack as CloudFormation deployed it. */
export interface DeployedStack {
  readonly name: string;
  readonly resources: TemplateResources;
  /** Physical id of a resource; undefined where CloudFormation made none. */
  readonly physicalId: (logicalId: string | undefined) => string | undefined;
}

/**
 * Resources of the text of a template.
 *
 * @throws for what is no template
 */
export function resourcesIn(template: string | undefined): TemplateResources {
  return templateSchema.parse(JSON.parse(template ?? '')).Resources;
}

/** Every resource of a type. */
export function partsOf({ resources, physicalId }: DeployedStack, type: string): Part[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== type) return [];
    const physical = physicalId(id);
    return [{ properties: Properties, ...(physical === undefined ? {} : { physicalId: physical }) }];
  });
}

const unreadable = (stack: string): Found =>
  failed(
    `the template of ${stack} is not one that this project deploys`,
    'see who deployed it, and deploy it again from this tree',
  );

/**
 * Reads what CloudFormation deployed in a stack: the template says what each resource is for, and the stack which one
 * that is by now.
 */
export async function readDeployed(
  name: string,
  { cloudFormation: client, read, signal: abortSignal }: Reader,
): Promise<Read<DeployedStack>> {
  const StackName = name;
  const [template, listed] = await Promise.all([
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
  if (template.state !== 'known') return template;
  if (listed.state !== 'known') return listed;
  const physical = new Map(
    listed.value.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
  );
  try {
    const resources = resourcesIn(template.value.TemplateBody);
    return { state: 'known', value: { name, resources, physicalId: (id) => physical.get(id) } };
  } catch {
    return { state: 'unknown', found: unreadable(name) };
  }
}

/** What to say of a part whose stack could not be read. */
export function withoutStack(name: string, answer: Exclude<Read<DeployedStack>, { state: 'known' }>): Found {
  return answer.state === 'unknown'
    ? answer.found
    : failed(`stack ${name} does not exist`, 'deploy the environment');
}

/**
 * What to do about what somebody changed or deleted by hand, and a deploy therefore does not mend.
 *
 * @param section of the runbook
 */
export function besideStack(section: 'platform-differs' | 'database-differs'): string {
  return `follow docs/runbook.md#${section}: CloudFormation does not see what is changed beside it`;
}

/** What to say of a part that its stack, or what CloudFormation made of it, is without. */
export function goneFrom(stack: string, what: string, remedy = besideStack('platform-differs')): Found {
  return failed(`${stack} has no ${what} that exists`, remedy);
}
