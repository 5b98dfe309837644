import type { ModelMetadata } from '../../../../lambda/inference/model-metadata';
import { INFERENCE_METRICS, classMetric } from '../../../../lambda/inference/observability/inference-metrics';
import type { AskedSummary } from '../../../../lambda/inference/observability/observer';
import { powertoolsObserver } from '../../../../lambda/inference/observability/powertools';
import type { Specialist } from '../../../../models/catalogue';
import { KNOWN, answering, prediction } from '../../../support/inference/call-inference';

/** CloudWatch's embedded metric format, as far as it is looked at. */
interface Emf {
  readonly _aws: {
    readonly CloudWatchMetrics: [
      {
        readonly Namespace: string;
        readonly Dimensions: string[][];
        readonly Metrics: { readonly Name: string }[];
      },
    ];
  };
  readonly [name: string]: unknown;
}

const lines: string[] = [];
const write = (chunk: string | Uint8Array) => {
  lines.push(...String(chunk).split('\n').filter(Boolean));
  return true;
};

/** Runs with the log caught: Powertools writes to the process's own streams. */
function logged(work: () => void): Record<string, unknown>[] {
  lines.length = 0;
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation(write),
  );
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const observer = powertoolsObserver('dev');

function summary(specialist: Specialist, known: ModelMetadata = KNOWN[specialist]): AskedSummary {
  const predictions = [prediction(specialist, [0.9, 0.1]), prediction(specialist, [0.4, 0.6], false)];
  return {
    asked: {
      specialist,
      known,
      response: answering(specialist, predictions),
      servedBy: 'embedded',
      degraded: true,
      variant: 'champion',
    },
    ms: 12.5,
    attacks: 1,
    lowConfidence: 1,
    outOfDistribution: 1,
    disputed: 0,
  };
}

describe('the metrics of an answer', () => {
  it('come in one line of the log, under environment and specialist and nothing else', () => {
    const [emf, ...others] = logged(() => observer.answered(summary('ddos'))) as [Emf, ...Emf[]];
    expect(others).toEqual([]);
    const { _aws: described } = emf;
    const [{ Namespace, Dimensions, Metrics }] = described.CloudWatchMetrics;
    expect(Namespace).toBe('MiniXdr/Inference');
    expect(Dimensions.map((set) => set.toSorted())).toEqual([['Environment', 'Specialist']]);
    expect(emf).toMatchObject({
      Environment: 'dev',
      Specialist: 'ddos',
      Requests: 1,
      Rows: 2,
      Latency: 12.5,
      Degraded: 1,
      Embedded: 1,
      Attacks: 1,
      OutOfDistribution: 1,
      Disputed: 0,
      ChallengerRequests: 0,
      Confidence: 0.75,
      'Class Normal': 1,
      'Class Attack': 1,
    });
    const { shadowDifferences: _, ...always } = INFERENCE_METRICS;
    const names = [...Object.values(always), ...KNOWN.ddos.classes.map(classMetric)];
    expect(Metrics.map(({ Name }) => Name).toSorted()).toEqual(names.toSorted());
  });

  it('of one specialist do not mix with those of the next', () => {
    const emf = logged(() => {
      observer.answered(summary('ddos'));
      observer.answered(summary('webattacks'));
      observer.shadow('ddos', 3);
    });
    expect(emf.map((line) => [line['Specialist'], line['Requests'], line['ShadowDifferences']])).toEqual([
      ['ddos', 1, undefined],
      ['webattacks', 1, undefined],
      ['ddos', undefined, 3],
    ]);
  });
});

describe('the log', () => {
  const request = { requestId: 'r', lambdaRequestId: 'l', caller: 'direct', ms: 3 } as const;

  it('has one line for a request, with its ids and figures', () => {
    expect(logged(() => observer.request({ ...request, status: 200, rows: 2 }))).toEqual([
      expect.objectContaining({ message: 'request', level: 'INFO', requestId: 'r', status: 200, rows: 2 }),
    ]);
  });

  it('marks what failed on this side', () => {
    const [line] = logged(() => observer.request({ ...request, status: 503, code: 'unavailable' }));
    expect(line).toMatchObject({ level: 'ERROR', code: 'unavailable' });
  });

  it('names what kept a sample from being kept', () => {
    const [line] = logged(() => observer.captureFailed('AccessDenied'));
    expect(line).toMatchObject({ level: 'WARN', message: 'capture', cause: 'AccessDenied' });
  });
});
