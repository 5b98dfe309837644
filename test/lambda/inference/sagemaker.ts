import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in saw of a request. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the stand-in answers; `hang` never does. */
export type Reply =
  { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown } | 'hang';

/** An error as SageMaker sends one: its name in a header, its fields in the body. */
export function serviceError(status: number, name: string, fields: Record<string, unknown> = {}): Reply {
  return { status, headers: { 'x-amzn-errortype': name }, body: { Message: LEAKY, ...fields } };
}

/** Words that AWS puts into its messages and that must not reach a caller. */
export const LEAKY =
  'Endpoint mini-xdr-dev-ddos of account 123456789012 (arn:aws:sagemaker:us-east-1:123456789012:endpoint/x)';

/** Stands in for the SageMaker runtime on loopback. */
export class SageMakerStandIn {
  readonly seen: SeenRequest[] = [];
  private replies: Reply[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.seen.push({ path: request.url ?? '', headers: request.headers, body });
        // The last reply repeats, so that a retry meets what the first try met.
        const reply = this.replies.length > 1 ? this.replies.shift() : this.replies[0];
        if (reply === undefined || reply === 'hang') return;
        const content = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
        response
          .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
          .end(content);
      });
    });
  }

  static async start(): Promise<SageMakerStandIn> {
    const server = createServer();
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return new SageMakerStandIn(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Forgets what was seen, and answers with these from now on. */
  reply(...replies: Reply[]): void {
    this.seen.length = 0;
    this.replies = replies;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
