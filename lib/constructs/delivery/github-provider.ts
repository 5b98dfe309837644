import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Issuer of the tokens of GitHub Actions, as condition keys name it. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/** Whom the tokens are for, unless the action that asks for one is told otherwise. */
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

/**
 * The account's identity provider for GitHub Actions. IAM holds one for each issuer, and knows GitHub's certificates
 * without a thumbprint.
 *
 * @param origin `own` makes it, `existing` uses the one that the account has
 */
export function githubProvider(scope: Construct, id: string, origin: 'own' | 'existing'): iam.IOidcProvider {
  if (origin === 'own') {
    return new iam.OidcProviderNative(scope, id, {
      url: `https://${GITHUB_ISSUER}`,
      clientIds: [GITHUB_AUDIENCE],
    });
  }
  const arn = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'oidc-provider',
    resourceName: GITHUB_ISSUER,
  });
  return iam.OidcProviderNative.fromOidcProviderArn(scope, id, arn);
}
