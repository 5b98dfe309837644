import { Failure } from '../api/failure';
import type { Flows } from '../api/flows';

/** A request body for a model, and how many rows it holds. */
export interface Payload {
  readonly body: string;
  readonly rows: number;
}

const [OPEN, CLOSE] = ['{"instances":[', ']}'];

/**
 * Rows as request bodies of a limited size, in order. Numbers are ASCII, so characters are bytes.
 *
 * @param maxBytes of a body
 * @throws Failure `payload_too_large` when a single row does not fit
 */
export function payloadsOf({ rows }: Flows, maxBytes: number): Payload[] {
  const room = maxBytes - OPEN.length - CLOSE.length;
  const payloads: Payload[] = [];
  let parts: string[] = [];
  let size = 0;
  const close = () => {
    if (parts.length > 0) payloads.push({ body: `${OPEN}${parts.join(',')}${CLOSE}`, rows: parts.length });
    parts = [];
    size = 0;
  };
  for (const row of rows) {
    const text = `[${row.join(',')}]`;
    if (text.length > room) {
      throw new Failure(
        'payload_too_large',
        `a single row takes more than the ${maxBytes} bytes of a request`,
      );
    }
    if (size + text.length > room) close();
    parts.push(text);
    size += text.length + 1;
  }
  close();
  return payloads;
}
