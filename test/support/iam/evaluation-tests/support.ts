import {
  type ContextValue,
  evaluate,
  type Policies,
  type Policy,
  readPolicy,
  type Request,
  type Verdict,
} from '../evaluation';
import type { Json, JsonRecord } from '../../../../lib/util/json';

export const ACCOUNT = '111122223333';
export const ROLE = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/worker` } as const;
export const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/worker/one`;

/** A policy of the statements, read from its document. */
export function policy(...statements: JsonRecord[]): Policy {
  return readPolicy('policy', document(...statements));
}

export function document(...statements: JsonRecord[]): JsonRecord {
  return { Version: '2012-10-17', Statement: statements };
}

export const allow = (action: Json, resource: Json = '*', condition?: JsonRecord): JsonRecord => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(condition === undefined ? {} : { Condition: condition }),
});

export const deny = (action: Json, resource: Json = '*', condition?: JsonRecord): JsonRecord => ({
  ...allow(action, resource, condition),
  Effect: 'Deny',
});

export const OBJECT = 'arn:aws:s3:::bucket/folder/object';
export const READ: Request = { principal: ROLE, action: 's3:GetObject', resource: OBJECT };

export function decide(policies: Partial<Policies>, request: Partial<Request> = {}): Verdict['decision'] {
  return evaluate({ identity: [], ...policies }, { ...READ, ...request }).decision;
}

/** Whether a statement that allows everything under the condition lets a request with the context through. */
export function holds(condition: JsonRecord, context: Readonly<Record<string, ContextValue>> = {}): boolean {
  return decide({ identity: [policy(allow('*', '*', condition))] }, { context }) === 'allowed';
}
