import type { Reading } from './account-facts';

/** Every IAM action that reading the facts takes. */
export const ACCOUNT_ACTIONS = [
  'acm:DescribeCertificate',
  'cloudformation:ListStackResources',
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeInstanceTypeOfferings',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'iam:GetRole',
  'lambda:GetAccountSettings',
  'logs:DescribeLogGroups',
  'ssm:GetParameter',
] as const;
type AccountAction = (typeof ACCOUNT_ACTIONS)[number];

/** What each service calls a refusal for want of permission. */
const DENIED = /AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure/;

/** A value, or that it could not be read: one refusal must not hide everything else. */
export async function reading<T>(action: AccountAction, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { known: true, value: await read() };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    return { known: false, action, reason: DENIED.test(name) ? 'denied' : 'failed' };
  }
}
