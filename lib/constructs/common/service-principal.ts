import { type ArnComponents, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * An AWS service that may assume a role only on behalf of this account's `source`; without the conditions any
 * account's resource could make the service use the role (the confused deputy).
 *
 * @param source resource that the service acts for, in the stack's account and region; may end in a wildcard
 */
export function ownServicePrincipal(
  scope: IConstruct,
  service: string,
  source: ArnComponents,
): iam.PrincipalBase {
  const stack = Stack.of(scope);
  return new iam.ServicePrincipal(service, {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': stack.formatArn(source) },
    },
  });
}
