import { paginateDescribeAccountLimits as paginateStackLimits } from '@aws-sdk/client-cloudformation';
import { DescribeAccountAttributesCommand } from '@aws-sdk/client-ec2';
import { paginateDescribeAccountLimits as paginateLoadBalancerLimits } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { DescribeAccountAttributesCommand as DescribeDatabaseAttributesCommand } from '@aws-sdk/client-rds';
import { QUOTA, type QuotaKey, quotaDefinition } from '../quota-catalogue';
import type { Aws } from '../../aws/session';
import { everyItem, given, once } from '../../aws/outcome';
import { type LimitReading, serviceQuotaReader } from './service-quotas';

/** What two quotas, or a limit and a usage, are read from together, so that it is asked for once. */
export function sharedReadings(aws: Aws) {
  return {
    lambda: once(() => aws.lambda.send(new GetAccountSettingsCommand({}))),
    /** Used and Max by name: `DBInstances`, `AllocatedStorage` in GiB. */
    databases: once(async () => {
      const { AccountQuotas = [] } = await aws.rds.send(new DescribeDatabaseAttributesCommand({}));
      return new Map(AccountQuotas.map((quota) => [quota.AccountQuotaName, quota]));
    }),
    loadBalancing: once(async () => {
      const pages = paginateLoadBalancerLimits({ client: aws.loadBalancing }, {});
      const limits = await everyItem(pages, ({ Limits }) => Limits);
      return new Map(limits.map(({ Name, Max }) => [Name, Max]));
    }),
  };
}

export type SharedReadings = ReturnType<typeof sharedReadings>;

async function elasticIps(aws: Aws): Promise<number> {
  const name = 'vpc-max-elastic-ips';
  const { AccountAttributes } = await aws.ec2.send(
    // The SDK names only the two oldest attributes; the API takes this one as well. (DescribeAccountAttributes.)
    new DescribeAccountAttributesCommand({ AttributeNames: [name as 'default-vpc'] }),
  );
  const values = AccountAttributes?.find(({ AttributeName }) => AttributeName === name)?.AttributeValues;
  return given(Number(values?.[0]?.AttributeValue), name);
}

async function stacks(aws: Aws): Promise<number> {
  const pages = paginateStackLimits({ client: aws.cloudFormation }, {});
  const limits = await everyItem(pages, ({ AccountLimits }) => AccountLimits);
  return given(limits.find(({ Name }) => Name === 'StackLimit')?.Value, 'StackLimit');
}

/**
 * Reads limits. Where a service tells its own, it is asked instead of Service Quotas, which throttles above five calls
 * a second and would be the bottleneck.
 */
export function limitReader(aws: Aws, shared: SharedReadings): (key: QuotaKey) => Promise<LimitReading> {
  const database = async (name: string) => given((await shared.databases()).get(name)?.Max, name);
  const loadBalancing = async (name: string) => given(Number((await shared.loadBalancing()).get(name)), name);
  const own: Partial<Record<QuotaKey, () => Promise<number>>> = {
    [QUOTA.elasticIps]: () => elasticIps(aws),
    [QUOTA.stacks]: () => stacks(aws),
    [QUOTA.dbInstances]: () => database('DBInstances'),
    [QUOTA.dbStorageGb]: () => database('AllocatedStorage'),
    [QUOTA.loadBalancers]: () => loadBalancing('application-load-balancers'),
    [QUOTA.targetGroups]: () => loadBalancing('target-groups'),
    [QUOTA.lambdaConcurrency]: async () =>
      given((await shared.lambda()).AccountLimit?.ConcurrentExecutions, 'ConcurrentExecutions'),
  };
  const listed = serviceQuotaReader(aws);
  return async (key) => {
    const definition = quotaDefinition(key);
    const read = own[key];
    return read === undefined
      ? listed(definition)
      : { value: await read(), origin: 'applied', code: definition.code };
  };
}
