import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestStatus } from '@aws-sdk/client-service-quotas';

/** A quota that the stand-in knows; `value` is the applied one, and where it is left out only the default answers. */
export interface StandInQuota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly value?: number;
  readonly default: number;
  readonly adjustable?: boolean;
}

export interface StandInRequest {
  readonly id: string;
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly status: RequestStatus;
  readonly desired: number;
  /** Seconds since 1970. */
  readonly created: number;
  readonly caseId?: string;
}

/** An account as the stand-in plays it. Tests change it between calls. */
export interface StandInAccount {
  readonly account: string;
  quotas: StandInQuota[];
  requests: StandInRequest[];
  /** Actions that are refused, such as `RequestServiceQuotaIncrease`. */
  denied: Set<string>;
  /** How often each action still answers that there are too many requests. */
  throttled: Map<string, number>;
  /** Open requests that the account may have. */
  maxOpen: number;
  /** Entries on a page, whatever is asked for. */
  pageSize: number;
  /** Actions whose connection is cut after they were carried out. */
  cut: Set<string>;
}

export interface StandIn {
  readonly account: StandInAccount;
  readonly endpoint: string;
  /** Every call in order: the action and what it was asked. */
  readonly calls: { readonly action: string; readonly input: Readonly<Record<string, unknown>> }[];
  readonly close: () => Promise<void>;
}

type Input = Readonly<Record<string, unknown>>;

class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const OPEN = new Set<RequestStatus>(['PENDING', 'CASE_OPENED']);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function page<T>(account: StandInAccount, all: readonly T[], { NextToken }: Input) {
  const from = Number(NextToken ?? 0);
  const next = from + account.pageSize;
  return { items: all.slice(from, next), ...(next < all.length ? { NextToken: String(next) } : {}) };
}

const quotaBody = ({ service, code, name, adjustable = true }: StandInQuota, value: number) => ({
  ServiceCode: service,
  QuotaCode: code,
  QuotaName: name,
  Value: value,
  Adjustable: adjustable,
});

const requestBody = (request: StandInRequest) => ({
  Id: request.id,
  CaseId: request.caseId,
  ServiceCode: request.service,
  QuotaCode: request.code,
  QuotaName: request.name,
  Status: request.status,
  DesiredValue: request.desired,
  Created: request.created,
});

function find(account: StandInAccount, { ServiceCode, QuotaCode }: Input): StandInQuota {
  const quota = account.quotas.find(({ service, code }) => service === ServiceCode && code === QuotaCode);
  if (quota === undefined) throw new Refusal('NoSuchResourceException', 'The request failed: no such quota.');
  return quota;
}

function increase(account: StandInAccount, input: Input): object {
  const { service, code, name, value, default: standard } = find(account, input);
  const open = account.requests.filter(({ status }) => OPEN.has(status));
  if (open.some((request) => request.service === service && request.code === code)) {
    throw new Refusal('ResourceAlreadyExistsException', 'Only one open request is allowed per quota.');
  }
  if (open.length >= account.maxOpen) {
    throw new Refusal('QuotaExceededException', 'You have exceeded the number of open requests.');
  }
  const desired = Number(input['DesiredValue']);
  if (desired <= (value ?? standard)) {
    throw new Refusal('IllegalArgumentException', 'The value must be greater than the current one.');
  }
  const id = `request-${account.requests.length + 1}`;
  const request = { id, service, code, name, status: 'PENDING', desired, created: 1_767_225_600 } as const;
  account.requests.push(request);
  return { RequestedQuota: requestBody(request) };
}

const ACTIONS: Readonly<Record<string, (account: StandInAccount, input: Input) => object>> = {
  GetServiceQuota: (account, input) => {
    const quota = find(account, input);
    if (quota.value === undefined) throw new Refusal('NoSuchResourceException', 'No applied value.');
    return { Quota: quotaBody(quota, quota.value) };
  },
  GetAWSDefaultServiceQuota: (account, input) => {
    const quota = find(account, input);
    return { Quota: quotaBody(quota, quota.default) };
  },
  ListAWSDefaultServiceQuotas: (account, input) => {
    const all = account.quotas.filter(({ service }) => service === input['ServiceCode']);
    const { items, ...rest } = page(account, all, input);
    return { Quotas: items.map((quota) => quotaBody(quota, quota.default)), ...rest };
  },
  ListRequestedServiceQuotaChangeHistory: (account, input) => {
    const all = account.requests.filter(({ status }) =>
      [undefined, status].includes(input['Status'] as never),
    );
    const { items, ...rest } = page(account, all, input);
    return { RequestedQuotas: items.map(requestBody), ...rest };
  },
  RequestServiceQuotaIncrease: increase,
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function refuseFirst(account: StandInAccount, action: string): void {
  if (account.denied.has(action)) {
    throw new Refusal('AccessDeniedException', `not authorized to perform: servicequotas:${action}`);
  }
  const left = account.throttled.get(action) ?? 0;
  if (left > 0) {
    account.throttled.set(action, left - 1);
    throw new Refusal('TooManyRequestsException', 'Rate exceeded');
  }
}

/** AWS JSON 1.1, as Service Quotas speaks it. */
function answerJson(standIn: StandIn, action: string, input: Input, response: ServerResponse): void {
  const { account } = standIn;
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  };
  try {
    refuseFirst(account, action);
    const body = ACTIONS[action]?.(account, input);
    if (body === undefined) throw new Refusal('UnknownOperationException', action);
    if (account.cut.has(action)) response.destroy();
    else send(200, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    send(400, { __type: error.type, message: error.message });
  }
}

/** The one call of STS, which speaks the Query protocol. */
function answerIdentity({ account: { account, denied } }: StandIn, response: ServerResponse): void {
  if (denied.has('GetCallerIdentity')) {
    response.writeHead(403, { 'content-type': 'text/xml' });
    response.end(
      '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>',
    );
    return;
  }
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
}

/** Starts an HTTP server on loopback that plays Service Quotas and STS for one account and Region. */
export async function quotaStandIn(account: Partial<StandInAccount> = {}): Promise<StandIn> {
  const calls: StandIn['calls'] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const [, action = ''] = text(request.headers['x-amz-target']).split('.');
      if (action === '') {
        calls.push({ action: 'GetCallerIdentity', input: {} });
        answerIdentity(standIn, response);
        return;
      }
      const input = JSON.parse(body) as Input;
      calls.push({ action, input });
      answerJson(standIn, action, input, response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    account: {
      account: '111122223333',
      quotas: [],
      requests: [],
      denied: new Set(),
      throttled: new Map(),
      maxOpen: 20,
      pageSize: 2,
      cut: new Set(),
      ...account,
    },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
  return standIn;
}
