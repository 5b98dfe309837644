import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  type QuotasRequestOptions,
  quotasRequest,
  quotasStatus,
} from '../../../lib/cli/commands/quotas-command';
import type { UserError } from '../../../lib/util/user-error';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { type QuotaClientFactory, awsQuotaClients } from '../../../lib/quota-requests/quota-clients';
import { accountWith } from '../../support/plan/plan-fixtures';
import { type StandIn, type StandInAccount, quotaStandIn } from '../../support/aws/quota-stand-in';

const INSTANCES = {
  service: 'sagemaker',
  code: 'L-7A3DF611',
  name: 'Number of instances across active endpoints',
  value: 0,
  default: 4,
};
const VCPUS = {
  service: 'ec2',
  code: 'L-1216C47A',
  name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
  value: 1,
  default: 5,
};

const folder = mkdtempSync(join(tmpdir(), 'quotas-'));
const snapshot = join(folder, 'short.json');
const unread = join(folder, 'unread.json');
beforeAll(() => {
  const short = { [QUOTA.standardVcpus]: { limit: 1, used: 0 } };
  writeFileSync(snapshot, JSON.stringify(accountWith(short)));
  writeFileSync(unread, JSON.stringify(accountWith({ ...short, [QUOTA.vpcs]: {} })));
});
afterAll(() => rmSync(folder, { recursive: true }));

const started: StandIn[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(async ({ close }) => close()));
});

async function standInWith(account: Partial<StandInAccount> = {}): Promise<StandIn> {
  const standIn = await quotaStandIn({ quotas: [INSTANCES, VCPUS], ...account });
  started.push(standIn);
  return standIn;
}

const clientsOf =
  ({ endpoint }: StandIn): QuotaClientFactory =>
  ({ region }) => {
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const settings = { endpoint, region, maxAttempts: 1, credentials };
    return {
      serviceQuotas: new ServiceQuotasClient(settings),
      account: async () =>
        (await new STSClient(settings).send(new GetCallerIdentityCommand({}))).Account ?? 'none',
    };
  };

type Command = 'request' | 'status';

async function quotas(command: Command, standIn: StandIn, changes: Partial<QuotasRequestOptions> = {}) {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    color: false,
    variables: {},
    now: () => new Date(0),
  };
  const options = { env: 'staging', format: 'table', yes: false, snapshot, ...changes } as const;
  const run = command === 'request' ? quotasRequest : quotasStatus;
  const code = await run(options, io, { clients: clientsOf(standIn) });
  return { code, out, err };
}

const failing = async (...args: Parameters<typeof quotas>): Promise<UserError> =>
  quotas(...args).then(
    () => {
      throw new Error('it did not fail');
    },
    (error: UserError) => error,
  );

const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('quotas request', () => {
  it('shows what it would ask for and why, and touches nothing', async () => {
    const standIn = await standInWith();
    const { code, out, err } = await quotas('request', standIn);

    expect(out).toMatch(/^staging: 1 increase to ask for in us-east-1\n/);
    expect(out).toContain('(ec2/L-1216C47A): 1 →');
    expect(out).toContain('4 at average load, 4 scaled out, 8 while updating');
    expect(out).toContain('Add --yes to file');
    expect([code, err, standIn.calls]).toEqual([0, '', []]);
  });

  it('files with consent, and says so with progress on the other stream', async () => {
    const standIn = await standInWith();
    const { code, out, err } = await quotas('request', standIn, { yes: true });

    expect(out).toContain('asked (request request-1)');
    expect(out).not.toContain('--yes');
    expect(err).toContain('Asking for');
    expect(code).toBe(0);
    expect(standIn.account.requests).toHaveLength(1);
  });

  it('does not file twice when it is run twice', async () => {
    const standIn = await standInWith();
    await quotas('request', standIn, { yes: true });
    const { code, out } = await quotas('request', standIn, { yes: true });

    expect(out).toContain('asked before (request request-1)');
    expect(code).toBe(0);
    expect(standIn.account.requests).toHaveLength(1);
  });

  it('writes JSON and only JSON on standard output', async () => {
    const standIn = await standInWith();
    const { out } = await quotas('request', standIn, { yes: true, format: 'json', headroomPercent: 50 });

    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      environment: 'staging',
      region: 'us-east-1',
      filing: true,
      headroomPercent: 50,
      requests: [{ code: 'L-1216C47A', from: 1, outcome: 'filed', requestId: 'request-1', note: '' }],
      undetermined: [],
    });
  });

  it.each(['request', 'status'] as const)('keeps %s to 80 columns', async (command) => {
    const standIn = await standInWith({ denied: new Set(['RequestServiceQuotaIncrease']) });
    await quotas('request', await standInWith(), { yes: true });
    standIn.account.requests.push({
      ...VCPUS,
      id: 'a-request-id-that-nobody-would-think-is-long-enough-to-break-a-line-but-is-so-here',
      status: 'CASE_OPENED',
      desired: 8,
      created: 1_767_225_600,
      caseId: '1234567890',
    });
    const { out } = await quotas(command, standIn, { yes: true });

    expect(longest(out)).toBeLessThanOrEqual(80);
  });

  it.each([
    [1, 'the account has too many open', { maxOpen: 0 }, {}],
    [1, 'AWS knows no such quota', { quotas: [] }, {}],
    [3, 'filing is denied', { denied: new Set(['RequestServiceQuotaIncrease']) }, {}],
    [3, 'a quota could not be read', {}, { snapshot: unread }],
    [0, 'nothing is needed', {}, { env: 'dev', snapshot: 'mini-xdr-2025-11' }],
  ])('exits with %i when %s', async (code, _case, account: Partial<StandInAccount>, options) => {
    expect((await quotas('request', await standInWith(account), { yes: true, ...options })).code).toBe(code);
  });

  it('files nothing in an account whose quotas the plan does not rest on', async () => {
    const standIn = await standInWith({ account: '999999999999' });
    const { message, exitCode } = await failing('request', standIn, { yes: true });

    expect(message).toContain('holds the quotas of account 111122223333, not of 999999999999');
    expect([exitCode, standIn.account.requests]).toEqual([64, []]);
  });

  it('files nothing in another account than is expected', async () => {
    const standIn = await standInWith();
    const { message, exitCode } = await failing('request', standIn, {
      yes: true,
      expectAccount: '222222222222',
    });

    expect(message).toBe(
      'the AWS credentials are of account 111122223333, but 222222222222 is expected; choose others with --profile',
    );
    expect([exitCode, standIn.account.requests]).toEqual([64, []]);
  });

  it('files nothing when it cannot tell whose account it is', async () => {
    const standIn = await standInWith({ denied: new Set(['GetCallerIdentity']) });
    const { message, exitCode } = await failing('request', standIn, { yes: true });

    expect(message).toContain('cannot be determined (ExpiredToken)');
    expect([exitCode, standIn.account.requests]).toEqual([3, []]);
  });
});

