import { ENVIRONMENTS } from '../../../lib/config/environments';
import { dev } from '../../../lib/config/environments/dev';
import { REPOSITORY } from '../../support/app/delivery';
import { xdr } from '../../support/command-line';

const account = '111122223333';

describe('xdr delivery', () => {
  afterEach(() => jest.restoreAllMocks());

  it('prints where GitHub Actions deploys to, and the role with its session, as outputs of a step', async () => {
    const delivery = { repository: REPOSITORY };
    jest.replaceProperty(ENVIRONMENTS, 'dev', { ...dev, account, delivery });

    expect(await xdr(['delivery', '--env', 'dev'])).toEqual({
      code: 0,
      out: [
        `account=${account}`,
        'region=us-east-1',
        `role=arn:aws:iam::${account}:role/mini-xdr-dev-deploy`,
        'seconds=21600\n',
      ].join('\n'),
      err: '',
    });
  });

  it('names the role in the partition of the region', async () => {
    const delivery = { repository: REPOSITORY };
    jest.replaceProperty(ENVIRONMENTS, 'dev', { ...dev, region: 'us-gov-west-1', account, delivery });

    expect((await xdr(['delivery'])).out).toContain(`role=arn:aws-us-gov:iam::${account}:role/`);
  });

  it('refuses an environment that GitHub Actions does not deploy, and says what to do', async () => {
    const { code, out, err } = await xdr(['delivery', '--env', 'prod']);

    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).toMatch(/does not deploy prod: set "account" and "delivery" .+"Let CI deploy"/);
  });
});
