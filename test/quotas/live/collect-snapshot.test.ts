import { loadEnvironment } from '../../../lib/config/load-environment';
import { EXIT, UserError } from '../../../lib/util/user-error';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { parseSnapshot } from '../../../lib/quotas/snapshot';
import { NOW, against, collected, optionsFor, smallEnvironment } from '../../support/aws/collect';
import { collectSnapshot } from '../../../lib/quotas/live/collect-snapshot';
import { startStandIn, useStandIn } from '../../support/aws/aws-stand-in';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime(4);

async function failureOf(run: Promise<unknown>): Promise<UserError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('a live reading', () => {
  it.each(['dev', 'staging', 'prod'])('of %s keeps to 40 calls, 18 to Service Quotas', async (name) => {
    const { calls, actions } = await collected({}, loadEnvironment(name));
    expect(calls).toBe(actions.length);
    expect(calls).toBeLessThanOrEqual(40);
    expect(actions.filter((action) => action.startsWith('servicequotas:')).length).toBeLessThanOrEqual(18);
  });

  it('at the usual rates misses nothing where Service Quotas throttles above five calls a second', async () => {
    const { snapshot } = await collected({ quotaCallsPerSecond: 5, latencyMs: 80 }, loadEnvironment('prod'), {
      pace: 1,
    });
    expect(snapshot.quotas.filter(({ missing }) => missing !== undefined)).toEqual([]);
  });

  it('is a snapshot that the planner can rest on', async () => {
    const { snapshot, denied } = await collected({});
    expect(parseSnapshot('live', snapshot)).toEqual(snapshot);
    expect(snapshot).toMatchObject({ account: '123456789012', takenAt: NOW.toISOString() });
    expect(snapshot.quotas.filter(({ missing }) => missing !== undefined)).toEqual([]);
    expect(denied).toEqual([]);
  });

  it('tells how far it is', async () => {
    const lines: string[] = [];
    const { snapshot } = await collected({}, undefined, { progress: (text) => lines.push(text) });
    expect(lines[0]).toBe(`reading ${snapshot.quotas.length} quotas of 123456789012 in us-east-1\n`);
    expect(lines.at(-1)).toContain(`read ${snapshot.quotas.length} of ${snapshot.quotas.length} quotas`);
  });
});

describe('what may not be read', () => {
  it('as a limit is unknown, with the action that was missing', async () => {
    const { resolved, denied, row } = await collected({ denied: ['servicequotas:GetServiceQuota'] });
    expect(row(QUOTA.serverlessConcurrency)).toMatchObject({ value: null, origin: 'unknown' });
    expect(resolved(QUOTA.serverlessConcurrency)).toMatchObject({
      limit: undefined,
      usedByOthers: 0,
      missing: 'servicequotas:GetServiceQuota',
    });
    expect(denied).toContainEqual({
      quota: QUOTA.serverlessConcurrency,
      action: 'servicequotas:GetServiceQuota',
    });
  });

  it.each([
    ['ec2:DescribeVpcs', QUOTA.vpcs],
    ['rds:DescribeAccountAttributes', QUOTA.dbInstances],
    ['sagemaker:ListEndpoints', QUOTA.endpointInstances],
    ['kms:ListKeys', QUOTA.kmsKeys],
    ['lambda:GetAccountSettings', QUOTA.lambdaConcurrency],
    ['application-autoscaling:DescribeScalableTargets', QUOTA.scalableTargets],
  ])('as usage (%s) is unknown and never 0', async (action, key) => {
    const { row, denied } = await collected({ denied: [action] });
    expect(row(key)).toMatchObject({ usage: { value: null, by: 'unknown' }, missing: action });
    expect(denied).toContainEqual({ quota: key, action });
  });

  it('because it is throttled for ever is unknown within the deadline, and everything else is there', async () => {
    const started = performance.now();
    const { row } = await collected({ quotaCallsPerSecond: 0 }, smallEnvironment(), { deadlineMs: 3_000 });
    expect(performance.now() - started).toBeLessThan(3_500);
    expect(row(QUOTA.serverlessConcurrency)).toMatchObject({ origin: 'unknown', missing: 'throttled' });
    expect(row(QUOTA.dbInstances)).toMatchObject({ value: 40, origin: 'applied' });
  });

  it('because nobody answers is unknown within the deadline', async () => {
    const { row } = await collected({ silent: 'sagemaker' }, smallEnvironment(), { deadlineMs: 3_000 });
    expect(row(QUOTA.endpointInstances)).toMatchObject({
      value: 4,
      usage: { value: null, by: 'unknown' },
      missing: 'deadline',
    });
    expect(row(QUOTA.vpcs).usage.value).toBe(1);
  });

  it('at first because of throttling is read in the end', async () => {
    const { row, throttled, snapshot } = await collected({ quotaCallsPerSecond: 4 }, smallEnvironment(), {
      random: () => 0.9,
    });
    expect(row(QUOTA.serverlessConcurrency)).toMatchObject({ value: 10, origin: 'applied' });
    expect(snapshot.quotas.filter(({ missing }) => missing !== undefined)).toEqual([]);
    expect(throttled).toBeGreaterThan(0);
  });
});

describe('credentials', () => {
  it('of another account stop the check before anything else is read', async () => {
    await against({}, async ({ actions }) => {
      const options = optionsFor(smallEnvironment(), { expectAccount: '999999999999' });
      const { message, exitCode } = await failureOf(collectSnapshot(options));
      expect(message).toContain('123456789012');
      expect(message).toContain('999999999999');
      expect(exitCode).toBe(EXIT.usage);
      expect(actions).toEqual(['sts:GetCallerIdentity']);
    });
  });

  it('of the expected account are used', async () => {
    const { snapshot } = await collected({}, undefined, { expectAccount: '123456789012' });
    expect(snapshot.account).toBe('123456789012');
  });

  it.each([
    ['ExpiredToken', /sign in again/],
    ['InvalidClientTokenId', /sign in again/],
    ['RequestTimeTooSkewed', /clock/],
    ['SignatureDoesNotMatch', /clock/],
    ['RequestExpired', /clock/],
  ])('that AWS refuses with %s are explained with a remedy and no secret', async (refuseAll, remedy) => {
    const { message, exitCode } = await failureOf(collected({ refuseAll }));
    expect(message).toMatch(remedy);
    expect(message).not.toContain('not-a-secret');
    expect(message).not.toContain('AKIDEXAMPLE');
    expect(exitCode).toBe(EXIT.usage);
  });

  it('that do not exist are explained with a remedy', async () => {
    const standIn = await startStandIn();
    const restore = useStandIn(standIn);
    delete process.env['AWS_ACCESS_KEY_ID'];
    try {
      const { message } = await failureOf(collectSnapshot(optionsFor(smallEnvironment())));
      expect(message).toMatch(/sign in again/);
    } finally {
      restore();
      await standIn.close();
    }
  });

  it('that nobody can be asked about leave the account undetermined', async () => {
    const { exitCode, message } = await failureOf(
      collected({ silent: 'sts' }, undefined, { deadlineMs: 300 }),
    );
    expect(exitCode).toBe(EXIT.unknown);
    expect(message).toContain('deadline');
  });
});
