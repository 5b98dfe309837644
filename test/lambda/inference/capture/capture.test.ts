import { type CapturedRequest, captureClient, captureTo } from '../../../../lambda/inference/capture/capture';
import { type CapturedRow, MOST_ROWS } from '../../../../lambda/inference/capture/capture-format';
import { useStandIn } from '../../../support/aws/aws-stand-in';
import { type S3StandIn, reset, startS3StandIn } from '../../../support/aws/s3-stand-in';
import { steadyTime } from '../../../support/jest/steady-time';

steadyTime();

const BUCKET = 'captures-of-a-test';

let s3: S3StandIn;
let restore: () => void;
let client: ReturnType<typeof captureClient>;
beforeAll(async () => {
  s3 = await startS3StandIn();
  restore = useStandIn(s3, { AWS_REGION: 'us-east-1' });
  client = captureClient();
});
beforeEach(() => reset(s3));
afterAll(async () => {
  client.destroy();
  restore();
  await s3.close();
});

/** A request whose row i holds i. */
function request(rows: number, changes: Partial<CapturedRequest> = {}): CapturedRequest {
  return {
    requestId: '6f1c-test',
    at: new Date('2026-11-20T23:59:58.007Z'),
    specialist: 'ddos',
    version: '1.2.0',
    variant: 'champion',
    rows: Array.from({ length: rows }, (_, i) => [i, -0.5]),
    predictions: Array.from({ length: rows }, (_, i) => ({ label: `label ${i}`, confidence: 0.75 })),
    ...changes,
  };
}

const lines = (text: string | undefined): CapturedRow[] =>
  (text ?? '').split('\n').map((line) => JSON.parse(line) as CapturedRow);

const whole = (onFailure?: (cause: string) => void, random = () => 0) =>
  captureTo({ bucket: BUCKET, sampleRate: 1 }, client, random, onFailure);

describe('a captured request', () => {
  it('is one object of JSON lines below its specialist and day, a line each row', async () => {
    await whole()(request(2));

    const [[key, content] = []] = [...s3.objects];
    expect(key).toBe('captures/ddos/2026/11/20/235958007-6f1c-test.jsonl');
    expect(lines(content)).toEqual(
      [0, 1].map((i) => ({
        at: '2026-11-20T23:59:58.007Z',
        specialist: 'ddos',
        version: '1.2.0',
        variant: 'champion',
        label: `label ${i}`,
        confidence: 0.75,
        row: [i, -0.5],
      })),
    );
  });

  it('says its type, and leaves encryption to the bucket', async () => {
    await whole()(request(1));

    const { headers = {} } = s3.seen[0] ?? {};
    expect(headers['content-type']).toBe('application/jsonl');
    expect(Object.keys(headers).filter((name) => name.includes('server-side-encryption'))).toEqual([]);
  });

  it('stays below its prefix, whatever a caller calls it', async () => {
    await whole()(request(1, { requestId: '../../general/2026/<x>\n' + 'y'.repeat(200) }));

    expect([...s3.objects.keys()]).toEqual([
      expect.stringMatching(/^captures\/ddos\/2026\/11\/20\/\d+-general2026xy+\.jsonl$/),
    ]);
    expect([...s3.objects.keys()][0]?.length).toBeLessThan(110);
  });

  it('is one of as many as the sample rate says', async () => {
    const draws = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const taken: number[] = [];
    for (const draw of draws) {
      const sent = { send: () => Promise.resolve(taken.push(draw)) } as unknown as typeof client;
      await captureTo({ bucket: BUCKET, sampleRate: 0.25 }, sent, () => draw)(request(1));
    }

    expect(taken).toEqual(draws.slice(0, 250));
  });

  it('keeps at most so many rows, at even distances, and each as likely as any other', async () => {
    const rows = MOST_ROWS * 4;
    const kept = new Map<number, number>();
    for (const start of [0, 0.25, 0.5, 0.75]) {
      reset(s3);
      await whole(undefined, () => start)(request(rows));
      const found = lines([...s3.objects.values()][0]).map(({ row: [first = -1] }) => first);
      expect(found).toHaveLength(MOST_ROWS);
      expect(new Set(found.slice(1).map((value, i) => value - (found[i] ?? 0)))).toEqual(new Set([4]));
      for (const value of found) kept.set(value, (kept.get(value) ?? 0) + 1);
    }

    expect([...kept.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
    expect(new Set(kept.values())).toEqual(new Set([1]));
  });

  it('is nothing where there are no rows', async () => {
    await whole()(request(0));

    expect(s3.seen).toEqual([]);
  });
});

describe('a capture that fails', () => {
  it.each([
    ['AccessDenied', { denied: () => true }],
    ['SlowDown', { slowDowns: 5 }],
  ])('is reported by name (%s), tried once, and rejects nothing', async (name, behaviour) => {
    const causes: string[] = [];
    s3.behaviour = behaviour;

    await whole((cause) => causes.push(cause))(request(1));

    expect(causes).toEqual([name]);
    expect(s3.seen).toHaveLength(1);
  });

  it('holds an answer up for half a second at most when S3 is silent', async () => {
    const causes: string[] = [];
    s3.behaviour = { silent: true };
    const start = performance.now();

    await whole((cause) => causes.push(cause))(request(1));

    const took = performance.now() - start;
    expect(took).toBeGreaterThanOrEqual(500);
    expect(took).toBeLessThan(550);
    expect(causes).toEqual(['CaptureTimeout']);
  });

  it('lets the answer go even when the client does not heed being stopped', async () => {
    const causes: string[] = [];
    const deaf = { send: () => new Promise(() => undefined) } as unknown as typeof client;
    const capture = captureTo(
      { bucket: BUCKET, sampleRate: 1 },
      deaf,
      () => 0,
      (cause) => causes.push(cause),
    );

    await capture(request(1));

    expect(causes).toEqual(['CaptureTimeout']);
  });
});
