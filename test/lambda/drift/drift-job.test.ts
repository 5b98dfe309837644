import type { Specialist } from '../../../models/catalogue';
import { FEWEST_ROWS } from '../../../lambda/drift/assess-drift';
import { driftClient, readCaptures } from '../../../lambda/drift/read-captures';
import type { DriftContracts } from '../../../lambda/drift/drift-contracts';
import { ALARMING_PSI } from '../../../lambda/drift/drift-metrics';
import { createDrift } from '../../../lambda/drift/drift-job';
import { type CapturedRequest, captureTo } from '../../../lambda/inference/capture/capture';
import { dayPrefix } from '../../../lambda/inference/capture/capture-format';
import { useStandIn } from '../../support/aws/aws-stand-in';
import { type S3StandIn, reset, startS3StandIn } from '../../support/aws/s3-stand-in';
import { FEATURES, contract, contracts, draws, drifted, requestsOf, trained } from './days';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

const BUCKET = 'captures-of-a-test';
const DAY = '2026-11-20';
const DAY_BEFORE = '2026-11-19';
const SCHEDULED = { source: 'aws.events', time: '2026-11-21T01:00:00Z' };

let s3: S3StandIn;
let restore: () => void;
let client: ReturnType<typeof driftClient>;
beforeAll(async () => {
  s3 = await startS3StandIn();
  restore = useStandIn(s3, { AWS_REGION: 'us-east-1' });
  client = driftClient();
});
beforeEach(() => reset(s3));
afterAll(async () => {
  client.destroy();
  restore();
  await s3.close();
});

/** Keeps requests the way the inference function does. */
async function keep(...requests: readonly CapturedRequest[]): Promise<void> {
  const lost: string[] = [];
  const capture = captureTo(
    { bucket: BUCKET, sampleRate: 1 },
    client,
    () => 0,
    (cause) => lost.push(cause),
  );
  await Promise.all(requests.map(capture));
  expect(lost).toEqual([]);
}

type Line = Record<string, unknown>;

interface Run {
  readonly lines: readonly Line[];
  /** What a specialist's log line says. */
  readonly said: (specialist: Specialist) => Line;
  /** What its metrics say. */
  readonly metrics: (specialist: Specialist) => Line;
  readonly failure?: Error;
}

async function run(known: DriftContracts = contracts(), event: unknown = SCHEDULED): Promise<Run> {
  const lines: Line[] = [];
  const log = (line: string) => lines.push(JSON.parse(line) as Line);
  const drift = createDrift({
    environment: 'test',
    contracts: known,
    client,
    bucket: BUCKET,
    random: () => 0,
    log,
  });
  const failure = await drift(event).then(
    () => undefined,
    (error: Error) => error,
  );
  const find = (wanted: Line) =>
    lines.find((line) => Object.entries(wanted).every(([key, value]) => line[key] === value)) ?? {};
  return {
    lines,
    said: (specialist) => find({ event: 'drift', specialist }),
    metrics: (specialist) => find({ Specialist: specialist }),
    failure,
  };
}

describe('the flows of a day', () => {
  it('raise the metric above the alarm’s bound when they are others than the model was trained on', async () => {
    await keep(...requestsOf('ddos', DAY, 600, drifted));

    const { metrics, said, failure } = await run();

    expect(failure).toBeUndefined();
    expect(metrics('ddos')).toMatchObject({ Environment: 'test', CapturedRows: 600, ShiftedFeatures: 1 });
    expect(metrics('ddos')['LargestPsi']).toBeGreaterThan(ALARMING_PSI);
    expect(said('ddos')).toMatchObject({
      population: { top: [{ feature: FEATURES[0] }, { psi: 0 }, { psi: 0 }] },
    });
  });

  it('raise nothing when they are those that it was trained on', async () => {
    await keep(...requestsOf('ddos', DAY, 600, trained));

    const { metrics } = await run();

    expect(metrics('ddos')).toMatchObject({ CapturedRows: 600, LargestPsi: 0, ShiftedFeatures: 0 });
  });

  it('are those of the day before a schedule, or of the day that the event names', async () => {
    await keep(...requestsOf('ddos', '2026-03-01', 500, drifted), ...requestsOf('ddos', DAY, 700, trained));

    expect((await run()).metrics('ddos')['CapturedRows']).toBe(700);
    expect((await run(contracts(), { day: '2026-03-01' })).metrics('ddos')['CapturedRows']).toBe(500);
    expect((await run(contracts(), {})).failure?.message).toMatch(/"day", such as "2026-11-20"/);
  });

  it('give no index, and say why, when they are too few', async () => {
    await keep(...requestsOf('ddos', DAY, FEWEST_ROWS - 1, drifted));

    const { metrics, said } = await run();

    expect(metrics('ddos')).toMatchObject({ CapturedRows: FEWEST_ROWS - 1 });
    expect(metrics('ddos')).not.toHaveProperty('LargestPsi');
    expect(said('ddos')['unknown']).toMatch(/^too few rows: 499/);
    expect(said('general')).toMatchObject({ rows: 0, unknown: expect.stringMatching(/^too few rows: 0/) });
  });

  it('give no index for a model that says nothing of its training data', async () => {
    await keep(...requestsOf('ddos', DAY, 600, drifted));
    const { population: _, ...silent } = contract();

    const { metrics, said } = await run(contracts({ ddos: silent }));

    expect(metrics('ddos')).not.toHaveProperty('LargestPsi');
    expect(said('ddos')['unknown']).toBe('the contract has no population to compare with');
  });

  it('of another version than the deployed one are counted, and in no figure', async () => {
    await keep(
      ...requestsOf('ddos', DAY, 600, trained),
      ...requestsOf('ddos', DAY, 300, drifted, { requestId: 'second', version: '2.0.0' }).map(
        (request, i) => ({
          ...request,
          requestId: `second-${i}`,
        }),
      ),
    );

    const { metrics, said } = await run();

    expect(metrics('ddos')).toMatchObject({ CapturedRows: 600, LargestPsi: 0 });
    expect(said('ddos')).toMatchObject({ rows: 600, left: { otherVersion: 300, misfits: 0 } });
  });

  it('tell how many answers went to another class than the day before', async () => {
    const attacks = (captured: CapturedRequest) => ({
      ...captured,
      predictions: captured.predictions.map((each, i) => (i % 2 ? { ...each, label: 'Attack' } : each)),
    });
    await keep(
      ...requestsOf('ddos', DAY_BEFORE, 500, trained),
      ...requestsOf('ddos', DAY, 500, trained).map(attacks),
      ...requestsOf('general', DAY, 500, trained),
    );

    const { metrics, said } = await run();

    expect(metrics('ddos')['ClassShift']).toBe(0.5);
    expect(said('ddos')['classes']).toEqual({ Normal: 0.4, Attack: 0.6 });
    expect(metrics('general')).not.toHaveProperty('ClassShift');
  });

  it('leave names and figures in the log, and no row', async () => {
    await keep(...requestsOf('ddos', DAY, 600, () => [123.456, 0, 0]));

    const { lines } = await run();

    expect(JSON.stringify(lines)).not.toContain('123.456');
  });
});

