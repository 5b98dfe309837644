import { CannotJudge } from './errors';

/**
 * Who asks. A service asks by itself, as when it assumes a role, and so does somebody whom an identity provider vouches
 * for; neither has identity policies.
 */
export type Principal =
  | {
      readonly kind: 'role';
      readonly arn: string;
      /** ARN of the session that asks. @default - a session that no policy names */
      readonly session?: string;
    }
  | { readonly kind: 'user'; readonly arn: string }
  | {
      readonly kind: 'service';
      /** Such as `lambda.amazonaws.com`. */
      readonly name: string;
    }
  | {
      readonly kind: 'federated';
      /** ARN of the identity provider. What its token says stands in the request's context. */
      readonly name: string;
    };

/** A principal that has no policies: only the resource's decide. */
export function hasNoPolicies(
  principal: Principal,
): principal is Extract<Principal, { kind: 'service' | 'federated' }> {
  return principal.kind === 'service' || principal.kind === 'federated';
}

/** Value of a context key; a list makes the key a multivalued one. */
export type ContextValue = string | number | boolean | readonly string[];

/** What IAM is asked: may the principal take the action on the resource, under the circumstances of the context. */
export interface Request {
  readonly principal: Principal;
  /** One action, such as `s3:GetObject`. */
  readonly action: string;
  /** ARN of one resource, or `*` for an action that knows no resources. */
  readonly resource: string;
  /** Context keys, whatever the case of their names. A key that is not given is taken for absent. @default - none */
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** Account of a resource whose ARN names none, such as a bucket. @default - the principal's */
  readonly resourceAccount?: string;
}

/** Looks context keys up without regard to case, as IAM does. */
export type Context = ReadonlyMap<string, ContextValue>;

/** @throws {CannotJudge} where two keys differ by case alone. */
export function contextOf({ context = {} }: Request): Context {
  const keys = new Map<string, ContextValue>();
  for (const [name, value] of Object.entries(context)) {
    const key = name.toLowerCase();
    if (keys.has(key)) {
      throw new CannotJudge(`the context gives ${name} twice: IAM ignores the case of keys, so give it once`);
    }
    keys.set(key, value);
  }
  return keys;
}

/** @throws {CannotJudge} where the request is not about one action and one resource. */
export function checkRequest({ action, resource }: Request): void {
  if (!/^[a-z0-9-]+:[a-z0-9]+$/i.test(action)) {
    throw new CannotJudge(`${action} is no single action: give one, such as s3:GetObject`);
  }
  if (resource !== '*' && !isArn(resource)) {
    throw new CannotJudge(
      `${resource} is no resource: give an ARN, or * where the action knows no resources`,
    );
  }
}

/** Whether the text has the six parts of an ARN. */
export function isArn(text: string): boolean {
  return text.startsWith('arn:') && text.split(':').length >= 6;
}

/** Account that an ARN names; undefined for none, as in a bucket's, and for AWS's own. */
export function accountOf(arn: string): string | undefined {
  const account = arn.split(':')[4] ?? '';
  return /^\d{12}$/.test(account) ? account : undefined;
}
