import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { planEnvironment } from '../../../lib/plan/load-plan';
import { UserError } from '../../../lib/util/user-error';
import { askThroughUrl } from '../../../lib/client/function-url-client';
import type { PredictedFlow, PredictionDocument } from '../../../lib/client/predict-flows';
import { signableUrl, signer } from '../../../lib/client/request-signer';
import { projectPath } from '../../../lib/util/project-path';
import { readExpectedModels } from '../../../lib/verify/expected-models';
import { against } from '../../support/aws/collect';
import type { StandInBehaviour } from '../../support/aws/aws-stand-in';
import { xdr as commandLine } from '../../support/command-line';
import { deployedAccount, deployedHandlers } from '../../support/deployed/deployed-account';
import {
  type FunctionUrl,
  type FunctionUrlBehaviour,
  startFunctionUrl,
} from '../../support/aws/function-url-stand-in';
import { steadyTime } from '../../support/jest/steady-time';
import { QUICK_WASM } from '../../support/models/quick-wasm';

steadyTime();

const folder = mkdtempSync(join(tmpdir(), 'predict-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dev = planEnvironment('dev', {});
const tree = readExpectedModels(dev.environment, { models: projectPath('models'), root: projectPath() });
const { features, vectors } = tree.general.golden;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const record = (row: readonly number[]) =>
  Object.fromEntries(features.map((name, at) => [name, row[at] ?? Number.NaN]));

const BY_POSITION = file('rows.jsonl', vectors.map(({ row }) => JSON.stringify(row)).join('\n'));
const LABELLED = file(
  'records.jsonl',
  vectors.map(({ row, expected }) => JSON.stringify({ ...record(row), Label: expected.class })).join('\n\n'),
);

const xdr = (...args: readonly string[]) => commandLine(['predict', ...args]);

interface Situation {
  readonly url?: FunctionUrlBehaviour;
  readonly aws?: StandInBehaviour;
  readonly deployed?: boolean;
}

/** Runs predict against a deployed function. */
async function remote(args: readonly string[], { url, aws, deployed = true }: Situation = {}) {
  const door = await startFunctionUrl(url);
  const account = deployedAccount(dev.plan, tree, door.url);
  if (!deployed) delete account.stacks['mini-xdr-dev-Serving'];
  const handlers = deployedHandlers(account);
  try {
    const answer = await against({ ...aws, handlers: { ...handlers, ...aws?.handlers } }, () => xdr(...args));
    return { ...answer, door };
  } finally {
    await door.close();
  }
}

const documentOf = ({ out }: { out: string }) => JSON.parse(out) as PredictionDocument;
const labels = (answers: readonly PredictedFlow[]) => answers.map(({ label }) => label);

describe('xdr predict, on the deployed function', () => {
  it('sends signed rows and shows the answers in order, with the label that is never sent beside them', async () => {
    const answer = await remote(['--file', LABELLED, '--format', 'json']);
    const { answers, source, failure } = documentOf(answer);

    expect(answer.code).toBe(0);
    expect({ source, failure }).toEqual({ source: 'function-url', failure: null });
    expect(answer.door.refused()).toBe(0);
    expect(labels(answers)).toEqual(vectors.map(({ expected }) => expected.class));
    expect(answers.map(({ expected }) => expected)).toEqual(labels(answers));
    expect(answers.map(({ row }) => row)).toEqual(vectors.map((_, at) => at + 1));
    expect(JSON.stringify(answer.door.invocations)).not.toMatch(/label/i);
    expect(answer.err.replaceAll('\n', ' ')).toContain('14 of 14 have the label');
  });

  it('asks whoever it is told to', async () => {
    const specialist = await remote(['--file', BY_POSITION, '--specialist', 'brute_force']);
    const threat = await remote(['--file', BY_POSITION, '--threat-type', 'xss']);

    expect(specialist.door.invocations.map((asked) => asked.specialist)).toEqual(['brute_force']);
    expect(threat.door.invocations.map((asked) => asked.threatType)).toEqual(['xss']);
    expect(specialist.err).toContain('bruteforce 2.0.0 (reference)');
  });

  it('splits what is too much for one request, and keeps the order', async () => {
    const [first, second] = vectors.filter(
      ({ expected }, at) => at === 1 || expected.class === 'Malware/Botnet',
    );
    const rows = Array.from({ length: 5_003 }, (_, at) => (at === 5_001 ? second : first)?.row);
    const path = file('many.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const answer = await remote(['--file', path, '--format', 'jsonl']);
    const lines = answer.out.trimEnd().split('\n');

    expect(answer.door.invocations.map(({ instances }) => instances?.length)).toEqual([5_000, 3]);
    expect(lines).toHaveLength(5_003);
    expect((JSON.parse(lines[5_001] ?? '') as PredictedFlow).label).toBe('Malware/Botnet');
    expect((JSON.parse(lines[5_001] ?? '') as PredictedFlow).row).toBe(5_002);
  });

  it('comes back as long after as it is told to', async () => {
    const answer = await remote(['--file', BY_POSITION], {
      url: {
        instead: (_, nth) =>
          [{ status: 429 }, { status: 503 }].map((one) => ({ ...one, headers: { 'retry-after': '0' } }))[nth],
      },
    });
    expect(answer.code).toBe(0);
    expect(answer.door.invocations).toHaveLength(3);
  });

  it('gives up at the deadline on what keeps being busy', async () => {
    const busy = { status: 503, headers: { 'retry-after': '0.05' } };
    const answer = await remote(['--file', BY_POSITION, '--deadline', '0.5'], {
      url: { instead: () => busy },
    });

    expect(answer.code).toBe(3);
    expect(answer.out).toBe('');
    expect(answer.err).toContain('kept answering 503 in the time there was');
  });

  it('says which row and feature the service refuses, in the file’s own count, and keeps what was answered', async () => {
    const rows = Array.from({ length: 5_002 }, () => vectors[0]?.row);
    const path = file('one-bad.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const error = {
      status: 400,
      code: 'invalid_request',
      message: '1 problem in "instances"',
      details: [{ row: 1, feature: 'Flow Duration', message: 'is missing' }],
      requestId: 'r',
    };
    const answer = await remote(['--file', path, '--format', 'json'], {
      url: { instead: (_, nth) => (nth === 1 ? { status: 400, body: { error } } : undefined) },
    });
    expect(answer.code).toBe(1);
    expect(answer.err).toContain('after row 5000 (400 invalid_request)');
    expect(answer.err).toContain('row 5002, Flow Duration: is missing');
    expect(documentOf(answer).answers).toHaveLength(5_000);
  });

  it.each<[string, Situation, RegExp]>([
    ['it is not deployed', { deployed: false }, /dev has no inference Lambda .*npx cdk deploy/],
    [
      'the function may not be looked up',
      { aws: { denied: ['lambda:GetFunctionUrlConfig'] } },
      /lambda:GetFunctionUrlConfig was denied; allow it/,
    ],
    ['AWS takes no credentials', { aws: { refuseAll: 'ExpiredToken' } }, /ExpiredToken.*sign in again/],
    [
      'the function may not be called',
      { url: { instead: () => ({ status: 403 }) } },
      /allow lambda:InvokeFunctionUrl and lambda:InvokeFunction/,
    ],
    ['the function fails', { url: { instead: () => ({ status: 502 }) } }, /the service answered 502/],
    [
      'the answer is none',
      { url: { instead: () => ({ status: 200, body: { hello: 1 } }) } },
      /something that is no answer/,
    ],
  ])('exits 3 when %s', async (_, situation, message) => {
    const { code, out, err } = await remote(['--file', BY_POSITION], situation);

    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(message);
  });
});

describe('a signature', () => {
  it.each(['http://example.com/', 'http://127.0.0.1.example.com/', 'ftp://example.com/', 'nonsense'])(
    'is not made for %s',
    (address) => {
      expect(() => signableUrl(address)).toThrow(UserError);
    },
  );

  it('of another secret is refused', async () => {
    const door: FunctionUrl = await startFunctionUrl();
    const sign = signer('us-east-1', async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'other' }));
    const ask = askThroughUrl(door.url, sign, { signal: AbortSignal.timeout(2_000) });
    const asked = await ask({ body: '{}', rows: 1 });
    await door.close();

    expect(asked.kind).toBe('unanswered');
    expect(door.refused()).toBe(1);
  });

  it('is not carried to where a redirect leads', async () => {
    const elsewhere = await startFunctionUrl();
    const answer = await remote(['--file', BY_POSITION], {
      url: { instead: () => ({ status: 307, headers: { location: elsewhere.url } }) },
    });
    await elsewhere.close();

    expect(answer.code).toBe(3);
    expect(elsewhere.invocations).toEqual([]);
    expect(elsewhere.refused()).toBe(0);
  });
});

/** ONNX Runtime does not run inside jest; and so standard input is one, too. */
async function child(input: string, ...args: readonly string[]) {
  const running = spawn(
    process.execPath,
    [...QUICK_WASM, '--import', 'tsx', projectPath('bin/xdr.ts'), 'predict', ...args],
    {
      cwd: projectPath(),
    },
  );
  running.stdin.end(input);
  const closed = once(running, 'close');
  const [out, err] = await Promise.all([textOf(running.stdout), textOf(running.stderr)]);
  const [code] = (await closed) as [number];
  return { code, out, err };
}

describe('xdr predict --local', () => {
  it('has the function’s own code answer, on at most 80 columns', async () => {
    const { code, out, err } = await child(readFileSync(LABELLED, 'utf8'), '--local', '--file', '-');

    expect(code).toBe(0);
    for (const line of `${out}${err}`.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toMatch(/Brute Force\s+Brute Force\s+0\.\d{3}\s+attack\s+yes\s+bruteforce embedded/);
    expect(err.replaceAll('\n', ' ')).toContain('14 of 14 have the label');
  });

  it('passes on why the service refuses flows', async () => {
    const path = file('short.jsonl', `${JSON.stringify(vectors[0]?.row)}\n[1,2]\n`);
    const { code, out, err } = await xdr('--local', '--file', path);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('row 2: must have 78 values, but has 2');
  });
});

describe('a file that predict cannot use', () => {
  it.each([
    ['is not there', undefined, /cannot be read \(ENOENT\)/],
    ['is empty', '', /no header of feature names|no flows/],
    ['has a line that is no JSON', '[1]\n{nonsense\n', /line 2 is not JSON/],
    [
      'mixes arrays and objects',
      '[1]\n{"a":1}\n',
      /row 2 is not like the others|row 1 is not like the others/,
    ],
    ['has both kinds of rows', '{"instances":[[1]],"records":[{"a":1}]}', /both "instances" and "records"/],
    ['has other fields', '{"instances":[[1]],"specialist":"ddos"}', /has "specialist" beside its rows/],
    ['is CSV without a header', '1,2,3\n4,5,6\n', /no header of feature names/],
    ['is CSV with a text', 'a,b,Label\n1,2,BENIGN\n1,Infinity,Bot\n', /row 2, b: given "Infinity"/],
    ['is CSV with a gap', 'a,b\n1,\n', /row 1, b: given ""/],
  ])('%s: exit 64', async (_, content, message) => {
    const path = content === undefined ? join(folder, 'nowhere') : file('wrong', content);
    const { code, out, err } = await xdr('--local', '--file', path);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toMatch(message);
  });

  it.each([
    [['--file', BY_POSITION, '--models', 'models'], /only with --local/],
    [['--file', BY_POSITION, '--specialist', 'ddos', '--threat-type', 'dos'], /cannot be used with/],
    [['--file', BY_POSITION, '--env', 'nowhere'], /no environment "nowhere"/],
    [['--file', BY_POSITION, '--local', '--models', 'nowhere'], /is no folder/],
    [[], /required option '--file/],
  ])('nor can it use %j', async (args, message) => {
    const { code, err } = await xdr(...args);

    expect(code).toBe(64);
    expect(err).toMatch(message);
  });
});
