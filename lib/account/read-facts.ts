import type { ACMClient } from '@aws-sdk/client-acm';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { ECRClient } from '@aws-sdk/client-ecr';
import { GetRoleCommand, type IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import type { AccountFacts, AccountNeeds, AccountPlan, Zone } from './account-facts';
import { ACCOUNT_LIMITS } from './account-findings-registry';
import { readCertificate } from './read-certificate';
import { readImage } from './read-images';
import { readOrphanedLogGroups } from './read-log-groups';
import { reading } from './account-reading';

/** Clients of the environment's region, with credentials of its account. */
export interface AccountClients {
  readonly acm: ACMClient;
  readonly cloudFormation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly ssm: SSMClient;
}

export interface ReadFactsOptions {
  /** What configuration says of the account's plan. @default 'unknown' */
  readonly accountPlan?: AccountPlan;
  /** Time that a certificate's days are counted from. @default - the present */
  readonly now?: Date;
  /** Ends what is still being read, which then counts as not determined. */
  readonly signal?: AbortSignal;
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

/** What the platform is to use of the account: only what is looked for stands in the answer. */
async function readPlatform(
  { adminRole, images, certificate }: AccountNeeds,
  clients: AccountClients,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<Pick<AccountFacts, 'adminRole' | 'images' | 'certificate'>> {
  const administrator = adminRole?.otherAccount === undefined ? adminRole?.name : undefined;
  const [role, found, described] = await Promise.all([
    administrator === undefined ? undefined : readAdminRole(clients, administrator, signal),
    images === undefined
      ? undefined
      : Promise.all(
          images.inRegistry.map(
            async (image) => [image.workload, await readImage(clients.ecr, image, signal)] as const,
          ),
        ),
    certificate === undefined ? undefined : readCertificate(clients.acm, certificate, now, signal),
  ]);
  return {
    ...(role === undefined ? {} : { adminRole: role }),
    ...(found === undefined ? {} : { images: Object.fromEntries(found) }),
    ...(described === undefined ? {} : { certificate: described }),
  };
}

/**
 * Reads what an environment needs to know of its account: some twenty requests and a few for each image, most of them
 * side by side. Never throws for what cannot be read: that is a reading of its own, with the IAM action that was wanting.
 */
export async function readAccountFacts(
  needs: AccountNeeds,
  clients: AccountClients,
  { accountPlan = 'unknown', now = new Date(), signal }: ReadFactsOptions = {},
): Promise<AccountFacts> {
  const types = [...new Set(needs.instances.map(({ instanceType }) => instanceType))];
  const [bootstrapVersion, lambdaConcurrency, zones, roles, offerings, platform, orphanedLogGroups] =
    await Promise.all([
      readBootstrap(clients, signal),
      readLambda(clients, signal),
      readZones(clients, signal),
      Promise.all(
        needs.linkedRoles.map(
          async ({ service, role }) => [service, await readLinkedRole(clients, role, signal)] as const,
        ),
      ),
      Promise.all(types.map(async (type) => [type, await readOffering(clients, type, signal)] as const)),
      readPlatform(needs, clients, now, signal),
      readOrphanedLogGroups(clients, needs.logGroups, signal),
    ]);
  return {
    bootstrapVersion,
    lambdaConcurrency,
    zones,
    serviceLinkedRoles: Object.fromEntries(roles),
    zonesOffering: Object.fromEntries(offerings),
    ...platform,
    orphanedLogGroups,
    accountPlan,
  };
}
