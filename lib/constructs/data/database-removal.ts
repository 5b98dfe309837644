import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../../config/environment';
import { removalPolicyOf } from '../common/removal-policy';

/**
 * What becomes of that which the instance uses and which holds no data itself: parameter group, subnet group and security group.
 * RDS and EC2 refuse to delete what an instance uses, so it stays with an instance that stays. A snapshot needs none.
 */
export function attachedRemovalPolicyOf(environment: Environment): RemovalPolicy {
  const policy = removalPolicyOf(environment, { snapshots: true });
  return policy === RemovalPolicy.SNAPSHOT ? RemovalPolicy.DESTROY : policy;
}
