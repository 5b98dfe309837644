import { identitiesOf } from './permissions/identities';
import { grantsOf } from './permissions/grants';
import type { Permissions, Template } from './permissions/model';
import { readResources } from './permissions/resources';

export { comparePermissions } from './permissions/compare';
export type { IdentityPermissions, Permissions, ResourcePermissions, Template } from './permissions/model';
export { renderPermissions } from './permissions/render';

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
