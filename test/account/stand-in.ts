import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AccountClients } from '../../lib/account/read-facts';

/** An account as the stand-in plays it. */
export interface AccountSetup {
  /** Value of the CDK's version parameter; undefined where the account is not bootstrapped. */
  readonly bootstrap?: string;
  readonly lambdaConcurrency?: number;
  /** Roles that exist, as `PATH/NAME`, such as `AWSServiceRoleForRDS` or `operations/administrator`. */
  readonly roles?: readonly string[];
  /** Zones by name: id and state. */
  readonly zones?: Readonly<Record<string, readonly [id: string, state: string]>>;
  /** Zones that offer each type, each on a page of its own. */
  readonly offerings?: Readonly<Record<string, readonly string[]>>;
  /** IAM actions that are refused. */
  readonly denied?: readonly string[];
  /** Whether every call ends in an error of the service. */
  readonly broken?: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const xml = (status: number, body: string): Answer => ({ status, body });
const json = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  body: JSON.stringify(body),
  headers,
});

function parameter({ bootstrap }: AccountSetup, name: unknown): Answer {
  if (bootstrap === undefined || name !== '/cdk-bootstrap/hnb659fds/version') {
    return json(400, { __type: 'ParameterNotFound', message: 'not found' });
  }
  return json(200, { Parameter: { Name: name, Value: bootstrap } });
}

function role({ roles = [] }: AccountSetup, name: string): Answer {
  const found = roles.find((role) => role.split('/').at(-1) === name);
  return found !== undefined
    ? xml(
        200,
        `<GetRoleResponse><GetRoleResult><Role><RoleName>${name}</RoleName>` +
          `<Path>/${found.slice(0, -name.length)}</Path></Role></GetRoleResult></GetRoleResponse>`,
      )
    : xml(
        404,
        '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>',
      );
}

function zones({ zones: all = {} }: AccountSetup): Answer {
  const items = Object.entries(all).map(
    ([name, [id, state]]) =>
      `<item><zoneName>${name}</zoneName><zoneId>${id}</zoneId><zoneState>${state}</zoneState></item>`,
  );
  return xml(
    200,
    `<DescribeAvailabilityZonesResponse><availabilityZoneInfo>${items.join('')}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`,
  );
}

function offerings({ offerings: all = {} }: AccountSetup, form: URLSearchParams): Answer {
  const offered = all[form.get('Filter.1.Value.1') ?? ''] ?? [];
  const page = Number(form.get('NextToken') ?? 0);
  const zone = offered[page];
  const item = zone === undefined ? '' : `<item><location>${zone}</location></item>`;
  const next = page + 1 < offered.length ? `<nextToken>${page + 1}</nextToken>` : '';
  return xml(
    200,
    `<DescribeInstanceTypeOfferingsResponse><instanceTypeOfferingSet>${item}</instanceTypeOfferingSet>${next}</DescribeInstanceTypeOfferingsResponse>`,
  );
}

/** The IAM action of a request, in whichever of the four protocols it comes. */
function actionOf({ url = '', headers }: IncomingMessage, form: URLSearchParams): string {
  if (url.endsWith('/account-settings')) return 'lambda:GetAccountSettings';
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return `ssm:${target.split('.')[1] ?? ''}`;
  const action = form.get('Action') ?? '';
  return `${action === 'GetRole' ? 'iam' : 'ec2'}:${action}`;
}

/** A refusal as each service words it. */
function refusal(action: string): Answer {
  const [service] = action.split(':');
  if (service === 'ssm') return json(400, { __type: 'AccessDeniedException', message: action });
  if (service === 'lambda') {
    return json(403, { Message: action }, { 'x-amzn-errortype': 'AccessDeniedException' });
  }
  if (service === 'iam') {
    return xml(
      403,
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    );
  }
  return xml(
    403,
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>',
  );
}

function answer(setup: AccountSetup, action: string, body: string, form: URLSearchParams): Answer {
  if (setup.denied?.includes(action)) return refusal(action);
  if (setup.broken) return xml(500, '');
  if (action === 'ssm:GetParameter') return parameter(setup, (JSON.parse(body) as { Name?: unknown }).Name);
  if (action === 'lambda:GetAccountSettings') {
    return json(200, { AccountLimit: { ConcurrentExecutions: setup.lambdaConcurrency ?? 1000 } });
  }
  if (action === 'iam:GetRole') return role(setup, form.get('RoleName') ?? '');
  if (action === 'ec2:DescribeAvailabilityZones') return zones(setup);
  if (action === 'ec2:DescribeInstanceTypeOfferings') return offerings(setup, form);
  throw new Error(`the stand-in does not play ${action}`);
}

/** Clients of an HTTP server on loopback that plays an account, and every IAM action that they took. */
export async function accountStandIn(setup: AccountSetup) {
  const actions: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      const form = new URLSearchParams(body);
      const action = actionOf(request, form);
      actions.push(action);
      const { status, body: text, headers } = answer(setup, action, body, form);
      response.writeHead(status, headers).end(text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  };
  const clients: AccountClients = {
    ec2: new EC2Client(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    ssm: new SSMClient(settings),
  };
  const close = async () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { clients, actions, close };
}
