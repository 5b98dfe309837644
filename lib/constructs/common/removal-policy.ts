import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../../config/environment';

const POLICIES = {
  destroy: RemovalPolicy.DESTROY,
  retain: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  snapshot: RemovalPolicy.SNAPSHOT,
} as const;

/**
 * What becomes of a stateful resource when it leaves the stack. What is kept is still removed when its very creation
 * is rolled back: a named resource that stayed behind empty would fail the next deploy.
 *
 * @param snapshots whether CloudFormation can take a final snapshot of it; what has no snapshot is kept instead,
 *   because a snapshot asked for means that the data must outlive the stack
 */
export function removalPolicyOf(
  { protection }: Environment,
  { snapshots = false }: { readonly snapshots?: boolean } = {},
): RemovalPolicy {
  const policy = POLICIES[protection.onRemoval];
  return policy === RemovalPolicy.SNAPSHOT && !snapshots ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
}
