import { DRIFT_METRICS } from '../../../lambda/drift/drift-metrics';
import { MOST_ROWS } from '../../../lambda/inference/capture/capture-format';
import { metricCount } from '../../../lambda/inference/observability/inference-metrics';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import { callLogGb, keptGb } from './log-retention';
import { secondsPerMonth } from './serving-cost';

/** Memory of the drift Lambda, in MB. */
export const DRIFT_MEMORY_MB = 1024;

/** Seconds that a run of the drift Lambda takes: two days of all specialists, at its cap of captures. Rather too long. */
const DRIFT_SECONDS = 240;

/**
 * How X-Ray samples unless told otherwise: the first request of every second, and a share of those beyond (AWS:
 * Configuring sampling rules).
 */
const SAMPLED = { firstRps: 1, shareBeyond: 0.05 } as const;

/** Size of a captured row of some eighty numbers with what was said about it, in KB. */
const ROW_KB = 0.75;

/** Rows of a request. The plan knows requests only; at the maximum they all hold as many as are kept of one. */
const ROWS_PER_REQUEST = 1;

const KB_PER_GB = 1024 * 1024;
const SECONDS_PER_HOUR = 3600;
const HOURS_PER_DAY = 24;

/** An alarm for each specialist, and one for the function itself. */
const DRIFT_ALARMS = SPECIALISTS.length + 1;

type Load = 'averageRps' | 'peakRps';

/** Requests a second to all models. */
function rpsOf({ environment }: PlanningContext, load: Load): number {
  return Object.values(environment.traffic).reduce((sum, traffic) => sum + traffic[load], 0);
}

/** Traces of a month. Where traffic is uneven there are fewer, as whole seconds then pass without a first request. */
function traces(context: PlanningContext, load: Load): number {
  const rps = rpsOf(context, load);
  const { firstRps, shareBeyond } = SAMPLED;
  const sampled = Math.min(rps, firstRps) + Math.max(0, rps - firstRps) * shareBeyond;
  return sampled * secondsPerMonth(context);
}

/** CloudWatch charges a metric for the hours in which it was published. */
function publishedShare(context: PlanningContext, specialist: Specialist): number {
  return Math.min(1, context.environment.traffic[specialist].averageRps * SECONDS_PER_HOUR);
}

/** Logs of calls while they are kept; what their ingestion costs stands with the calls. */
function keptCallLogs(context: PlanningContext): Amount {
  const gb = (load: Load) =>
    keptGb(context, callLogGb(context, rpsOf(context, load) * secondsPerMonth(context)));
  return {
    price: 'logs.storage',
    what: `GB of call logs kept for ${context.environment.operations.logRetentionDays} days`,
    expected: gb('averageRps'),
    idle: 0,
    max: gb('peakRps'),
  };
}

/**
 * What watching the inference function uses: its metrics by the hours in which they are published, its traces, and its
 * logs while they are kept.
 */
export function inferenceObservation(context: PlanningContext): Amount[] {
  const { challengers } = context.environment.inference;
  const counts = SPECIALISTS.map((specialist) => ({
    most: metricCount(specialist, challengers[specialist]?.shadow ?? false),
    share: publishedShare(context, specialist),
  }));
  return [
    {
      price: 'cloudwatch.metric',
      what: 'metrics',
      expected: counts.reduce((sum, { most, share }) => sum + most * share, 0),
      idle: 0,
      max: counts.reduce((sum, { most }) => sum + most, 0),
    },
    {
      price: 'xray.trace',
      what: 'million traces',
      expected: traces(context, 'averageRps') / 1e6,
      idle: 0,
      max: traces(context, 'peakRps') / 1e6,
    },
    keptCallLogs(context),
  ];
}

function capturesOf(context: PlanningContext, load: Load, sampleRate: number): number {
  return rpsOf(context, load) * secondsPerMonth(context) * sampleRate;
}

/** What captures and the daily look at them use; nothing where nothing is captured. */
export function driftObservation(context: PlanningContext): Amount[] {
  const { capture } = context.environment.inference;
  if (capture === undefined) return [];
  const days = context.prices.hoursPerMonth / HOURS_PER_DAY;
  const expected = capturesOf(context, 'averageRps', capture.sampleRate);
  const max = capturesOf(context, 'peakRps', capture.sampleRate);
  // What has expired is still there for a day, as an old version.
  const kept = (capture.retentionDays + 1) / days;
  const gb = (captures: number, rows: number) => (captures * kept * rows * ROW_KB) / KB_PER_GB;
  return [
    { price: 's3.put', what: 'million captures', expected: expected / 1e6, idle: 0, max: max / 1e6 },
    {
      price: 's3.standard',
      what: 'GB of captures',
      expected: gb(expected, ROWS_PER_REQUEST),
      idle: 0,
      max: gb(max, MOST_ROWS),
    },
    {
      price: 'lambda.arm',
      what: 'GB-seconds of the drift Lambda',
      expected: (days * DRIFT_SECONDS * DRIFT_MEMORY_MB) / 1024,
    },
    {
      price: 'cloudwatch.metric',
      what: 'metrics, one hour of each day',
      expected: (Object.keys(DRIFT_METRICS).length * SPECIALISTS.length) / HOURS_PER_DAY,
    },
    { price: 'cloudwatch.alarm', what: 'alarms', expected: DRIFT_ALARMS },
  ];
}
