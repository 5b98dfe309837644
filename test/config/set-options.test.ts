import { loadEnvironment } from '../../lib/config/load-environment';
import { withSettings } from '../../lib/config/set-options';
import { EXIT, UserError } from '../../lib/util/user-error';
import { QUOTA } from '../../lib/quotas/quota-catalogue';

const prod = loadEnvironment('prod');
const QUOTAS = [
  { service: 'sagemaker', code: 'L-C1E62DF0' },
  { service: 'sagemaker', code: 'L-96300102' },
  { service: 'ec2', code: 'L-TWICE' },
  { service: 'vpc', code: 'L-TWICE' },
];
const set = (...settings: string[]) => withSettings(prod, settings, QUOTAS);

/** Every value below a group, with its path; a list is one value. */
function leavesOf(value: unknown, path = ''): (readonly [path: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

function refusal(...settings: string[]): string {
  try {
    set(...settings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(EXIT.usage);
    return error.message;
  }
  throw new Error(`${settings.join(' ')} was taken`);
}

describe('a value that is set', () => {
  it.each([
    ['a number', 'traffic.ddos.peakRps=50', (e: typeof prod) => e.traffic.ddos.peakRps, 30, 50],
    ['a fraction', 'hosting.safetyFactor=1.5', (e: typeof prod) => e.hosting.safetyFactor, 2, 1.5],
    ['true or false', 'database.multiAz=false', (e: typeof prod) => e.database.multiAz, true, false],
    [
      'a word',
      'latency.coldStarts=accepted',
      (e: typeof prod) => e.latency.coldStarts,
      'refused',
      'accepted',
    ],
    [
      'one of some numbers',
      'operations.logRetentionDays=90',
      (e: typeof prod) => e.operations.logRetentionDays,
      365,
      90,
    ],
    [
      'a text',
      'workbench.notebookInstanceType=ml.t3.large',
      (e: typeof prod) => e.workbench.notebookInstanceType,
      'ml.t3.medium',
      'ml.t3.large',
    ],
  ] as const)('is read as %s where the schema wants one', (_name, setting, at, from, to) => {
    const { environment, settings } = set(setting);
    expect(at(environment)).toBe(to);
    expect(settings).toEqual([{ path: setting.slice(0, setting.indexOf('=')), from, to }]);
  });

  it('is a list where the schema wants one, and an empty list where nothing is given', () => {
    const { environment } = set('hosting.modes=serverless, dedicated', 'network.interfaceEndpoints=');
    expect(environment.hosting.modes).toEqual(['serverless', 'dedicated']);
    expect(environment.network.interfaceEndpoints).toEqual([]);
  });

  it('leaves everything else, and the environment that was given, as it was', () => {
    const before = structuredClone(prod);
    const { environment } = set('traffic.ddos.peakRps=50');
    expect(environment).toEqual({
      ...prod,
      traffic: { ...prod.traffic, ddos: { ...prod.traffic.ddos, peakRps: 50 } },
    });
    expect(prod).toEqual(before);
  });

  it('may be optional: then an empty one takes it away, and a default comes back', () => {
    const given = set('hosting.instanceTypes=ml.m6g.large', 'hosting.moveThresholdUsd=3').environment;
    const taken = withSettings(given, ['hosting.instanceTypes=', 'hosting.moveThresholdUsd='], QUOTAS);
    expect(taken.environment.hosting).not.toHaveProperty('instanceTypes');
    expect(taken.environment.hosting.moveThresholdUsd).toBe(prod.hosting.moveThresholdUsd);
    expect(taken.settings).toContainEqual({
      path: 'hosting.instanceTypes',
      from: ['ml.m6g.large'],
      to: undefined,
    });
  });

  it('may be any value of the environment as it is, however deep', () => {
    const leaves = leavesOf(prod).filter(([path]) => path !== 'name' && !path.startsWith('limits.'));
    expect(leaves.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        'platform.workloads.maxReplicas.backend',
        'inference.fallback',
        'estimates.natGb',
      ]),
    );

    const { environment } = set(...leaves.map(([path, value]) => `${path}=${String(value)}`));
    expect(environment).toEqual(prod);
  });

  it('may fill a group that is not there, once all of the group is set', () => {
    const group = 'hosting.serverless.provisionedConcurrency';
    const { environment } = set(`${group}.accountLimit=5`, `${group}.usdPerGbSecond=0.00001`);
    expect(environment.hosting.serverless.provisionedConcurrency).toEqual({
      accountLimit: 5,
      usdPerGbSecond: 0.00001,
    });
    expect(refusal(`${group}.accountLimit=5`)).toMatch(
      /provisionedConcurrency\.usdPerGbSecond: given nothing/,
    );
  });

  it('gives the same environment in whatever order it is set', () => {
    const settings = ['traffic.ddos.peakRps=50', 'quotas.L-C1E62DF0=4', 'hosting.modes=shared'];
    expect(set(...settings.toReversed()).environment).toEqual(set(...settings).environment);
  });
});

describe('a quota that is set', () => {
  it.each(['quotas.L-C1E62DF0=4', 'quotas.sagemaker/L-C1E62DF0=4'])(
    'is a configured limit: %s',
    (setting) => {
      const { environment, settings } = set(setting);
      expect(environment.limits).toEqual({ 'sagemaker/L-C1E62DF0': { value: 4 } });
      expect(settings).toEqual([{ path: 'quotas.sagemaker/L-C1E62DF0', from: undefined, to: 4 }]);
    },
  );

  it('keeps what configuration reserves of it for others', () => {
    const given = set(`limits.${QUOTA.serverlessConcurrency}.reserved=2`).environment;
    const { environment } = withSettings(given, ['quotas.L-96300102=20'], QUOTAS);
    expect(environment.limits[QUOTA.serverlessConcurrency]).toEqual({ reserved: 2, value: 20 });
  });

  it('that nobody knows says where codes stand, and which may be meant', () => {
    expect(refusal('quotas.L-C1E62DF1=4')).toMatch(
      /quotas\.L-C1E62DF1: no such quota; did you mean quotas\.L-C1E62DF0\? .*lib\/quotas\/quota-catalogue\.json/,
    );
  });

  it('asks for the service where several have the code', () => {
    expect(refusal('quotas.L-TWICE=4')).toMatch(/write one of quotas\.ec2\/L-TWICE, quotas\.vpc\/L-TWICE/);
    expect(set('quotas.vpc/L-TWICE=4').environment.limits).toEqual({ 'vpc/L-TWICE': { value: 4 } });
  });
});

describe('what cannot be set', () => {
  it.each([
    [
      'an unknown key',
      'traffic.ddos.peekRps=5',
      /traffic\.ddos\.peekRps: unknown key; did you mean traffic\.ddos\.peakRps\? \(known here: averageRps, peakRps/,
    ],
    ['a key of every object', '__proto__.x=5', /__proto__: unknown key/],
    ['a key below a value', 'traffic.ddos.peakRps.x=5', /traffic\.ddos\.peakRps is a value and has no keys/],
    ['a whole group', 'traffic.ddos=5', /a group of averageRps, peakRps.*such as traffic\.ddos\.averageRps=/],
    ['the name', 'name=qa', /name: the environment is chosen with --env/],
    ['nothing', 'traffic.ddos.peakRps', /write path=value/],
    ['no path', '=5', /write path=value/],
    [
      'a word for a number',
      'traffic.ddos.peakRps=fast',
      /traffic\.ddos\.peakRps: given "fast"; allowed is a number/,
    ],
    ['an empty number', 'traffic.ddos.peakRps=', /traffic\.ddos\.peakRps: given ""; allowed is a number/],
    ['a hexadecimal number', 'traffic.ddos.peakRps=0x10', /given "0x10"/],
    ['another word', 'latency.coldStarts=maybe', /given "maybe"; allowed is one of accepted, refused/],
    ['yes for true', 'database.multiAz=yes', /given "yes"; allowed is true or false/],
    ['a wrong entry of a list', 'hosting.modes=shared,serverles', /hosting\.modes\[1\]: given "serverles"/],
    [
      'values that contradict',
      'traffic.ddos.averageRps=500',
      /traffic\.ddos\.averageRps: given 500; allowed is at most peakRps, which is 30/,
    ],
    ['a malformed key of a limit', 'limits.x.value=3', /limits/],
  ])('%s', (_name, setting, message) => {
    expect(refusal(setting)).toMatch(message);
  });

  it('is a path that is set twice, by whatever name, or inside another', () => {
    expect(refusal('traffic.ddos.peakRps=40', 'traffic.ddos.peakRps=50')).toMatch(/peakRps: set twice/);
    expect(refusal('quotas.L-C1E62DF0=4', 'limits.sagemaker/L-C1E62DF0.value=5')).toMatch(/set twice/);
    const group = 'hosting.serverless.provisionedConcurrency';
    expect(refusal(`${group}=`, `${group}.accountLimit=5`)).toMatch(/one is part of the other/);
  });

  it('is said all at once', () => {
    const message = refusal('trafic.ddos.peakRps=5', 'quotas.L-1=4', 'budget.monthlyUsd=-1', 'name=x');
    expect(message).toMatch(/^--set cannot be used \(4 errors\):\n/);
    for (const part of ['did you mean traffic?', 'quotas.L-1', 'budget.monthlyUsd: given -1', 'name:']) {
      expect(message).toContain(part);
    }
  });
});
