import { deliveredTo } from '../../../lib/config/delivery/delivered-environments';
import { environmentNames, loadEnvironment } from '../../../lib/config/load-environment';
import { UserError } from '../../../lib/util/user-error';
import { DELIVERED, REPOSITORY } from '../../support/app/delivery';
import { refusals } from '../../support/plan/plan-fixtures';

const ACCOUNT = '111122223333';

/** The error lines of an environment with this delivery, without their bullets; none for one that is taken. */
function refused(delivery: object, where: object = { account: ACCOUNT }): string[] {
  return refusals({ delivery, ...where }).map((line) => line.replace('  - ', ''));
}

describe('the repository that may deploy', () => {
  it.each([REPOSITORY, 'Example/xdr.deploy_2', 'example@42/mini-xdr-deploy@4711'])(
    'may be %s',
    (repository) => {
      expect(refused({ repository })).toEqual([]);
    },
  );

  it.each([
    'mini-xdr-deploy',
    'example/*',
    'example/mini-xdr-deploy:environment:prod',
    `repo:${REPOSITORY}`,
    `https://github.com/${REPOSITORY}`,
    'example@42/mini-xdr-deploy',
    `${REPOSITORY}\n`,
    '',
  ])('is never %j: the error says where to find it', (repository) => {
    expect(refused({ repository })).toEqual([
      expect.stringMatching(/^delivery\.repository: .+OWNER@NUMBER\/NAME@NUMBER.+gh api .+sub_claim_prefix/),
    ]);
  });

  it('has no default', () => {
    expect(refused({})).toEqual([expect.stringMatching(/^delivery\.repository: given nothing/)]);
  });
});

describe('delivery', () => {
  it('needs an account and a region, which GitHub Actions does not have of itself', () => {
    expect(refused({ repository: REPOSITORY }, { account: undefined, region: undefined })).toEqual([
      expect.stringMatching(/^account: given nothing; allowed is 12 digits, where there is delivery/),
      expect.stringMatching(/^region: given nothing; allowed is a region such as us-east-1, where there is/),
    ]);
  });

  it('is off in the environments as shipped, for they belong to no repository', () => {
    for (const name of environmentNames()) expect(loadEnvironment(name).delivery).toBeUndefined();
  });
});

describe('the environments that GitHub Actions deploys to an account', () => {
  const [dev, staging] = DELIVERED;
  const elsewhere = { ...staging, account: '999988887777' };
  const { delivery: _none, ...byHand } = staging;

  it('are those of the account that have delivery', () => {
    expect(deliveredTo(ACCOUNT, [dev, elsewhere, byHand])).toEqual([dev]);
    expect(deliveredTo(ACCOUNT, [dev, staging])).toEqual([dev, staging]);
  });

  it.each([['dev'], ['12345'], ['']])('are not looked for in %j, which is no account', (account) => {
    expect(() => deliveredTo(account, [dev])).toThrow(/give the 12 digits of an AWS account/);
  });

  it('are one at least', () => {
    expect(() => deliveredTo(ACCOUNT)).toThrow(UserError);
    expect(() => deliveredTo(ACCOUNT)).toThrow(
      /deploys no environment to account 111122223333: set "account"/,
    );
  });

  it('agree about the identity provider, of which an account has one', () => {
    const other = { ...staging, delivery: { ...staging.delivery, provider: 'existing' as const } };

    expect(() => deliveredTo(ACCOUNT, [dev, other])).toThrow(
      /disagree about delivery\.provider \(dev has own, staging has existing\)/,
    );
  });
});
