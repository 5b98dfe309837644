/** Name of this project's own pack. */
export const OWN_PACK = 'MiniXdrSageMaker';

/** Names of the packs that the project is held to; the first part of each of their rule ids. */
export const PACK_NAMES = [
  'AwsSolutions',
  'NIST.800.53.R5',
  'HIPAA.Security',
  'PCI.DSS.321',
  OWN_PACK,
] as const;

/** Name of a pack. */
export type PackName = (typeof PACK_NAMES)[number];

/**
 * Full form of a rule id: the CDK records an acknowledgement under the plugin's name, and one without it matches
 * no finding of a plugin.
 *
 * @param id as the pack spells it, such as `AwsSolutions-IAM5[Resource::*]`
 * @returns such as `AwsSolutions::AwsSolutions-IAM5[Resource::*]`; undefined when no pack has such rules
 */
export function fullRuleId(id: string): string | undefined {
  const pack = PACK_NAMES.find((name) => id.startsWith(`${name}-`));
  // The CDK compares ids with spaces turned into hyphens.
  return pack === undefined ? undefined : `${pack}::${id.replaceAll(' ', '-')}`;
}
