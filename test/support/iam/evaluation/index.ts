export { CannotJudge } from './errors';
export { type Decisive, evaluate, type Missing, type Policies, type Verdict } from './evaluate';
export { type Policy, type PolicyKind, readPolicy } from './policy';
export type { Context, ContextValue, Principal, Request } from './request';
