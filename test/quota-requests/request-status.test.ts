import { QUOTA } from '../../lib/quotas/quota-catalogue';
import { requestStatus } from '../../lib/quota-requests/request-status';
import type { StandIn, StandInRequest } from '../support/aws/quota-stand-in';
import { INSTANCES, VCPUS, clientOf, standIns } from '../support/aws/quota-requests';

const start = standIns();
const KEYS = [QUOTA.endpointInstances, QUOTA.standardVcpus];

function request(changes: Partial<StandInRequest> = {}): StandInRequest {
  const { service, code, name } = INSTANCES;
  return {
    id: 'one',
    service,
    code,
    name,
    status: 'PENDING',
    desired: 6,
    created: 1_767_225_600,
    ...changes,
  };
}

const status = async (standIn: StandIn) => requestStatus({ client: clientOf(standIn), keys: KEYS });

it.each([
  ['PENDING', 2, 'pending', false],
  ['CASE_OPENED', 2, 'case-opened', false],
  ['CASE_OPENED', 6, 'case-opened', true],
  ['APPROVED', 6, 'approved', true],
  ['APPROVED', 2, 'approved', false],
  ['DENIED', 2, 'denied', false],
  ['NOT_APPROVED', 2, 'denied', false],
  ['INVALID_REQUEST', 2, 'denied', false],
  ['CASE_CLOSED', 7, 'closed', true],
] as const)(
  'a request that is %s with a limit of %i is %s, in force: %s',
  async (given, value, decision, inForce) => {
    const standIn = await start({
      quotas: [{ ...INSTANCES, value }],
      requests: [request({ status: given })],
    });

    expect(await status(standIn)).toMatchObject([
      { key: QUOTA.endpointInstances, decision, inForce, applied: value, desired: 6, note: '' },
    ]);
  },
);

it('tells of the latest request for each quota, over all pages', async () => {
  const standIn = await start({
    quotas: [INSTANCES, VCPUS],
    requests: [
      request({ id: 'denied', status: 'DENIED', created: 1_760_000_000 }),
      request({ id: 'vcpus', service: VCPUS.service, code: VCPUS.code, name: VCPUS.name, desired: 8 }),
      request({ id: 'stranger', code: 'L-OTHER', name: 'Other' }),
      request({ id: 'latest', status: 'CASE_OPENED', caseId: '4711' }),
      request({ id: 'oldest', status: 'DENIED', created: 1_750_000_000 }),
    ],
  });

  expect(
    (await status(standIn)).map(({ requestId, caseId, applied }) => [requestId, caseId, applied]),
  ).toEqual([
    ['vcpus', undefined, 5],
    ['latest', '4711', 2],
  ]);
});

it('knows a request again that was filed under the account’s own code', async () => {
  const elsewhere = { ...INSTANCES, code: 'L-ELSEWHERE' };
  const standIn = await start({ quotas: [elsewhere], requests: [request({ code: 'L-ELSEWHERE' })] });

  expect(await status(standIn)).toMatchObject([{ key: 'sagemaker/L-ELSEWHERE', applied: 2, inForce: false }]);
});

it('does not say whether a value is in force that it may not read', async () => {
  const standIn = await start({
    quotas: [INSTANCES],
    requests: [request({ status: 'APPROVED' })],
    denied: new Set(['GetServiceQuota']),
  });

  expect(await status(standIn)).toMatchObject([
    { decision: 'approved', inForce: undefined, note: 'servicequotas:GetServiceQuota was denied' },
  ]);
});

it('reads no quota that nobody asked for', async () => {
  const standIn = await start({ quotas: [INSTANCES, VCPUS] });

  expect(await status(standIn)).toEqual([]);
  expect(standIn.calls.map(({ action }) => action)).toEqual(['ListRequestedServiceQuotaChangeHistory']);
});
