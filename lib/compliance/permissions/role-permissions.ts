import { identitiesOf } from './identities';
import { grantsOf } from './grants';
import type { Permissions, Template } from './permission-model';
import { readResources } from './resource-policies';

export { comparePermissions } from './compare-permissions';
export type { IdentityPermissions, Permissions, ResourcePermissions, Template } from './permission-model';
export { renderPermissions } from './render-permissions';

/**
 * Reads every permission out of an environment's synthesised templates: what each role may do and who may assume
 * it, with policies that other stacks attach to it, and what resources admit by policies of their own.
 *
 * References read `${Stack.LogicalId.Attribute}`, across stacks as well; the CDK's hashes are left out of logical
 * ids wherever the rest is unambiguous in its stack, and content hashes read `<asset>`.
 *
 * @param templates templates by the name that the stack shall go by
 */
export function rolePermissions(templates: Readonly<Record<string, Template>>): Permissions {
  const resources = readResources(templates);
  return { identities: identitiesOf(resources), resources: grantsOf(resources) };
}
