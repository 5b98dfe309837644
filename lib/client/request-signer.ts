import { type Hash as NodeHash, type Hmac, createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentityProvider, HashConstructor, SourceData } from '@smithy/types';
import { UserError } from '../util/user-error';

/** Service that a Function URL's signature is for (AWS Lambda, "Control access to Lambda function URLs"). */
const SERVICE = 'lambda';

const bytesOf = (data: SourceData): string | Uint8Array => {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

/** SHA-256 and, with a secret, HMAC, as the signer wants them: node's own, so that no second implementation is needed. */
class Sha256 {
  private hash: NodeHash | Hmac;

  constructor(private readonly secret?: SourceData) {
    this.hash = this.fresh();
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    this.hash = this.fresh();
  }

  private fresh(): NodeHash | Hmac {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(this.secret));
  }
}

/** Names of this machine: what is sent there leaves it never. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * An address that a signature may be sent to: https, or this machine itself. Who reads a signature can repeat the
 * request for five minutes.
 *
 * @throws UserError for any other
 */
export function signableUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url !== undefined && safe) return url;
  throw new UserError(
    `${address} is no address that a signed request may be sent to; it must start with https://`,
  );
}

/** Signs a POST of JSON; gives the headers to send. */
export type Sign = (url: URL, body: string) => Promise<Record<string, string>>;

/** Signature Version 4 with credentials that are asked for anew with each request, so that they may expire meanwhile. */
export function signer(region: string, credentials: AwsCredentialIdentityProvider): Sign {
  const signature = new SignatureV4({
    service: SERVICE,
    region,
    credentials,
    sha256: Sha256 satisfies HashConstructor,
    applyChecksum: true,
  });
  return async (url, body) => {
    const { headers } = await signature.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    });
    return headers;
  };
}
