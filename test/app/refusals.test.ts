import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, buildEnvironment } from '../../lib/app';
import { environmentNames } from '../../lib/config/load-environment';
import { EXIT, UserError } from '../../lib/util/user-error';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { projectPath } from '../../lib/util/project-path';
import { QUOTA, quotaKey } from '../../lib/quotas/quota-catalogue';
import type { RecordedQuota, Snapshot } from '../../lib/quotas/snapshot-schema';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { reportOf } from '../../lib/report/report';
import { environmentWith } from '../support/stacks/infrastructure';
import { build, planOf, shippedPlan } from '../support/app/environment-app';
import { projectApp } from '../support/app/serving-app';
import { dedicated, serverless, shared, topologyOf } from '../support/app/topologies';

/** The recorded account with one quota changed. */
function snapshotWith(key: string, change: Partial<RecordedQuota>): Snapshot {
  const recorded = loadSnapshot('mini-xdr-2025-11');
  return {
    ...recorded,
    quotas: recorded.quotas.map((row) => (quotaKey(row) === key ? { ...row, ...change } : row)),
  };
}

function refusalOf(plan: DeploymentPlan): UserError {
  try {
    build(plan);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${plan.environment.name} was built although it is ${plan.verdict}`);
}

describe('an environment that does not fit', () => {
  const dev = environmentWith({ hosting: { modes: ['serverless'] } });

  it('is refused with exit code 1, by the name of the quota and what would unlock it', () => {
    const plan = planOf(dev, snapshotWith(QUOTA.serverlessConcurrency, { value: 3 }));
    const { message, exitCode } = refusalOf(plan);

    expect(exitCode).toBe(EXIT.blocked);
    expect(message).toContain('dev is blocked');
    expect(message).toContain(QUOTA.serverlessConcurrency);
    expect(message).toContain(
      'Maximum total concurrency that can be allocated across all serverless endpoints',
    );
    expect(message).toMatch(/4 needed, 3 left of 3; short by 1/);
    expect(message).toMatch(/Raise sagemaker\/L-96300102 from 3 to 4/);
  });

  it('is refused with exit code 3 where a limit could not be read: unknown is never a pass', () => {
    const plan = planOf(dev, snapshotWith(QUOTA.serverlessConcurrency, { value: null, origin: 'unknown' }));
    const { message, exitCode } = refusalOf(plan);

    expect(exitCode).toBe(EXIT.unknown);
    expect(message).toContain('dev is undecided');
    expect(message).toContain(`(${QUOTA.serverlessConcurrency}): the limit could not be determined`);
  });

  it('is refused with exit code 3 where it could not be read how much others use', () => {
    const plan = planOf(
      dev,
      snapshotWith(QUOTA.serverlessConcurrency, { usage: { value: null, by: 'unknown' } }),
    );

    expect(refusalOf(plan)).toMatchObject({
      exitCode: EXIT.unknown,
      message: expect.stringContaining('how much of 10 is in use could not be determined') as string,
    });
  });

  it('names every reason at once', () => {
    const plan = planOf(
      { ...dev, budget: { monthlyUsd: 1 } },
      snapshotWith(QUOTA.serverlessConcurrency, { value: 3 }),
    );
    const { message } = refusalOf(plan);

    expect(message).toContain(QUOTA.serverlessConcurrency);
    expect(message).toContain('above the budget of 1.00 USD');
  });

  it('builds not a single stack', () => {
    const app = projectApp();
    const plan = planOf(dev, snapshotWith(QUOTA.serverlessConcurrency, { value: 3 }));

    expect(() => buildEnvironment(app, plan, projectPath('models'))).toThrow(UserError);
    expect(app.node.children).toEqual([]);
  });
});

describe('the entry point of the app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mini-xdr-snapshot-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  /** What the process says and ends with. */
  async function run(context: Record<string, string>): Promise<{ said: string; exitCode: unknown }> {
    const said: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    await buildApp({}, { analyticsReporting: false, context }, async () => undefined);
    return { said: said.join(''), exitCode: exit.mock.calls[0]?.[0] };
  }

  function fileOf(snapshot: Snapshot): string {
    const file = join(folder, 'snapshot.json');
    writeFileSync(file, JSON.stringify(snapshot));
    return file;
  }

  it('plans on what runs where context says so, and refuses the plan of another environment', async () => {
    const current = join(folder, 'current.json');
    const report = reportOf(shippedPlan('prod'), { snapshotName: 'new-account', strict: false });
    writeFileSync(current, JSON.stringify(report));
    const { said, exitCode } = await run({ env: 'dev', current });

    expect(exitCode).toBe(EXIT.usage);
    expect(said).toContain('is of prod, but the environment is dev');
  });

  it('builds what lets GitHub Actions into an account where context names it, and no environment', async () => {
    const { said, exitCode } = await run({ delivery: '111122223333', env: 'nowhere' });

    expect(exitCode).toBe(EXIT.usage);
    expect(said).toContain('GitHub Actions deploys no environment to account 111122223333');
  });

  it.each([
    ['blocked', { value: 1 }, EXIT.blocked],
    ['undecided', { value: null }, EXIT.unknown],
  ] as const)(
    'ends %s with its own exit code and the reasons, without a stack trace',
    async (word, change, code) => {
      const snapshot = fileOf(snapshotWith(QUOTA.standardVcpus, change));
      const { said, exitCode } = await run({ env: 'dev', snapshot });

      expect(exitCode).toBe(code);
      expect(said).toContain(`dev is ${word}`);
      expect(said).toContain(QUOTA.standardVcpus);
      expect(said).not.toMatch(/^\s+at /m);
    },
  );

  it.each(['no', 'Off', 'false'])('refuses rollbackAlarms=%s and says what is allowed', async (given) => {
    const { said, exitCode } = await run({ env: 'prod', rollbackAlarms: given });

    expect(exitCode).toBe(EXIT.usage);
    expect(said).toContain(`context rollbackAlarms is "${given}"; allowed are on and off`);
    expect(said).toContain('-c rollbackAlarms=off');
  });

  it('says which environments there are when asked for another', async () => {
    expect(await run({ env: 'nowhere' })).toEqual({
      exitCode: EXIT.usage,
      said: expect.stringContaining('dev, staging, prod') as string,
    });
  });
});

describe('synthesis proves the quotas a second time, from the resources themselves', () => {
  /** A plan that claims to fit. */
  function claiming(
    topology: DeploymentPlan['topology'],
    limits: Readonly<Record<string, number>>,
  ): DeploymentPlan {
    const plan = shippedPlan('dev');
    const [row] = plan.ledger;
    if (row === undefined) throw new Error('dev draws on nothing');
    const rows = Object.entries(limits).map(([key, limit]) => {
      const [service = '', code = ''] = key.split('/');
      return { ...row, service, code, limit, usedByOthers: 0 };
    });
    const rest = plan.ledger.filter((entry) => limits[quotaKey(entry)] === undefined);
    return { ...plan, topology, ledger: [...rest, ...rows] };
  }

  it('refuses serverless concurrency above the account’s', () => {
    const topology = topologyOf([
      serverless('general', { maxConcurrency: 6 }),
      serverless('ddos', { maxConcurrency: 5 }),
    ]);
    const { app } = build(claiming(topology, { [QUOTA.serverlessConcurrency]: 10 }));

    expect(() => app.synth()).toThrow('MiniXdrSageMaker-ServerlessPool');
  });

  it('counts what others use: they have it first', () => {
    const topology = topologyOf([serverless('general', { maxConcurrency: 6 })]);
    const plan = claiming(topology, { [QUOTA.serverlessConcurrency]: 10 });
    const ledger = plan.ledger.map((row) =>
      quotaKey(row) === QUOTA.serverlessConcurrency ? { ...row, usedByOthers: 5 } : row,
    );

    expect(() => build({ ...plan, ledger }).app.synth()).toThrow('MiniXdrSageMaker-ServerlessPool');
  });

  it('refuses a fleet that may grow beyond the quota of its type', () => {
    const plan = claiming(topologyOf([dedicated('general')]), { 'sagemaker/L-614B09FD': 2 });

    expect(() => build(plan).app.synth()).toThrow('MiniXdrSageMaker-ScalingWithinQuota');
  });

  it('refuses a type whose quota nobody has counted', () => {
    const plan = claiming(topologyOf([shared(['general', 'ddos'])]), {});

    expect(() => build(plan).app.synth()).toThrow('MiniXdrSageMaker-ScalingWithinQuota');
  });
});

it('every shipped environment fits, so that the checks above have something to refuse', () => {
  expect(environmentNames().map((name) => shippedPlan(name).verdict)).toEqual(['fits', 'fits', 'fits']);
});
