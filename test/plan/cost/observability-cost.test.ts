import { CLASSES, INFERENCE_METRICS } from '../../../lambda/inference/observability/inference-metrics';
import { SPECIALISTS } from '../../../models/catalogue';
import { readSpecialistFolder } from '../../../models/contract/specialist-folder';
import { projectPath } from '../../../lib/util/project-path';
import { type PlanCase, planFor } from '../../support/plan/plan-fixtures';

const SECONDS = 730 * 3600;
const traffic = (averageRps: number, peakRps = averageRps) =>
  Object.fromEntries(SPECIALISTS.map((name) => [name, { averageRps, peakRps }]));

function lineOf(item: string, environment: PlanCase['environment'] = {}) {
  return planFor({ environment: { hosting: { modes: ['embedded'] }, ...environment } }).cost.lines.find(
    (line) => line.item === item,
  );
}

function inputsOf(item: string, environment?: PlanCase['environment']) {
  const { inputs = [] } = lineOf(item, environment) ?? {};
  return Object.fromEntries(inputs.map(({ what, expected, idle, max }) => [what, [expected, idle, max]]));
}

const metrics = (environment?: PlanCase['environment']) =>
  inputsOf('Metrics, traces, kept logs, alarms', environment)['metrics'];
const traces = (environment?: PlanCase['environment']) =>
  inputsOf('Metrics, traces, kept logs, alarms', environment)['million traces'];
const captures = (environment: PlanCase['environment']) => inputsOf('Captures and drift', environment);

describe('metrics of the inference function', () => {
  const most =
    SPECIALISTS.length * (Object.keys(INFERENCE_METRICS).length - 1) +
    Object.values(CLASSES).reduce((sum, count) => sum + count, 0);

  it('are counted with the classes that the shipped models have', () => {
    const counts = SPECIALISTS.map((name) => [
      name,
      readSpecialistFolder(projectPath('models', name)).model.classes.length,
    ]);

    expect(CLASSES).toEqual(Object.fromEntries(counts));
  });

  it('cost by the hours in which there are calls: all of them under traffic, none without', () => {
    expect(metrics({ traffic: traffic(1) })).toEqual([most, 0, most]);
    expect(metrics({ traffic: traffic(0.5 / 3600, 1) })?.[0]).toBeCloseTo(most / 2, 9);
    expect(metrics({ traffic: traffic(0, 1) })).toEqual([0, 0, most]);
  });

  it('are one more for each challenger that is asked in shadow', () => {
    const challengers = {
      ddos: { folder: 'x', share: 0, shadow: true },
      general: { folder: 'x', share: 0.5 },
    };

    expect(metrics({ traffic: traffic(1), inference: { challengers } })).toEqual([most + 1, 0, most + 1]);
  });
});

describe('traces', () => {
  it('are all calls up to one a second, and a twentieth of those beyond', () => {
    const [few, idle] = traces({ traffic: traffic(0.1, 1) }) ?? [];
    const [many, , peak] = traces({ traffic: traffic(5.25, 10.25) }) ?? [];

    expect(few).toBeCloseTo((0.4 * SECONDS) / 1e6, 9);
    expect(idle).toBe(0);
    expect(many).toBeCloseTo(((1 + 0.05 * 20) * SECONDS) / 1e6, 9);
    expect(peak).toBeCloseTo(((1 + 0.05 * 40) * SECONDS) / 1e6, 9);
  });
});

describe('captures', () => {
  const capture = { sampleRate: 0.1, retentionDays: 30 };

  it('cost nothing and stand nowhere where nothing is captured', () => {
    expect(lineOf('Captures and drift')).toBeUndefined();
  });

  it('are a share of the requests, kept for their days and the one in which they expire', () => {
    const found = captures({ traffic: traffic(1, 2), inference: { capture } });
    const a = (0.1 * 4 * SECONDS) / 1e6;

    expect(found['million captures']).toEqual([expect.closeTo(a, 9), 0, expect.closeTo(2 * a, 9)]);
    const gb = (a * 1e6 * 0.75 * 31) / (730 / 24) / 1024 ** 2;
    expect(found['GB of captures']).toEqual([expect.closeTo(gb, 9), 0, expect.closeTo(200 * gb, 6)]);
  });

  it('bring the daily look at them, with its metrics for an hour a day and an alarm for each specialist', () => {
    const found = captures({ inference: { capture } });

    expect(found['alarms']).toEqual([5, 5, 5]);
    expect(found['metrics, one hour of each day']?.[0]).toBeCloseTo((5 * 4) / 24, 9);
    expect(found['GB-seconds of the drift Lambda']?.[0]).toBeCloseTo((730 / 24) * 240, 6);
  });
});
