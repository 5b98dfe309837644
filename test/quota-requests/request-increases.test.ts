import { MAX_OPEN_REQUESTS } from '../../lib/quota-requests/request-caps';
import type { Proposal } from '../../lib/quota-requests/propose-increases';
import { INCREASE_ACTIONS, requestIncreases } from '../../lib/quota-requests/request-increases';
import type { StandIn, StandInAccount, StandInRequest } from '../support/aws/quota-stand-in';
import { INSTANCES, VCPUS, clientOf, proposalFor, standIns } from '../support/aws/quota-requests';

const start = standIns();

async function request(standIn: StandIn, proposals: readonly Proposal[], yes = true) {
  const log: string[] = [];
  const results = await requestIncreases({
    client: clientOf(standIn),
    proposals,
    yes,
    log: (line) => log.push(line),
  });
  return { results, log, outcomes: results.map(({ outcome }) => outcome) };
}

const filedOn = ({ calls }: StandIn) =>
  calls.filter(({ action }) => action === 'RequestServiceQuotaIncrease').map(({ input }) => input);

function earlier(changes: Partial<StandInRequest> = {}): StandInRequest {
  const { service, code, name } = INSTANCES;
  return {
    id: 'earlier',
    service,
    code,
    name,
    status: 'PENDING',
    desired: 6,
    created: 1_760_000_000,
    ...changes,
  };
}

/** Requests for other quotas. */
const others = (count: number, status: StandInRequest['status'] = 'PENDING') =>
  Array.from({ length: count }, (_, n) =>
    earlier({ id: `other-${n}`, code: `L-OTHER${n}`, name: `Other ${n}`, status }),
  );

describe('without consent', () => {
  it('shows what it would ask for and calls nothing', async () => {
    const standIn = await start({ quotas: [INSTANCES] });
    const { outcomes, log } = await request(standIn, [proposalFor(INSTANCES, 6)], false);

    expect(outcomes).toEqual(['shown']);
    expect(standIn.calls).toEqual([]);
    expect(log).toEqual([]);
  });
});

describe('with consent', () => {
  it('files exactly the value proposed, and returns the id of the request', async () => {
    const standIn = await start({ quotas: [INSTANCES] });
    const { results } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(results).toMatchObject([{ outcome: 'filed', requestId: 'request-1' }]);
    expect(filedOn(standIn)).toEqual([
      { ServiceCode: 'sagemaker', QuotaCode: 'L-7A3DF611', DesiredValue: 6 },
    ]);
  });

  it('does not file again what it filed before', async () => {
    const standIn = await start({ quotas: [INSTANCES, VCPUS] });
    const proposals = [proposalFor(INSTANCES, 6), proposalFor(VCPUS, 8)];
    await request(standIn, proposals);
    const { outcomes } = await request(standIn, proposals);

    expect(outcomes).toEqual(['already-open', 'already-open']);
    expect(filedOn(standIn)).toHaveLength(2);
  });

  it.each(['PENDING', 'CASE_OPENED'] as const)(
    'finds a request that is %s on a later page',
    async (status) => {
      const standIn = await start({
        quotas: [INSTANCES],
        requests: [...others(5, status), earlier({ status })],
      });
      const { results } = await request(standIn, [proposalFor(INSTANCES, 6)]);

      expect(results).toMatchObject([{ outcome: 'already-open', requestId: 'earlier' }]);
      expect(filedOn(standIn)).toEqual([]);
    },
  );

  it('says when an open request asks for less than is needed', async () => {
    const standIn = await start({ quotas: [INSTANCES], requests: [earlier({ desired: 4 })] });
    const { results } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(results[0]?.note).toBe('4 asked for on 2025-10-09, less than the 6 needed');
  });

  it.each(['DENIED', 'NOT_APPROVED', 'CASE_CLOSED', 'APPROVED'] as const)(
    'asks again after a request that is %s',
    async (status) => {
      const standIn = await start({ quotas: [INSTANCES], requests: [earlier({ status })] });
      expect((await request(standIn, [proposalFor(INSTANCES, 6)])).outcomes).toEqual(['filed']);
    },
  );

  it('files nothing for what the account has already, even while the case is open', async () => {
    const standIn = await start({
      quotas: [{ ...INSTANCES, value: 6 }],
      requests: [earlier({ status: 'CASE_OPENED' })],
    });
    const { outcomes } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(outcomes).toEqual(['in-force']);
    expect(filedOn(standIn)).toEqual([]);
  });

  it('takes the default where no value was ever applied', async () => {
    const standIn = await start({ quotas: [VCPUS] });
    expect((await request(standIn, [proposalFor(VCPUS, 5)])).outcomes).toEqual(['in-force']);
  });

  it('asks nothing of a quota that AWS does not adjust', async () => {
    const standIn = await start({ quotas: [{ ...INSTANCES, adjustable: false }] });
    const { outcomes } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(outcomes).toEqual(['impossible']);
    expect(filedOn(standIn)).toEqual([]);
  });

  it('leaves to people what Service Quotas does not list, and to nobody what AWS does not grant', async () => {
    const standIn = await start();
    const { results } = await request(standIn, [
      proposalFor(INSTANCES, 6, { filing: { way: 'support', reason: 'not listed' } }),
      proposalFor(VCPUS, 8, { filing: { way: 'none', reason: 'above the cap' } }),
    ]);

    expect(results.map(({ outcome, note }) => [outcome, note])).toEqual([
      ['by-hand', 'not listed'],
      ['impossible', 'above the cap'],
    ]);
    expect(filedOn(standIn)).toEqual([]);
  });
});

