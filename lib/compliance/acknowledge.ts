import { Stack, Token, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';
import type { IConstruct } from 'constructs';
import { fullRuleId, PACK_NAMES } from './pack-names';

/** A finding that is accepted, and why. */
export interface AcceptedFinding {
  /**
   * Ids as the packs spell them, with the part in brackets where the rule has one: `HIPAA.Security-RDSInBackupPlan`,
   * or `AwsSolutions-IAM5[Resource::${bucket.arnForObjects('*')}]`. References inside are written the way the pack
   * writes them, once the app is synthesised.
   */
  readonly id: string | readonly string[];
  /** What a security reviewer needs to agree: at least 20 characters. */
  readonly reason: string;
}

const SHORTEST_REASON = 20;

/** There is no reason for a role to hold one of AWS's full-access policies. */
const UNACCEPTABLE = /^MiniXdrSageMaker-NoFullAccessPolicy/;

/** Acknowledgements whose ids hold references; the packs know their final text only after synthesis. */
const unsettled = new WeakMap<IConstruct, { readonly id: string; readonly reason: string }[]>();

/**
 * Accepts findings on a construct and everything inside it. To be called in the file of the resource, never on a
 * stack.
 *
 * @throws Error when a reason is too short, an id belongs to none of the packs, or the rule suffers no exception
 */
export function acknowledge(construct: IConstruct, ...findings: readonly AcceptedFinding[]): void {
  for (const { id: ids, reason } of findings) {
    for (const id of typeof ids === 'string' ? [ids] : ids) accept(construct, id, reason);
  }
}

function accept(construct: IConstruct, bareId: string, reason: string): void {
  if (reason.trim().length < SHORTEST_REASON) {
    throw new Error(
      `The reason "${reason}" for ${bareId} at ${construct.node.path} is too short: ` +
        `say in at least ${SHORTEST_REASON} characters why a reviewer should accept the finding.`,
    );
  }
  if (UNACCEPTABLE.test(bareId)) {
    throw new Error(
      `${bareId} at ${construct.node.path} cannot be accepted: detach the policy and use grants.`,
    );
  }
  const id = fullRuleId(bareId);
  if (id === undefined) {
    throw new Error(
      `${bareId} at ${construct.node.path} belongs to no pack: an id starts with ` +
        `${PACK_NAMES.map((name) => `${name}-`).join(', ')}, without a prefix before it.`,
    );
  }
  if (!Token.isUnresolved(id)) return Validations.of(construct).acknowledge({ id, reason });
  const waiting = unsettled.get(construct) ?? [];
  waiting.push({ id, reason });
  unsettled.set(construct, waiting);
}

/**
 * Records the acknowledgements under a scope whose ids hold references. Must run after synthesis has resolved
 * references across stacks, and before the CDK sets acknowledged findings apart: the plugins do it first thing.
 */
export function settleAcknowledgements(scope: IConstruct): void {
  for (const construct of scope.node.findAll()) {
    for (const { id, reason } of unsettled.get(construct) ?? []) {
      const resolved = flattenCfnReference(Stack.of(construct).resolve(id));
      Validations.of(construct).acknowledge({ id: resolved, reason });
    }
    unsettled.delete(construct);
  }
}
