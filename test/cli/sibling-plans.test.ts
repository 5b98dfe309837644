import { siblingEnvironments } from '../../lib/cli/sibling-plans';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { environmentWith } from '../support/stacks/infrastructure';

const RECORDED = { name: 'mini-xdr-2025-11', snapshot: loadSnapshot('mini-xdr-2025-11') };
const DEFAULTS = { name: 'new-account', snapshot: loadSnapshot('new-account') };

const target = { account: '111122223333', region: 'us-east-1' };
const own = environmentWith({ name: 'own' });
const AMONG = [
  own,
  environmentWith({ name: 'beside' }),
  environmentWith({ name: 'fresh', snapshot: 'new-account' }),
  environmentWith({ name: 'elsewhere', account: '444455556666' }),
  environmentWith({ name: 'abroad', region: 'eu-west-1' }),
];

const names = (recorded?: typeof RECORDED) =>
  siblingEnvironments(own, target, recorded, AMONG).map(({ name }) => name);

describe('neighbours of an environment', () => {
  it('are those that plan on the same recorded account, in its region, and are not sent elsewhere', () => {
    expect(names(RECORDED)).toEqual(['beside']);
  });

  it('are unknown on defaults of AWS, which were read from no account', () => {
    expect(names(DEFAULTS)).toEqual([]);
  });

  it('are all that may be in the account, where that is read live', () => {
    expect(names()).toEqual(['beside', 'fresh']);
  });
});