describe('a code that is not the account’s', () => {
  const elsewhere = { ...INSTANCES, code: 'L-ELSEWHERE' };
  const decoys = Array.from({ length: 5 }, (_, n) => ({
    ...VCPUS,
    service: 'sagemaker',
    code: `L-${n}`,
    name: `Decoy ${n}`,
  }));

  it.each([
    ['does not exist', [...decoys, elsewhere]],
    ['means another quota', [{ ...INSTANCES, name: 'Something else' }, ...decoys, elsewhere]],
  ])('that %s is looked up by name', async (_case, quotas) => {
    const standIn = await start({ quotas });
    const { outcomes } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(outcomes).toEqual(['filed']);
    expect(filedOn(standIn)).toEqual([
      { ServiceCode: 'sagemaker', QuotaCode: 'L-ELSEWHERE', DesiredValue: 6 },
    ]);
  });

  it('is not asked for twice under its real one', async () => {
    const standIn = await start({ quotas: [elsewhere], requests: [earlier({ code: 'L-ELSEWHERE' })] });
    expect((await request(standIn, [proposalFor(INSTANCES, 6)])).outcomes).toEqual(['already-open']);
  });

  it('never leads to a request for a quota of another name', async () => {
    const standIn = await start({ quotas: [{ ...INSTANCES, name: 'Something else' }] });
    const { results } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(results).toMatchObject([{ outcome: 'refused' }]);
    expect(filedOn(standIn)).toEqual([]);
  });
});

describe('the limit of open requests', () => {
  it('stops filing when it is reached, and counts what this run files', async () => {
    const standIn = await start({
      quotas: [INSTANCES, VCPUS],
      requests: others(MAX_OPEN_REQUESTS - 1),
      pageSize: 7,
    });
    const { results } = await request(standIn, [proposalFor(INSTANCES, 6), proposalFor(VCPUS, 8)]);

    expect(results.map(({ outcome }) => outcome)).toEqual(['filed', 'account-full']);
    expect(results[1]?.note).toBe('20 requests are open already, and AWS takes about 20');
    expect(filedOn(standIn)).toHaveLength(1);
  });

  it('is AWS’s where that is lower', async () => {
    const standIn = await start({ quotas: [INSTANCES], requests: others(2), maxOpen: 2 });
    expect((await request(standIn, [proposalFor(INSTANCES, 6)])).outcomes).toEqual(['account-full']);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['ListRequestedServiceQuotaChangeHistory', 'ListRequestedServiceQuotaChangeHistory'],
    ['GetServiceQuota', 'GetServiceQuota'],
    ['RequestServiceQuotaIncrease', 'RequestServiceQuotaIncrease'],
  ])('names the IAM action when %s is denied, and files nothing', async (action, named) => {
    const standIn = await start({ quotas: [INSTANCES], denied: new Set([action]) });
    const { results } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(results).toMatchObject([
      { outcome: 'undetermined', note: `servicequotas:${named} was denied; nothing was filed` },
    ]);
    expect(standIn.account.requests).toEqual([]);
  });

  it('tries again when it is throttled', async () => {
    const standIn = await start({
      quotas: [INSTANCES],
      throttled: new Map([['RequestServiceQuotaIncrease', 1]]),
    });
    expect((await request(standIn, [proposalFor(INSTANCES, 6)])).outcomes).toEqual(['filed']);
  });

  it('gives up when it is throttled for good, without filing', async () => {
    const standIn = await start({
      quotas: [INSTANCES],
      throttled: new Map([['ListRequestedServiceQuotaChangeHistory', 99]]),
    });
    const { results } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(results).toMatchObject([{ outcome: 'undetermined' }]);
    expect(results[0]?.note).toContain('was throttled');
    expect(filedOn(standIn)).toEqual([]);
  });

  it('does not call a request refused when only the answer was lost', async () => {
    const standIn = await start({ quotas: [INSTANCES], cut: new Set(['RequestServiceQuotaIncrease']) });
    const { outcomes } = await request(standIn, [proposalFor(INSTANCES, 6)]);

    expect(['already-open', 'undetermined']).toContain(outcomes[0]);
    expect(standIn.account.requests).toHaveLength(1);
  });

  it('goes on with the others when one is refused', async () => {
    const standIn = await start({ quotas: [VCPUS] });
    const { outcomes } = await request(standIn, [proposalFor(INSTANCES, 6), proposalFor(VCPUS, 8)]);

    expect(outcomes).toEqual(['refused', 'filed']);
  });
});

it('calls nothing but the actions that its policy allows', async () => {
  const cases: Partial<StandInAccount>[] = [
    { quotas: [INSTANCES] },
    { quotas: [{ ...INSTANCES, code: 'L-ELSEWHERE' }] },
    { quotas: [VCPUS] },
  ];
  const called = new Set<string>();
  for (const account of cases) {
    const standIn = await start(account);
    await request(standIn, [proposalFor(INSTANCES, 6)]);
    for (const { action } of standIn.calls) called.add(`servicequotas:${action}`);
  }
  expect([...called].sort()).toEqual([...INCREASE_ACTIONS]);
});