describe('quotas status', () => {
  const filed = { ...VCPUS, id: 'one', desired: 8, created: 1_767_225_600 };

  it.each([
    [0, 'nothing was asked for', [], VCPUS],
    [0, 'it is approved and in force', [{ ...filed, status: 'APPROVED' }], { ...VCPUS, value: 8 }],
    [
      0,
      'the value applies while the case is open',
      [{ ...filed, status: 'CASE_OPENED' }],
      { ...VCPUS, value: 8 },
    ],
    [3, 'AWS has not decided', [{ ...filed, status: 'PENDING' }], VCPUS],
    [3, 'it is approved but not in force yet', [{ ...filed, status: 'APPROVED' }], VCPUS],
    [1, 'it is denied', [{ ...filed, status: 'DENIED' }], VCPUS],
    [1, 'its case was closed without effect', [{ ...filed, status: 'CASE_CLOSED' }], VCPUS],
  ] as const)('exits with %i when %s', async (code, _case, requests, vcpus) => {
    const standIn = await standInWith({ quotas: [vcpus], requests: [...requests] });
    expect((await quotas('status', standIn)).code).toBe(code);
  });

  it('says what became of each request and whether it applies', async () => {
    const requests = [{ ...filed, status: 'CASE_OPENED' as const, caseId: '4711' }];
    const standIn = await standInWith({ quotas: [{ ...VCPUS, value: 8 }], requests });
    const { out } = await quotas('status', standIn);

    expect(out).toContain('with AWS Support, in force (limit 8)');
    expect(out).toContain('request one of 2026-01-01, case 4711');
  });

  it('is JSON where that is asked for', async () => {
    const standIn = await standInWith({ requests: [{ ...filed, status: 'PENDING' }] });
    const { out } = await quotas('status', standIn, { format: 'json' });

    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      requests: [{ key: 'ec2/L-1216C47A', decision: 'pending', inForce: false, applied: 1, desired: 8 }],
    });
  });

  it('cannot tell when the history is denied, and says which action was', async () => {
    const standIn = await standInWith({ denied: new Set(['ListRequestedServiceQuotaChangeHistory']) });
    const { message, exitCode } = await failing('status', standIn);

    expect(message).toContain('servicequotas:ListRequestedServiceQuotaChangeHistory was denied');
    expect(exitCode).toBe(3);
  });
});

describe('the clients of the command line', () => {
  const VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('go where the SDK’s own settings say', async () => {
    const standIn = await standInWith();
    process.env['AWS_ENDPOINT_URL'] = standIn.endpoint;
    process.env['AWS_ACCESS_KEY_ID'] = 'key';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';

    expect(await awsQuotaClients({ region: 'us-east-1' }).account()).toBe('111122223333');
  });
});
