import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Specialist } from '../../../models/catalogue';
import { type CapturedRow, MOST_ROWS, captureKey } from './capture-format';

/** How long an answer may wait for its capture, in ms. Within a region S3 takes a small object in some 50 ms. */
const PATIENCE_MS = 500;

/** A request that was answered. */
export interface CapturedRequest {
  readonly requestId: string;
  readonly at: Date;
  readonly specialist: Specialist;
  readonly version: string;
  /** `champion` or `challenger`. */
  readonly variant: string;
  /** Raw values in the contract's order. */
  readonly rows: readonly (readonly number[])[];
  /** One a row. */
  readonly predictions: readonly { readonly label: string; readonly confidence: number }[];
}

/** Where captures go, and which share of requests. */
export interface CaptureOptions {
  readonly bucket: string;
  /** Above 0, at most 1. */
  readonly sampleRate: number;
}

/** A client that tries once: a second try would come after the answer's patience. */
export function captureClient(): S3Client {
  return new S3Client({ maxAttempts: 1 });
}

/** Positions at even distances, beginning at a random one, so that every row is as likely as any other. */
function sample(rows: number, start: number): number[] {
  const kept = Math.min(rows, MOST_ROWS);
  return Array.from({ length: kept }, (_, i) => Math.floor(((i + start) * rows) / kept));
}

function linesOf(captured: CapturedRequest, start: number): string {
  const { at, specialist, version, variant, rows, predictions } = captured;
  const lines = sample(rows.length, start).flatMap((index) => {
    const row = rows[index];
    const prediction = predictions[index];
    if (row === undefined || prediction === undefined) return [];
    const { label, confidence } = prediction;
    const line: CapturedRow = { at: at.toISOString(), specialist, version, variant, label, confidence, row };
    return [JSON.stringify(line)];
  });
  return lines.join('\n');
}

/** A capture that an answer waited for as long as it may. */
class CaptureTimeout extends Error {
  override readonly name = 'CaptureTimeout';
}

/**
 * Waits for work for as long as an answer may be held up by it.
 *
 * @throws CaptureTimeout when that was not long enough
 */
async function withPatience(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CaptureTimeout());
      stop.abort();
    }, PATIENCE_MS);
  });
  try {
    // Both: the client may be busy with what does not heed the signal, such as getting credentials.
    await Promise.race([impatience, work(stop.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Keeps samples of requests in S3: an object of JSON lines each, {@link CapturedRow} by row, under the bucket's own key
 * and encryption. A request's rows go there and nowhere else; what is reported of a failure is its name.
 *
 * @param random gives numbers from 0 to below 1
 * @param onFailure is told when a capture is lost, with a name such as `SlowDown` or `CaptureTimeout`
 * @returns a function that resolves within half a second, and never rejects
 */
export function captureTo(
  { bucket, sampleRate }: CaptureOptions,
  client: S3Client,
  random: () => number,
  onFailure: (cause: string) => void = () => undefined,
): (captured: CapturedRequest) => Promise<void> {
  return async (captured) => {
    try {
      if (captured.rows.length === 0 || random() >= sampleRate) return;
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: captureKey(captured.specialist, captured.at, captured.requestId),
        Body: linesOf(captured, random()),
        ContentType: 'application/jsonl',
      });
      await withPatience((abortSignal) => client.send(command, { abortSignal }));
    } catch (error) {
      onFailure(error instanceof Error ? error.name : 'unknown');
    }
  };
}
