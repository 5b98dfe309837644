import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT_ACTIONS } from '../../lib/account/account-reading';
import { accountPolicy, preflightPolicy } from '../../lib/account/account-policy';
import type { Terminal } from '../../lib/cli/terminal';
import { type PreflightOptions, preflight } from '../../lib/cli/commands/preflight-command';
import { run } from '../../lib/cli/program';
import { loadEnvironment } from '../../lib/config/load-environment';
import type { Environment } from '../../lib/config/environment';
import { UserError } from '../../lib/util/user-error';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { type Report, reportSchema } from '../../lib/report/schema';
import { emptyAccount, newAccount } from '../support/aws/account';
import { against } from '../support/aws/collect';
import { AwsRefusal } from '../support/aws/protocol';
import type { StandIn, StandInBehaviour } from '../support/aws/aws-stand-in';
import { steadyTime } from '../support/jest/steady-time';

steadyTime();

const PROD = { env: 'prod', format: 'json', color: false, strict: false } as const;

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly standIn: StandIn;
  readonly report: () => Report;
}

/** Runs the pre-flight against a stand-in for AWS that nothing has to be paced for. */
async function live(options: Partial<PreflightOptions>, behaviour: StandInBehaviour = {}): Promise<Answer> {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Terminal = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    color: false,
    variables: {},
    now: () => new Date('2026-11-21T12:00:00Z'),
  };
  return against(behaviour, async (standIn) => {
    const code = await preflight({ ...PROD, live: true, pace: 100, ...options }, io).catch(
      (error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        err.push(error.message);
        return error.exitCode;
      },
    );
    const text = out.join('');
    return {
      code,
      out: text,
      err: err.join(''),
      standIn,
      report: () => reportSchema.parse(JSON.parse(text)),
    };
  });
}

const { account } = newAccount();

