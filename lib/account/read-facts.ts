import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { GetRoleCommand, type IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import type { AccountFacts, AccountNeeds, AccountPlan, Reading, Zone } from './facts';
import { ACCOUNT_LIMITS } from './findings';

/** Every IAM action that reading the facts takes. */
export const ACCOUNT_ACTIONS = [
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeInstanceTypeOfferings',
  'iam:GetRole',
  'lambda:GetAccountSettings',
  'ssm:GetParameter',
] as const;
type AccountAction = (typeof ACCOUNT_ACTIONS)[number];

/** Clients of the environment's region, with credentials of its account. */
export interface AccountClients {
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly ssm: SSMClient;
}

export interface ReadFactsOptions {
  /** What configuration says of the account's plan. @default 'unknown' */
  readonly accountPlan?: AccountPlan;
  /** Ends what is still being read, which then counts as not determined. */
  readonly signal?: AbortSignal;
}

/** What each service calls a refusal for want of permission. */
const DENIED = /AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure/;

/** A value, or that it could not be read: one refusal must not hide everything else. */
async function reading<T>(action: AccountAction, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { known: true, value: await read() };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    return { known: false, action, reason: DENIED.test(name) ? 'denied' : 'failed' };
  }
}

function readBootstrap({ ssm }: AccountClients, abortSignal: AbortSignal | undefined) {
  return reading<number | null>('ssm:GetParameter', async () => {
    try {
      const { Parameter } = await ssm.send(
        new GetParameterCommand({ Name: ACCOUNT_LIMITS.bootstrap.parameter }),
        { abortSignal },
      );
      const version = Number(Parameter?.Value);
      if (!Number.isInteger(version)) throw new Error('the bootstrap version is no number');
      return version;
    } catch (error) {
      if (error instanceof ParameterNotFound) return null;
      throw error;
    }
  });
}

function readLambda({ lambda }: AccountClients, abortSignal: AbortSignal | undefined) {
  return reading('lambda:GetAccountSettings', async () => {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}), { abortSignal });
    if (AccountLimit?.ConcurrentExecutions === undefined) throw new Error('no limit in the answer');
    return AccountLimit.ConcurrentExecutions;
  });
}

function readLinkedRole({ iam }: AccountClients, role: string, abortSignal: AbortSignal | undefined) {
  return reading('iam:GetRole', async () => {
    try {
      await iam.send(new GetRoleCommand({ RoleName: role }), { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof NoSuchEntityException) return false;
      throw error;
    }
  });
}

/** The role that has a name, whatever its path, as `role/PATH/NAME`. */
function readAdminRole({ iam }: AccountClients, name: string, abortSignal: AbortSignal | undefined) {
  return reading<string | null>('iam:GetRole', async () => {
    try {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal });
      if (Role?.Path === undefined || Role.RoleName === undefined) throw new Error('no role in the answer');
      return `role${Role.Path}${Role.RoleName}`;
    } catch (error) {
      if (error instanceof NoSuchEntityException) return null;
      throw error;
    }
  });
}

function readZones({ ec2 }: AccountClients, abortSignal: AbortSignal | undefined) {
  return reading('ec2:DescribeAvailabilityZones', async () => {
    // Only zones that the account has opted in to; local and wavelength zones hold none of these stacks.
    const { AvailabilityZones = [] } = await ec2.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }],
      }),
      { abortSignal },
    );
    return AvailabilityZones.map(({ ZoneName: name = '', ZoneId: id = '', State }): Zone => ({
      name,
      id,
      available: State === 'available',
    })).sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

function readOffering({ ec2 }: AccountClients, instanceType: string, abortSignal: AbortSignal | undefined) {
  return reading('ec2:DescribeInstanceTypeOfferings', async () => {
    const zones: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2.send(
        new DescribeInstanceTypeOfferingsCommand({
          LocationType: 'availability-zone',
          Filters: [{ Name: 'instance-type', Values: [instanceType] }],
          NextToken,
        }),
        { abortSignal },
      );
      zones.push(...(page.InstanceTypeOfferings ?? []).flatMap(({ Location }) => Location ?? []));
      NextToken = page.NextToken === '' ? undefined : page.NextToken;
    } while (NextToken !== undefined);
    return zones.sort();
  });
}

/**
 * Reads what an environment needs to know of its account: at most nine requests, side by side. Never throws for what
 * cannot be read: that is a reading of its own, with the IAM action that was wanting.
 */
export async function readAccountFacts(
  needs: AccountNeeds,
  clients: AccountClients,
  { accountPlan = 'unknown', signal }: ReadFactsOptions = {},
): Promise<AccountFacts> {
  const types = [...new Set(needs.instances.map(({ instanceType }) => instanceType))];
  const administrator = needs.adminRole?.otherAccount === undefined ? needs.adminRole?.name : undefined;
  const [bootstrapVersion, lambdaConcurrency, zones, roles, offerings, adminRole] = await Promise.all([
    readBootstrap(clients, signal),
    readLambda(clients, signal),
    readZones(clients, signal),
    Promise.all(
      needs.linkedRoles.map(
        async ({ service, role }) => [service, await readLinkedRole(clients, role, signal)] as const,
      ),
    ),
    Promise.all(types.map(async (type) => [type, await readOffering(clients, type, signal)] as const)),
    administrator === undefined ? undefined : readAdminRole(clients, administrator, signal),
  ]);
  return {
    bootstrapVersion,
    lambdaConcurrency,
    zones,
    serviceLinkedRoles: Object.fromEntries(roles),
    zonesOffering: Object.fromEntries(offerings),
    ...(adminRole === undefined ? {} : { adminRole }),
    accountPlan,
  };
}