describe('metrics', () => {
  it('are in the embedded format under the two dimensions that the alarm watches, and no other', async () => {
    await keep(...requestsOf('ddos', DAY, 500, trained));

    const { _aws: directive } = (await run()).metrics('ddos') as {
      _aws: {
        CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
      };
    };

    expect(directive.CloudWatchMetrics).toEqual([
      expect.objectContaining({ Namespace: 'MiniXdr/Drift', Dimensions: [['Environment', 'Specialist']] }),
    ]);
    expect(directive.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name)).toEqual([
      'CapturedRows',
      'UnreadableCaptures',
      'LargestPsi',
      'ShiftedFeatures',
    ]);
  });
});

describe('captures', () => {
  it('are read to the last page, and through S3’s slowing down', async () => {
    await keep(...requestsOf('ddos', DAY, 1100, trained));
    s3.behaviour = { pageSize: 4, slowDowns: 1 };

    const { metrics, said } = await run();

    expect(metrics('ddos')['CapturedRows']).toBe(1100);
    expect(said('ddos')['captures']).toEqual({ listed: 11, complete: true, read: 11, unreadable: {} });
  });

  it('are read up to a bound, each as likely as any other', async () => {
    const requests = requestsOf('ddos', DAY, 2000, (i) => [Math.floor(i / 100), 0, 0]);
    await keep(...requests);
    s3.behaviour = { pageSize: 7 };
    const draw = draws(1);
    const drawn = new Map<number, number>();
    for (let round = 0; round < 30; round++) {
      const reading = await readCaptures(
        { client, bucket: BUCKET, random: draw, most: 5 },
        dayPrefix('ddos', new Date(DAY)),
        ({ row: [capture = 0] }) => drawn.set(capture, (drawn.get(capture) ?? 0) + 0.01),
      );
      expect(reading).toEqual({ listed: 20, complete: true, read: 5, unreadable: {} });
    }

    // A quarter of the rounds for each of twenty, give or take three standard deviations.
    expect(drawn.size).toBe(20);
    for (const times of drawn.values()) {
      expect(times).toBeGreaterThan(0);
      expect(times).toBeLessThan(16);
    }
  });

  it('that are broken, too large or denied are left out as a whole and counted', async () => {
    await keep(...requestsOf('ddos', DAY, 800, trained));
    const [denied = '', torn = ''] = [...s3.objects.keys()];
    s3.objects.set(torn, (s3.objects.get(torn) ?? '').slice(0, -20));
    s3.objects.set(`${dayPrefix('ddos', new Date(DAY))}not-numbers.jsonl`, '{"row":[1,null,"x"]}');
    s3.objects.set(`${dayPrefix('ddos', new Date(DAY))}huge.jsonl`, ' '.repeat(1024 * 1024 + 1));
    s3.behaviour = { denied: (key) => key === denied };

    const { metrics, said, failure } = await run();

    expect(failure).toBeUndefined();
    expect(metrics('ddos')).toMatchObject({ CapturedRows: 600, UnreadableCaptures: 4, LargestPsi: 0 });
    expect(said('ddos')['captures']).toMatchObject({
      read: 6,
      unreadable: { AccessDenied: 1, broken: 2, 'too large': 1 },
    });
  });

  it('that can be neither listed nor read fail the run, after the other specialists were looked at', async () => {
    await keep(...requestsOf('general', DAY, 500, trained), ...requestsOf('webattacks', DAY, 500, drifted));
    s3.behaviour = {
      denied: (key) => key.startsWith('captures/ddos/') || /^captures\/general\/.*jsonl$/.test(key),
    };

    const { metrics, lines, failure } = await run();

    expect(failure?.message).toBe('No drift could be told of general, ddos for 2026-11-20.');
    expect(metrics('webattacks')['LargestPsi']).toBeGreaterThan(ALARMING_PSI);
    expect(
      lines
        .filter((line) => line['event'] === 'drift-failure')
        .map((line) => [line['specialist'], line['cause']]),
    ).toEqual([
      ['general', 'Error'],
      ['ddos', 'AccessDenied'],
    ]);
  });
});
