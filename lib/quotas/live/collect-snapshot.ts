import { setMaxListeners } from 'node:events';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Environment } from '../../config/environment';
import { UserError } from '../../util/user-error';
import type { PriceBook } from '../../pricing/price-book';
import { HOSTING_TYPES, QUOTA, type QuotaKey, endpointQuotaKey, quotaDefinition } from '../quota-catalogue';
import type { RecordedQuota, Snapshot } from '../snapshot-schema';
import { type Aws, connect } from '../../aws/session';
import { type EndpointUse, endpointReader, endpointUsage, ownEndpoints } from './endpoint-usage';
import { ReadFailure, noAccount } from '../../aws/read-failure';
import { limitReader, sharedReadings } from './quota-limits';
import { networkUsage } from './network-usage';
import type { IamAction } from '../../aws/quota-actions';
import { type Outcome, outcomeOf } from '../../aws/outcome';
import { ownership } from './ownership';
import { quotasToRead } from './quotas-to-read';
import { serviceUsage } from './service-usage';
import type { LimitReading } from './service-quotas';
import type { UsageReading } from './usage-reading';

export interface CollectOptions {
  readonly environment: Environment;
  readonly region: string;
  /** Quotas that the environment draws on beside its models: the keys of the plan's platform demand. */
  readonly platform: Iterable<QuotaKey>;
  /** Prices of the region: they decide which instance types are worth reading. */
  readonly prices: PriceBook;
  /** Start of the names of this environment's stacks, such as `mini-xdr-dev-`. */
  readonly ownStackPrefix: string;
  /** Profile of the shared AWS configuration. @default - the SDK's own choice */
  readonly profile?: string;
  /** Account that the credentials must belong to. @default - any */
  readonly expectAccount?: string;
  /** After so many ms the collection answers with what it has. @default 30000 */
  readonly deadlineMs?: number;
  /** Told in short lines how far it is; meant for standard error. */
  readonly progress: (text: string) => void;
  /** The time of the reading. */
  readonly now: Date;
  /** Uniform in [0, 1), for the jitter of retries. @default Math.random */
  readonly random?: () => number;
  /** Multiple of the usual rates, for an endpoint that throttles nobody. A whole number. @default 1 */
  readonly pace?: number;
}

/** What was read, and at what price. */
export interface Collection {
  readonly snapshot: Snapshot;
  /** Requests sent, repeated ones included. */
  readonly calls: number;
  /** Permissions that were missing, by the quota that they left unknown. */
  readonly denied: readonly { readonly quota: QuotaKey; readonly action: IamAction }[];
}

interface Row {
  readonly key: QuotaKey;
  readonly limit: Outcome<LimitReading>;
  readonly usage: Outcome<UsageReading>;
}

const DEADLINE_MS = 30_000;

/**
 * The account of the credentials.
 *
 * @throws UserError when it is not the expected one, or cannot be determined
 */
async function accountOf(aws: Aws, { region, expectAccount }: CollectOptions): Promise<string> {
  let account: string | undefined;
  try {
    ({ Account: account } = await aws.sts.send(new GetCallerIdentityCommand({})));
  } catch (error) {
    throw error instanceof ReadFailure ? noAccount(error, region) : error;
  }
  if (account === undefined) {
    throw noAccount(new ReadFailure('failed', 'sts:GetCallerIdentity', 'no account in the answer'), region);
  }
  if (expectAccount !== undefined && account !== expectAccount) {
    throw new UserError(
      `the credentials belong to account ${account}, expected was ${expectAccount}: name credentials of that account with --profile, or correct --expect-account`,
    );
  }
  return account;
}

function missingOf({ limit, usage }: Row): string | undefined {
  const missing = [limit, usage].flatMap((outcome) => (outcome.known ? [] : outcome.missing));
  return missing.length === 0 ? undefined : [...new Set(missing)].join(', ');
}

function recorded(row: Row, asOf: string): RecordedQuota {
  const { service, code, name } = quotaDefinition(row.key);
  const { limit, usage } = row;
  const missing = missingOf(row);
  return {
    service,
    code: limit.known ? limit.value.code : code,
    name,
    value: limit.known ? limit.value.value : null,
    origin: limit.known ? limit.value.origin : 'unknown',
    usage: usage.known
      ? { value: usage.value.value, by: usage.value.by, asOf }
      : { value: null, by: 'unknown', asOf },
    own: usage.known ? usage.value.own : 0,
    ...(missing === undefined ? {} : { missing }),
  };
}