describe('preflight --live', () => {
  it('plans on what the account answers, with data on stdout and progress on stderr', async () => {
    const answer = await live({});
    const report = answer.report();

    expect(report.account).toBe(account);
    expect(report.snapshot.name).toContain('live');
    expect(answer.code).toBe(report.exitCode);
    expect(answer.err).toContain('requests');
    expect(answer.standIn.actions.length).toBeLessThanOrEqual(50);
  });

  it('records a snapshot that plans the same offline', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mini-xdr-live-')), 'recorded.json');
    const recorded = await live({ record: file });
    const same = await live({ againstSnapshot: true, snapshot: file });

    expect(loadSnapshot(file).account).toBe(account);
    expect(readFileSync(file, 'utf8')).toContain('"takenAt": "2026-11-21T12:00:00.000Z"');
    expect(same.report().findings.map(({ id }) => id)).not.toContain('snapshot-drift');
    expect(same.code).toBe(recorded.code);
  });

  it('is stopped by a recorded snapshot that no longer gives the same plan', async () => {
    const drifted = await live({ againstSnapshot: true, snapshot: 'mini-xdr-2025-11' });

    expect(drifted.code).toBe(1);
    expect(drifted.report().findings.map(({ id }) => id)).toContain('snapshot-drift');
  });

  it('reads nothing of an account that is not the expected one', async () => {
    const { code, out, err, standIn } = await live({ expectAccount: '999999999999' });

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain('999999999999');
    expect(standIn.actions).toEqual(['sts:GetCallerIdentity']);
  });

  it('names the IAM action that was missing, and calls what it could not read unknown', async () => {
    const answer = await live(
      {},
      {
        denied: ['servicequotas:GetServiceQuota', 'servicequotas:ListServiceQuotas'],
      },
    );
    const errors = answer.report().findings.filter(({ severity }) => severity === 'error');

    expect(answer.code).toBe(3);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(({ title }) => title).join()).toContain('servicequotas:GetServiceQuota');
    expect(errors.map(({ remedy }) => remedy).join()).toContain('Allow servicequotas:');
  });

  it('asks for the permission to list keys, or for the usage by hand', async () => {
    const answer = await live({}, { denied: ['kms:ListKeys'] });
    const found = answer.report().findings.find(({ id }) => id === 'usage-unknown');

    expect(answer.code).toBe(3);
    expect(found?.remedy).toMatch(/^Allow kms:ListKeys \(.+ set limits\["kms\/L-C2F1777E"\]\.usage /);
  });

  it('says so when it cannot tell whether the account is bootstrapped for CDK', async () => {
    const answer = await live({}, { denied: ['ssm:GetParameter'] });

    expect(answer.report().findings.map(({ id, facts }) => [id, facts['action']])).toContainEqual([
      'account-fact-unknown',
      'ssm:GetParameter',
    ]);
  });

  it('says that an environment as shipped fits an account in which there is nothing yet', async () => {
    const none = () => {
      throw new AwsRefusal('NoSuchEntity', 'There is no such role.', 404);
    };
    const { code, report, err } = await live(
      {},
      { account: emptyAccount(), handlers: { 'iam:GetRole': none } },
    );

    expect([code, report().verdict]).toEqual([0, 'fits']);
    expect(report().quotas.filter(({ usedByOthers }) => usedByOthers !== 0)).toEqual([]);
    expect(err).not.toContain('denied');
  });

  it('takes only calls that the printed policy allows', async () => {
    const { standIn } = await live({ env: 'dev' });
    const { out } = await live({ env: 'dev', printPolicy: true });
    const policy = JSON.parse(out) as { Statement: { Action: string[] }[] };
    const allowed = new Set(policy.Statement.flatMap(({ Action }) => Action));
    const needless = new Set(['sts:GetCallerIdentity']);

    expect(standIn.actions.filter((action) => !allowed.has(action) && !needless.has(action))).toEqual([]);
  });

  it('has flags that make no sense without it', async () => {
    const err: string[] = [];
    const code = await run(['preflight', '--record', 'x', '--profile', 'y'], {
      out: () => undefined,
      err: (text) => err.push(text),
      color: false,
      variables: {},
      now: () => new Date(0),
    });

    expect(code).toBe(64);
    expect(err.join('')).toContain('--record, --profile only with --live');
  });
});

describe('the policy for the account beside its quotas', () => {
  it('allows what reading it takes without images and certificate, and seeing which environments are deployed', () => {
    const actions = accountPolicy(loadEnvironment('prod')).flatMap(({ Action }) => Action);

    expect([...new Set(actions)].sort()).toEqual(
      [
        ...ACCOUNT_ACTIONS.filter((action) => !/^(ecr|acm):/.test(action)),
        'cloudformation:DescribeStacks',
      ].sort(),
    );
  });

  it('allows to look up, of all roles of people, the one that administers the cluster', () => {
    const name = 'cluster-administrator';
    const { platform: shipped, ...others } = loadEnvironment('prod');
    const platform = { ...shipped, adminPrincipal: `role/${name}` };
    const roles = (environment: Environment) =>
      accountPolicy(environment)
        .filter(({ Action }) => Action.includes('iam:GetRole'))
        .flatMap(({ Resource }) => Resource);
    const linked = 'arn:*:iam::*:role/aws-service-role/*';

    expect(roles({ ...others, platform })).toEqual([
      linked,
      `arn:*:iam::*:role/${name}`,
      `arn:*:iam::*:role/*/${name}`,
    ]);
    expect(roles({ ...others, platform: { ...platform, enabled: false } })).toEqual([linked]);
    expect(roles({ ...others, platform: shipped })).toEqual([linked]);
  });

  it('names the account and the region where they are known', () => {
    const environment = { ...loadEnvironment('prod'), account: '123456789012' };
    const resources = preflightPolicy(environment, 'aws').Statement.flatMap(({ Resource }) => Resource);

    expect(
      resources.filter((resource) => !/^(\*$|arn:aws:\w+:(us-east-1)?:123456789012:)/.test(resource)),
    ).toEqual([]);
  });
});
