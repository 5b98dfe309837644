import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AccountClients } from '../../../lib/account/read-facts';
import { type RegistrySetup, registryAnswer } from './container-registry';

/** An account as the stand-in plays it. */
export interface AccountSetup extends RegistrySetup {
  /** Value of the CDK's version parameter; undefined where the account is not bootstrapped. */
  readonly bootstrap?: string;
  readonly lambdaConcurrency?: number;
  /** Roles that exist, as `PATH/NAME`, such as `AWSServiceRoleForRDS` or `operations/administrator`. */
  readonly roles?: readonly string[];
  /** Names of log groups. */
  readonly logGroups?: readonly string[];
  /** What stacks hold, by name of the stack: physical ids, each on a page of its own, and states. */
  readonly stacks?: Readonly<Record<string, readonly (readonly [id: string, status: string])[]>>;
  /** Zones by name: id and state. */
  readonly zones?: Readonly<Record<string, readonly [id: string, state: string]>>;
  /** Zones that offer each type, each on a page of its own. */
  readonly offerings?: Readonly<Record<string, readonly string[]>>;
  /** IAM actions that are refused. */
  readonly denied?: readonly string[];
  /** IAM actions that are throttled. */
  readonly throttled?: readonly string[];
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

function logGroups({ logGroups: all = [] }: AccountSetup, body: string): Answer {
  const { logGroupNamePrefix, limit } = JSON.parse(body) as { logGroupNamePrefix: string; limit: number };
  const found = all.filter((name) => name.startsWith(logGroupNamePrefix)).toSorted();
  return json(200, { logGroups: found.slice(0, limit).map((logGroupName) => ({ logGroupName })) });
}

function stackResources({ stacks = {} }: AccountSetup, form: URLSearchParams): Answer {
  const name = form.get('StackName') ?? '';
  const held = stacks[name];
  if (held === undefined) {
    const message = `Stack with id ${name} does not exist`;
    return xml(
      400,
      `<ErrorResponse><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  }
  const page = Number(form.get('NextToken') ?? 0);
  const [id, status] = held[page] ?? [];
  const member = `<PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus>`;
  const next = page + 1 < held.length ? `<NextToken>${page + 1}</NextToken>` : '';
  return xml(
    200,
    `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member>${member}</member>` +
      `</StackResourceSummaries>${next}</ListStackResourcesResult></ListStackResourcesResponse>`,
  );
}

/** Services that are asked in AWS JSON, by what stands before the operation. */
const JSON_SERVICES: Readonly<Record<string, string>> = {
  AmazonSSM: 'ssm',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  CertificateManager: 'acm',
  Logs_20140328: 'logs',
};

/** The IAM action of a request, in whichever of the four protocols it comes. */
function actionOf({ url = '', headers }: IncomingMessage, form: URLSearchParams): string {
  if (url.endsWith('/account-settings')) return 'lambda:GetAccountSettings';
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', operation = ''] = target.split('.');
    return `${JSON_SERVICES[service] ?? service}:${operation}`;
  }
  const action = form.get('Action') ?? '';
  const others: Readonly<Record<string, string>> = { GetRole: 'iam', ListStackResources: 'cloudformation' };
  return `${others[action] ?? 'ec2'}:${action}`;
}

/** A refusal as each service words it. */
function refusal(action: string): Answer {
  const [service] = action.split(':');
  if (service !== undefined && Object.values(JSON_SERVICES).includes(service))
    return json(400, { __type: 'AccessDeniedException', message: action });
  if (service === 'lambda') {
    return json(403, { Message: action }, { 'x-amzn-errortype': 'AccessDeniedException' });
  }
  if (service === 'iam' || service === 'cloudformation') {
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

function answer(
  setup: AccountSetup,
  action: string,
  body: string,
  form: URLSearchParams,
  host: string,
): Answer {
  if (setup.denied?.includes(action)) return refusal(action);
  if (setup.throttled?.includes(action)) return json(400, { __type: 'ThrottlingException', message: 'slow' });
  if (setup.broken) return xml(500, '');
  if (action === 'ssm:GetParameter') return parameter(setup, (JSON.parse(body) as { Name?: unknown }).Name);
  if (action === 'lambda:GetAccountSettings') {
    return json(200, { AccountLimit: { ConcurrentExecutions: setup.lambdaConcurrency ?? 1000 } });
  }
  if (action === 'logs:DescribeLogGroups') return logGroups(setup, body);
  if (action === 'cloudformation:ListStackResources') return stackResources(setup, form);
  if (action === 'iam:GetRole') return role(setup, form.get('RoleName') ?? '');
  if (action === 'ec2:DescribeAvailabilityZones') return zones(setup);
  if (action === 'ec2:DescribeInstanceTypeOfferings') return offerings(setup, form);
  const registered = registryAnswer(setup, action, JSON.parse(body) as Record<string, unknown>, host);
  if (registered !== undefined) return json(registered.status, registered.body);
  throw new Error(`the stand-in does not play ${action}`);
}

/** What the storage of the registry answers, which knows no action. */
function blob({ blobs = {} }: AccountSetup, url: string): Answer | undefined {
  const digest = /^\/blobs\/(.+)\?/.exec(url)?.[1];
  if (digest === undefined) return undefined;
  const text = blobs[digest];
  return text === undefined ? xml(404, '') : { status: 200, body: text };
}

/** Clients of an HTTP server on loopback that plays an account, every IAM action that they took, and how blobs were asked. */
export async function accountStandIn(setup: AccountSetup) {
  const actions: string[] = [];
  const downloads: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const stored = blob(setup, request.url ?? '');
      if (stored !== undefined) {
        downloads.push(request.headers);
        if (setup.silentStorage !== true) response.writeHead(stored.status).end(stored.body);
        return;
      }
      const body = Buffer.concat(chunks).toString('utf8');
      const form = new URLSearchParams(body);
      const action = actionOf(request, form);
      actions.push(action);
      const { status, body: text, headers } = answer(setup, action, body, form, request.headers.host ?? '');
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
    acm: new ACMClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    ec2: new EC2Client(settings),
    ecr: new ECRClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    ssm: new SSMClient(settings),
  };
  const close = async () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { clients, actions, downloads, close };
}
