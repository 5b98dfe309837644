import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type StandInAccount, newAccount } from './account';
import type { Handler } from './page';
import { type AwsRequest, AwsRefusal, readRequest, sendAnswer, sendRefusal } from './protocol';
import { SERVICES } from './services';

/** How the stand-in behaves, beside what its account holds. */
export interface StandInBehaviour {
  readonly account?: StandInAccount;
  /** Time that every answer takes. @default 0 */
  readonly latencyMs?: number;
  /** Service Quotas throttles above so many calls in a second; 0 throttles all. @default - never */
  readonly quotaCallsPerSecond?: number;
  /** IAM actions that are denied. */
  readonly denied?: readonly string[];
  /** Answers every call with this error code. */
  readonly refuseAll?: string;
  /** IAM actions that are throttled so many times each before they are answered. */
  readonly throttledFirst?: Readonly<Record<string, number>>;
  /** Answers by IAM action, in place of those from the account. */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** Leaves every call to this service without an answer. */
  readonly silent?: string;
}

/** A running stand-in for AWS. */
export interface StandIn {
  readonly url: string;
  /** IAM actions of the calls so far, in order; throttled and refused ones too. */
  readonly actions: readonly string[];
  readonly throttled: () => number;
  readonly close: () => Promise<void>;
}

const DENIAL: Readonly<Record<string, string>> = {
  ec2: 'UnauthorizedOperation',
  rds: 'AccessDenied',
  cloudformation: 'AccessDenied',
  elasticloadbalancing: 'AccessDenied',
};

function answerTo(call: AwsRequest, behaviour: StandInBehaviour, account: StandInAccount) {
  const action = `${call.service}:${call.operation}`;
  if (behaviour.refuseAll !== undefined) throw new AwsRefusal(behaviour.refuseAll, 'Refused.', 403);
  if (behaviour.denied?.includes(action) === true) {
    throw new AwsRefusal(DENIAL[call.service] ?? 'AccessDeniedException', `Not authorized: ${action}`, 403);
  }
  const handler = behaviour.handlers?.[action] ?? SERVICES[call.service]?.[call.operation];
  if (handler === undefined) throw new AwsRefusal('UnknownOperationException', `${action} is not known`);
  return handler(account, call.input);
}

/** Starts a stand-in on a free port of this machine; the SDK finds it by `AWS_ENDPOINT_URL`. */
export async function startStandIn(behaviour: StandInBehaviour = {}): Promise<StandIn> {
  const account = behaviour.account ?? newAccount();
  const { latencyMs = 0, quotaCallsPerSecond = Number.POSITIVE_INFINITY } = behaviour;
  const actions: string[] = [];
  let recent: number[] = [];
  let throttled = 0;
  const waiting = new Map(Object.entries(behaviour.throttledFirst ?? {}));
  const overRate = (service: string): boolean => {
    if (service !== 'servicequotas') return false;
    const now = performance.now();
    recent = recent.filter((time) => now - time < 1000);
    if (recent.length < quotaCallsPerSecond) {
      recent.push(now);
      return false;
    }
    throttled += 1;
    return true;
  };
  const tooEarly = (action: string): boolean => {
    const left = waiting.get(action) ?? 0;
    if (left > 0) waiting.set(action, left - 1);
    return left > 0;
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { protocol, call } = await readRequest(request);
    actions.push(`${call.service}:${call.operation}`);
    const tooFast = overRate(call.service) || tooEarly(`${call.service}:${call.operation}`);
    if (call.service === behaviour.silent) return;
    await delay(latencyMs);
    try {
      if (tooFast) throw new AwsRefusal('TooManyRequestsException', 'Rate exceeded', 429);
      sendAnswer(response, protocol, call.operation, answerTo(call, behaviour, account));
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      sendRefusal(response, protocol, error);
    }
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actions,
    throttled: () => throttled,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Leads the SDK to a stand-in, with credentials that are none, and away from everything else.
 *
 * @returns what puts the variables of the process back
 */
export function useStandIn(
  { url }: Pick<StandIn, 'url'>,
  more: Readonly<Record<string, string>> = {},
): () => void {
  const variables: Readonly<Record<string, string>> = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
