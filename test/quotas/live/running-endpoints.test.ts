import { recordedPlan } from '../../../lib/plan/replacement/existing-deployment';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { snapshotText } from '../../../lib/quotas/live/record-snapshot';
import { parseSnapshot } from '../../../lib/quotas/snapshot';
import { type StandInAccount, newAccount } from '../../support/aws/account';
import { collected, smallEnvironment } from '../../support/aws/collect';
import { typeQuota } from '../../support/plan/plan-fixtures';

const arnOf = (name: string) => `arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`;
const instances = (instanceType: string) => [{ instanceType, current: 1 }];
const [KEPT, GOING, FAILED, FOREIGN] = [
  'mini-xdr-dev-all-shared-m6g-large',
  'mini-xdr-dev-general-serverless',
  'mini-xdr-dev-ddos-serverless',
  'mini-xdr-prod-all-shared-m6g-large',
] as const;

const account: StandInAccount = {
  ...newAccount(),
  endpoints: [
    { name: FOREIGN, status: 'InService', variants: instances('ml.m6g.large') },
    { name: KEPT, status: 'Updating', variants: instances('ml.c5.xlarge') },
    { name: GOING, status: 'Deleting', variants: [{ maxConcurrency: 2 }] },
    { name: FAILED, status: 'Failed', variants: [{ maxConcurrency: 2 }] },
  ],
  stacks: [
    {
      name: 'mini-xdr-dev-Serving',
      resources: [KEPT, GOING, FAILED].map((name) => ['AWS::SageMaker::Endpoint', arnOf(name)] as const),
    },
    { name: 'mini-xdr-prod-Serving', resources: [['AWS::SageMaker::Endpoint', arnOf(FOREIGN)]] },
  ],
};

describe('a live reading', () => {
  it('names the environment’s own endpoints that go on, and nobody else’s', async () => {
    const { snapshot } = await collected({ account });
    expect(snapshot.running).toEqual([KEPT]);
  });

  it('names none in a new account, which is a first deployment', async () => {
    const { snapshot } = await collected({});
    expect(snapshot.running).toEqual([]);
    expect(recordedPlan(snapshot, 'dev')).toBeUndefined();
  });

  it('reads the quota of a type that runs although no plan would look at it otherwise', async () => {
    const { row } = await collected({ account });
    expect(row(typeQuota('ml.c5.xlarge'))).toMatchObject({ usage: { value: 1 }, own: 1 });
  });

  it('says nothing of endpoints where it cannot be told whose they are', async () => {
    const { snapshot } = await collected({ account, denied: ['cloudformation:ListStacks'] });
    expect(snapshot).not.toHaveProperty('running');
  });

  it('says nothing of endpoints, and lists none, where the environment needs no quota of theirs', async () => {
    const dev = smallEnvironment();
    const embedded = { ...dev, hosting: { ...dev.hosting, modes: ['embedded' as const] } };
    const { snapshot, actions } = await collected({ account }, embedded);
    expect(snapshot).not.toHaveProperty('running');
    expect(actions).not.toContain('sagemaker:ListEndpoints');
  });

  it('is recorded with them, and plans on them when it is read back', async () => {
    const { snapshot } = await collected({ account });
    const text = snapshotText({ ...snapshot, running: ['b', 'a', KEPT] });
    expect(text).toContain(`  "running": ["a","b","${KEPT}"],\n`);
    const again = parseSnapshot('recorded', JSON.parse(snapshotText(snapshot)));
    expect(recordedPlan(again, 'dev')).toEqual(recordedPlan(snapshot, 'dev'));
    expect(recordedPlan(again, 'dev')?.endpoints).toEqual([KEPT]);
    // What is being deleted is still held.
    expect(recordedPlan(again, 'dev')?.held?.get(QUOTA.serverlessEndpoints)).toBe(1);
  });
});
