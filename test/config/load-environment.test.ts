import type { EnvironmentInput } from '../../lib/config/environment-input';
import {
  environmentNames,
  loadEnvironment,
  parseEnvironment,
  resolveTarget,
} from '../../lib/config/load-environment';
import { UserError } from '../../lib/util/user-error';
import { MODELS_ONLY, type Patch, environmentWith, patched } from '../support/plan/plan-fixtures';

/** The error lines of a configuration, without their bullets. */
function complaints(input: unknown): string[] {
  try {
    parseEnvironment('environment test', input);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace('  - ', ''));
  }
  return [];
}

const broken = (patch: object) => complaints(patched(MODELS_ONLY, patch as Patch<EnvironmentInput>));

describe('a configuration error', () => {
  it.each([
    [
      'an unknown key',
      { nope: 1 },
      /^nope: unknown key; known here: name, account, region, accountPlan, snapshot, traffic/,
    ],
    [
      'an unknown key further in',
      { traffic: { ddos: { rps: 1 } } },
      /^traffic\.ddos\.rps: unknown key; known here: averageRps, peakRps, peakHoursPerDay$/,
    ],
    [
      'a value of another type',
      { budget: { monthlyUsd: 'much' } },
      /^budget\.monthlyUsd: given "much"; allowed is a number$/,
    ],
    ['a number that is none', { budget: { monthlyUsd: Number.NaN } }, /: given NaN; allowed is a number$/],
    [
      'a fraction',
      { availability: { minInstances: 1.5 } },
      /^availability\.minInstances: given 1\.5; allowed is a whole number$/,
    ],
    [
      'a word for a switch',
      { availability: { autoscaling: 'yes' } },
      /^availability\.autoscaling: given "yes"; allowed is true or false$/,
    ],
    [
      'a value below its bound',
      { budget: { monthlyUsd: 0 } },
      /^budget\.monthlyUsd: given 0; allowed is a number of more than 0$/,
    ],
    [
      'a value above its bound',
      { hosting: { serverless: { burstConcurrency: 201 } } },
      /^hosting\.serverless\.burstConcurrency: given 201; allowed is a number of at most 200$/,
    ],
    [
      'a word that is no choice',
      { latency: { coldStarts: 'maybe' } },
      /^latency\.coldStarts: given "maybe"; allowed is one of accepted, refused$/,
    ],
    [
      'an entry that is no choice',
      { hosting: { modes: ['serverless', 'lambda'] } },
      /^hosting\.modes\[1\]: given "lambda"; allowed is one of serverless, dedicated, shared, embedded$/,
    ],
    [
      'too few entries',
      { network: { zones: ['a'] } },
      /^network\.zones: given \["a"\]; allowed is at least 2 entries$/,
    ],
    [
      'an empty list',
      { hosting: { modes: [] } },
      /^hosting\.modes: given \[\]; allowed is at least 1 entry$/,
    ],
    [
      'a choice of several kinds',
      { operations: { logRetentionDays: 31 } },
      /^operations\.logRetentionDays: given 31; allowed is one of 30, 90, 180, 365, 731$/,
    ],
    ['a text that keeps to no pattern', { account: '12' }, /^account: given "12"; allowed is 12 digits$/],
    [
      'a part in place of a group',
      { database: [] },
      /^database: given \[\]; allowed is a group of enabled, instanceType, storageGb, maxStorageGb, multiAz/,
    ],
    [
      'a group that is missing',
      { latency: undefined },
      /^latency: given nothing; allowed is a group of p95Ms, coldStarts$/,
    ],
    [
      'a key of a record',
      { limits: { concurrency: { value: 3 } } },
      /^limits\.concurrency: given "concurrency"; allowed is a key that is service\/code, such as sagemaker\/L-96300102$/,
    ],
    [
      'an unknown key in a record',
      { limits: { 'ec2/L-1216C47A': { valu: 3 } } },
      /^limits\["ec2\/L-1216C47A"\]\.valu: unknown key; known here: value, usage, reserved$/,
    ],
    [
      'a value in a record',
      { limits: { 'ec2/L-1216C47A': { reserved: -1 } } },
      /^limits\["ec2\/L-1216C47A"\]\.reserved: given -1; allowed is a number of at least 0$/,
    ],
    [
      'an e-mail address',
      { operations: { alarmEmail: 'on-call' } },
      /^operations\.alarmEmail: given "on-call"; allowed is an e-mail address$/,
    ],
    [
      'an average above its peak',
      { traffic: { general: { averageRps: 3 } } },
      /^traffic\.general\.averageRps: given 3; allowed is at most peakRps, which is 2$/,
    ],
    [
      'more NAT gateways than zones',
      { network: { natGateways: 3 } },
      /^network\.natGateways: given 3; allowed is at most one a zone; there are 2 zones$/,
    ],
    [
      'a zone twice',
      { network: { zones: ['a', 'a'] } },
      /^network\.zones: given \["a","a"\]; allowed is each zone once$/,
    ],
  ])('names key, value given and what is allowed: %s', (_name, patch, expected) => {
    const lines = broken(patch);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(expected);
  });

  it('does not hide another one, whether of shape or between keys', () => {
    const lines = broken({
      name: 'NOT ALLOWED',
      typo: true,
      traffic: { general: { averageRps: 9 }, ddos: { peakRps: 'many' } },
      network: { natGateways: 3, cidr: 'somewhere' },
      operations: { logRetentionDays: 1 },
    });
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'name',
      'traffic.general.averageRps',
      'traffic.ddos.peakRps',
      'network.cidr',
      'network.natGateways',
      'operations.logRetentionDays',
      'typo',
    ]);
  });

  it.each([[null], ['dev'], [[]]])('is told when the whole is no configuration: %j', (input) => {
    expect(complaints(input)).toEqual([
      expect.stringMatching(/^\(the whole\): given .+; allowed is a group of name, /),
    ]);
  });

  it('says how many there are and in which environment', () => {
    expect(() =>
      parseEnvironment('environment qa', patched(MODELS_ONLY, { name: 'Q', region: 'here' })),
    ).toThrow(/^environment qa is not valid \(2 errors\):\n/);
  });
});

