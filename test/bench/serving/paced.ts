import { Pool } from 'undici';

/** Time from when a request was sent to when its answer was there, in ms. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Length of a turn: requests that are due in it go out together. */
const TURN_MS = 1;

/** Connections that are open at most. */
const CONNECTIONS = 64;

async function once(pool: Pool, path: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await pool.request({ path, method: 'POST', headers, body });
  await response.body.dump();
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`);
}

/**
 * Sends requests at even times, whether earlier ones are answered or not, as many callers do together: a tool that waits
 * for answers, or sends a second's requests at once, measures something else.
 *
 * @param rate requests a second
 */
export async function pacedLatency(
  url: string,
  body: string,
  rate: number,
  seconds: number,
): Promise<Latency> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const total = Math.round(rate * seconds);
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  const started = performance.now();
  while (pending.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate));
    while (pending.length < due) {
      const sent = performance.now();
      pending.push(once(pool, pathname, body).then(() => void times.push(performance.now() - sent)));
    }
    await new Promise((done) => {
      setTimeout(done, TURN_MS);
    });
  }
  await Promise.all(pending);
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