/** Usage of a quota that nothing reads stays unknown: it is never taken for nothing. */
async function unread(): Promise<never> {
  throw new ReadFailure('failed', undefined, 'no reader of its usage');
}

/** Quotas whose usage is that of endpoints: where neither is read, no endpoint is looked at. */
const OF_ENDPOINTS: readonly QuotaKey[] = [QUOTA.endpointInstances, QUOTA.serverlessConcurrency];

/** Endpoint quotas of the instance types that endpoints are on. */
function quotasOfTypes(endpoints: readonly EndpointUse[]): QuotaKey[] {
  const types = endpoints.flatMap(({ variants }) => variants.map(({ instanceType }) => instanceType));
  return [...new Set(types)].flatMap((name) => {
    const type = name === undefined ? undefined : HOSTING_TYPES.get(name);
    return type === undefined ? [] : endpointQuotaKey(type);
  });
}

interface Readings {
  readonly rows: readonly Row[];
  /** Undefined when no endpoint was looked at, or it could not be told whose they are. */
  readonly running: readonly string[] | undefined;
}

async function readAll(aws: Aws, keys: readonly QuotaKey[], options: CollectOptions): Promise<Readings> {
  const { ownStackPrefix, progress } = options;
  const shared = sharedReadings(aws);
  const owned = ownership(aws, ownStackPrefix);
  const endpoints = endpointReader(aws);
  const readLimit = limitReader(aws, shared);
  const readUsage = {
    ...networkUsage(aws, owned),
    ...endpointUsage(endpoints, owned),
    ...serviceUsage(aws, { shared, ownership: owned, keys }),
  };
  let done = 0;
  const readRows = (wanted: readonly QuotaKey[]): Promise<Row[]> =>
    Promise.all(
      wanted.map(async (key) => {
        const [limit, usage] = await Promise.all([
          outcomeOf(readLimit(key)),
          outcomeOf((readUsage[key] ?? unread)()),
        ]);
        done += 1;
        progress(`read ${done} of ${Math.max(done, keys.length)} quotas: ${quotaDefinition(key).name}\n`);
        return { key, limit, usage };
      }),
    );
  const rows = await readRows(keys);
  if (!OF_ENDPOINTS.some((key) => keys.includes(key))) return { rows, running: undefined };
  const own = await outcomeOf(ownEndpoints(endpoints, owned));
  if (!own.known) return { rows, running: undefined };
  // What runs could not be kept on a type of whose quota nothing is known.
  const missing = quotasOfTypes(own.value).filter((key) => !keys.includes(key));
  return {
    rows: [...rows, ...(await readRows(missing))],
    running: own.value.map(({ name }) => name),
  };
}

/**
 * Reads the limits and the usage that a plan of the environment can touch from a live account, and nothing else. Calls
 * run side by side, each service at its own rate. Whatever is denied, or missing when the deadline passes, is recorded
 * as unknown with what it lacked; it never becomes zero and never a pass.
 *
 * Sends about 40 requests for a first deployment, and one or two more for each endpoint and stack that exists.
 *
 * @throws UserError for credentials that AWS does not accept, a clock that is wrong, or an account that is not the
 *   expected one; in the last case before anything else is read
 */
export async function collectSnapshot(options: CollectOptions): Promise<Collection> {
  const { environment, region, profile, platform, prices, now, random = Math.random } = options;
  const deadline = new AbortController();
  // Every call under way listens to it, and Node takes more than ten for a leak.
  setMaxListeners(0, deadline.signal);
  const timer = setTimeout(() => deadline.abort(), options.deadlineMs ?? DEADLINE_MS);
  const aws = connect({ region, profile, signal: deadline.signal, random, pace: options.pace ?? 1 });
  try {
    const account = await accountOf(aws, options);
    const keys = quotasToRead(environment, platform, prices);
    options.progress(`reading ${keys.length} quotas of ${account} in ${region}\n`);
    const { rows, running } = await readAll(aws, keys, options);
    const asOf = now.toISOString();
    return {
      snapshot: {
        schemaVersion: 1,
        account,
        region,
        takenAt: asOf,
        source: `Read live for the environment ${environment.name}; what its own stacks hold stands in "own".`,
        ...(running === undefined ? {} : { running: [...running] }),
        quotas: rows.map((row) => recorded(row, asOf)),
      },
      calls: aws.calls(),
      denied: rows.flatMap(({ key, limit, usage }) =>
        [limit, usage].flatMap((outcome) =>
          outcome.known || outcome.denied === undefined ? [] : { quota: key, action: outcome.denied },
        ),
      ),
    };
  } finally {
    clearTimeout(timer);
    aws.close();
  }
}
