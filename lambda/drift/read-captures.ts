import { GetObjectCommand, S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { SPECIALISTS } from '../../models/catalogue';
import type { CapturedRow } from '../inference/capture/capture-format';

/**
 * Captures of a specialist's day that are read at most, drawn evenly from all of them. Two thousand requests tell a
 * distribution to a hundredth, and reading them takes a minute at most, however many there are.
 */
export const MOST_CAPTURES = 2000;

/** Keys of a day that are listed at most: a thousand pages. Beyond it, late hours of the day are left out. */
const MOST_LISTED = 1_000_000;

/** Largest capture that is read, in bytes: far above a hundred rows of some eighty numbers. */
const MOST_BYTES = 1024 * 1024;

/** Captures that are read at the same time. */
const AT_A_TIME = 16;

const capturedRow: z.ZodType<CapturedRow> = z.object({
  at: z.string(),
  specialist: z.enum(SPECIALISTS),
  version: z.string(),
  variant: z.string(),
  label: z.string(),
  confidence: z.number(),
  row: z.array(z.number()),
});

/** What became of a day's captures. */
export interface Reading {
  /** How many there are. */
  readonly listed: number;
  /** False when there were more than could be listed. */
  readonly complete: boolean;
  readonly read: number;
  /** How many could not be read, by cause: `broken`, `too large`, or S3's name for the error. */
  readonly unreadable: Readonly<Record<string, number>>;
}

/** Whose captures are read, and with what. */
export interface CaptureSource {
  readonly client: S3Client;
  readonly bucket: string;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
  /** Captures of a specialist's day that are read at most. @default {@link MOST_CAPTURES} */
  readonly most?: number;
}

/** A client that outlasts S3's `SlowDown`. */
export function driftClient(): S3Client {
  return new S3Client({ maxAttempts: 5 });
}

interface Sample {
  readonly keys: readonly string[];
  readonly listed: number;
  readonly complete: boolean;
}

/** Lists a prefix page by page, and keeps an even sample of its keys: each is as likely as any other to be in it. */
async function sampleKeys(source: CaptureSource, prefix: string): Promise<Sample> {
  const { client, bucket, random, most = MOST_CAPTURES } = source;
  const keys: string[] = [];
  let listed = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key } of page.Contents ?? []) {
      if (key === undefined) continue;
      listed += 1;
      const place = keys.length < most ? keys.length : Math.floor(random() * listed);
      if (place < most) keys[place] = key;
    }
    if (listed >= MOST_LISTED) return { keys, listed, complete: page.IsTruncated !== true };
  }
  return { keys, listed, complete: true };
}

/** A capture that holds something else than what is captured. */
class BrokenCapture extends Error {
  override readonly name = 'broken';
}

function parseRows(text: string): CapturedRow[] {
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => capturedRow.parse(JSON.parse(line)));
  } catch (error) {
    throw new BrokenCapture('the capture does not hold rows as JSON lines', { cause: error });
  }
}

async function readCapture({ client, bucket }: CaptureSource, key: string): Promise<CapturedRow[]> {
  const { Body: body, ContentLength: bytes = 0 } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key }),
  );
  if (body === undefined) return [];
  if (bytes > MOST_BYTES) {
    // Unread, it would hold its connection.
    (body as { destroy?: () => void }).destroy?.();
    throw Object.assign(new Error('the capture is too large'), { name: 'too large' });
  }
  return parseRows(await body.transformToString());
}

/**
 * Reads a sample of the captures below a prefix, and hands every row of them on. A capture that cannot be read is left
 * out as a whole and counted. Keeps the keys of those alone and the rows of a few captures at a time, never more.
 *
 * @throws the SDK's error when the prefix cannot be listed
 * @throws Error when there are captures and none of them can be read: then it is not the captures that are at fault
 */
export async function readCaptures(
  source: CaptureSource,
  prefix: string,
  onRow: (row: CapturedRow) => void,
): Promise<Reading> {
  const { keys, listed, complete } = await sampleKeys(source, prefix);
  const unreadable: Record<string, number> = {};
  let read = 0;
  const left = keys.values();
  const readOn = async (): Promise<void> => {
    for (const key of left) {
      try {
        const rows = await readCapture(source, key);
        rows.forEach(onRow);
        read += 1;
      } catch (error) {
        const cause = error instanceof Error ? error.name : 'unknown';
        unreadable[cause] = (unreadable[cause] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, readOn));
  if (keys.length > 0 && read === 0) {
    throw new Error(
      `None of ${keys.length} captures below ${prefix} can be read: ${Object.keys(unreadable).join(', ')}. ` +
        "Look at the function's permissions on bucket and key.",
    );
  }
  return { listed, complete, read, unreadable };
}
