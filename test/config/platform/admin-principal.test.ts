import { adminRole } from '../../../lib/config/platform/admin-principal';
import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { environmentNames, loadEnvironment } from '../../../lib/config/load-environment';
import { type Patch, refusals } from '../../support/plan/plan-fixtures';

/** The error lines of an environment with a cluster, without their bullets; none for one that is taken. */
function refused(platform: Patch<EnvironmentInput['platform']>): string[] {
  const changes = { network: { natGateways: 1 }, platform: { enabled: true, peakNodeVcpus: 4, ...platform } };
  return refusals(changes).map((line) => line.replace('  - ', ''));
}

const ACCOUNT = '111122223333';

describe('the administrator of the cluster', () => {
  it('may be absent, with a cluster and without: the Platform stack makes one', () => {
    expect(refused({ adminPrincipal: undefined })).toEqual([]);
    expect(refused({ enabled: false, adminPrincipal: undefined })).toEqual([]);
  });

  it.each([
    'role/administrator',
    'role/operations/platform/administrator',
    `arn:aws:iam::${ACCOUNT}:role/administrator`,
    `arn:aws-us-gov:iam::${ACCOUNT}:role/operations/administrator`,
    `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_Admin_0a1b2c3d`,
  ])('may be %s', (adminPrincipal) => {
    expect(refused({ adminPrincipal })).toEqual([]);
  });

  it.each([
    [`arn:aws:iam::${ACCOUNT}:user/anna`, /never a user, .+ let the user assume a role, and name that$/],
    ['user/anna', /never a user/],
    [`arn:aws:iam::${ACCOUNT}:root`, /never the root of an account: make a role /],
    [
      `arn:aws:sts::${ACCOUNT}:assumed-role/administrator/anna`,
      /never a session, which ends: name the role that it assumed/,
    ],
    [`arn:aws:iam::${ACCOUNT}:assumed-role/administrator/anna`, /never a session/],
    [`arn:aws:iam::${ACCOUNT}:role/*`, /never a wildcard, as an entry holds one role/],
    ['role/admin?', /never a wildcard/],
    ['*', /never a wildcard/],
    [
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      /never a service-linked role, which EKS refuses/,
    ],
    ['administrator', /write role\/administrator if that is the name of a role$/],
    ['root', /never the root of an account/],
    ['', /given ""; allowed is a role as role\/NAME or role\/PATH\/NAME.+ACCOUNT:role\/NAME$/],
    ['role/', /role\/NAME$/],
    ['role//administrator', /role\/NAME$/],
    [`role/${'a'.repeat(65)}`, /role\/NAME$/],
    ['role/administrator\n', /role\/NAME$/],
    ['arn:aws:iam::12:role/administrator', /role\/NAME$/],
    [`arn:aws:iam:us-east-1:${ACCOUNT}:role/administrator`, /role\/NAME$/],
    [`arn:aws:iam::${ACCOUNT}:group/administrators`, /role\/NAME$/],
    [7, /given 7; allowed is a text$/],
  ])('is never %j, and the error says so and what to do', (adminPrincipal, expected) => {
    const lines = refused({ adminPrincipal: adminPrincipal as string });

    expect(lines).toEqual([expect.stringMatching(expected)]);
    expect(lines[0]).toContain(
      `platform.adminPrincipal: given ${JSON.stringify(adminPrincipal)}; allowed is`,
    );
  });

  it('is none that an account must have before an environment as shipped is deployed', () => {
    for (const name of environmentNames()) {
      expect(loadEnvironment(name).platform.adminPrincipal).toBeUndefined();
    }
  });

  it.each([
    ['role/administrator', { resource: 'role/administrator', name: 'administrator' }],
    ['role/a/b/administrator', { resource: 'role/a/b/administrator', name: 'administrator' }],
    [
      `arn:aws:iam::${ACCOUNT}:role/a/administrator`,
      { account: ACCOUNT, resource: 'role/a/administrator', name: 'administrator' },
    ],
  ])('is taken apart: %s', (principal, parts) => {
    expect(adminRole(principal)).toEqual(parts);
  });
});
