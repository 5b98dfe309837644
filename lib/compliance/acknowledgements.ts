import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { settleAcknowledgements } from './acknowledge';
import { PACK_NAMES } from './pack-names';

/** An acknowledgement as it stands in the tree. */
export interface Acknowledgement {
  /** Id in full form, such as `AwsSolutions::AwsSolutions-S1`. */
  readonly id: string;
  readonly reason: string;
  /** Path of the construct that carries it. */
  readonly at: string;
}

/** Prefix that the CDK gives to an id without one; it matches findings of no pack. */
const BARE = /^annotation::/i;

/**
 * Acknowledgements of pack rules under a scope, in the order of the tree. Those recorded without the pack's prefix
 * are listed as well, so that a check for stale ones reports them. Other plugins' are left out.
 */
export function acknowledgementsIn(scope: IConstruct): readonly Acknowledgement[] {
  settleAcknowledgements(scope);
  return scope.node.findAll().flatMap((construct) => recordedAt(construct));
}

/** Acknowledgements that hold for the whole scope because an ancestor carries them. */
export function inheritedAcknowledgements(scope: IConstruct): readonly Acknowledgement[] {
  return scope.node.scopes
    .filter((ancestor) => ancestor !== scope)
    .flatMap((ancestor) => recordedAt(ancestor));
}

/** Whether the acknowledgement was made on the construct at the path, or on one around it. */
export function reaches(acknowledgement: Acknowledgement, path: string): boolean {
  const { at } = acknowledgement;
  return at === '' || path === at || path.startsWith(`${at}/`);
}

function recordedAt(construct: IConstruct): readonly Acknowledgement[] {
  const entries = construct.node.metadata
    .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap((entry) => Object.entries(entry.data as Readonly<Record<string, string>>));
  return entries
    .filter(([id]) => isOfPack(id.replace(BARE, '')))
    .map(([id, reason]) => ({ id, reason, at: construct.node.path }));
}

function isOfPack(id: string): boolean {
  return PACK_NAMES.some((name) => id.startsWith(`${name}-`) || id.startsWith(`${name}::`));
}
