import autocannon from 'autocannon';

/** What a server did under load. */
export interface LoadResult {
  readonly requestsPerSecond: number;
}

interface Load {
  readonly url: string;
  readonly body: string;
  readonly seconds: number;
  readonly connections: number;
  /** Requests a second that are sent; as many as are answered when absent. */
  readonly rate?: number;
}

/**
 * Sends one body again and again.
 *
 * @throws Error when an answer is no success: a rate of refusals would look fast
 */
export async function load({ url, body, seconds, connections, rate }: Load): Promise<LoadResult> {
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duration: seconds,
    connections,
    ...(rate === undefined ? {} : { overallRate: rate }),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${url} failed`);
  return { requestsPerSecond: result.requests.total / result.duration };
}