describe('the environments', () => {
  it('are dev, staging and prod, all valid and named as they are called', () => {
    expect(environmentNames()).toEqual(['dev', 'staging', 'prod']);
    for (const name of environmentNames()) expect(loadEnvironment(name).name).toBe(name);
  });

  it.each(['qa', 'DEV', '', 'toString', '__proto__'])(
    'that do not exist are answered with those that do: %j',
    (name) => {
      expect(() => loadEnvironment(name)).toThrow(
        `there is no environment "${name}"; there are: dev, staging, prod`,
      );
    },
  );
});

describe('the target of an environment', () => {
  const here = environmentWith({ account: '111122223333', region: 'eu-west-1' });
  const anywhere = environmentWith({ region: undefined });

  it('is what the environment says, whatever the CDK environment says', () => {
    expect(resolveTarget(here, { account: '999999999999', region: 'us-west-2' })).toEqual({
      account: '111122223333',
      region: 'eu-west-1',
    });
  });

  it('falls back to the CDK environment', () => {
    expect(resolveTarget(anywhere, { account: '999999999999', region: 'us-west-2' })).toEqual({
      account: '999999999999',
      region: 'us-west-2',
    });
  });

  it('needs no account', () => {
    expect(resolveTarget(anywhere, { region: 'us-west-2' })).toEqual({ region: 'us-west-2' });
    expect(resolveTarget(anywhere, { account: '', region: 'us-west-2' })).toEqual({ region: 'us-west-2' });
  });

  it.each([[{}], [{ region: '' }]])('needs a region, from either: %j', (cdk) => {
    expect(() => resolveTarget(anywhere, cdk)).toThrow(/environment test names no region .*set "region"/);
  });
});
