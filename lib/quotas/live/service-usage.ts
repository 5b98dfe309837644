import { paginateDescribeScalableTargets } from '@aws-sdk/client-application-auto-scaling';
import { paginateListClusters } from '@aws-sdk/client-eks';
import {
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { paginateListKeys } from '@aws-sdk/client-kms';
import { paginateDescribeDBInstances } from '@aws-sdk/client-rds';
import { paginateListNotebookInstances } from '@aws-sdk/client-sagemaker';
import { QUOTA, type QuotaKey, quotaDefinition } from '../quota-catalogue';
import type { Aws } from '../../aws/session';
import type { SharedReadings } from './quota-limits';
import { everyItem, given, once } from '../../aws/outcome';
import type { Ownership } from './ownership';
import { type UsageReading, countOf } from './usage-reading';

/** The most that ListKeys answers at once. */
const KEYS_A_PAGE = 1000;

export interface ServiceUsageContext {
  readonly shared: SharedReadings;
  readonly ownership: Ownership;
  /** Quotas that will be asked for: notebooks have one for each type. */
  readonly keys: readonly QuotaKey[];
}

/**
 * Counts every key that the account lists. AWS managed keys are among them and the quota does not count those, so this
 * is an upper bound; keys that wait for their deletion are among them too, and the quota does count those. The metric
 * in AWS/Usage is exact, but an account that never had a key has no datapoint.
 *
 * Sources: AWS KMS API reference, "ListKeys"; AWS KMS developer guide, "Resource quotas".
 */
async function kmsKeys({ kms: client }: Aws, ownership: Ownership): Promise<UsageReading> {
  const keys = await everyItem(paginateListKeys({ client, pageSize: KEYS_A_PAGE }, {}), ({ Keys }) => Keys);
  return countOf(
    keys.map(({ KeyId, KeyArn }) => ({ ids: [KeyId, KeyArn] })),
    ownership,
  );
}

async function dbInstances(shared: SharedReadings, ownership: Ownership): Promise<UsageReading> {
  const value = given((await shared.databases()).get('DBInstances')?.Used, 'DBInstances');
  if (value === 0) return { value, own: 0, by: 'describe' };
  const { length } = await ownership.ownOf('AWS::RDS::DBInstance');
  return { value, own: Math.min(value, length), by: 'describe' };
}

async function dbStorage({ rds }: Aws, shared: SharedReadings, ownership: Ownership): Promise<UsageReading> {
  const value = given((await shared.databases()).get('AllocatedStorage')?.Used, 'AllocatedStorage');
  if (value === 0) return { value, own: 0, by: 'describe' };
  const ids = (await ownership.ownOf('AWS::RDS::DBInstance')).flatMap(
    ({ PhysicalResourceId }) => PhysicalResourceId ?? [],
  );
  if (ids.length === 0) return { value, own: 0, by: 'describe' };
  const filter = { Name: 'db-instance-id', Values: ids };
  const databases = await everyItem(
    paginateDescribeDBInstances({ client: rds }, { Filters: [filter] }),
    ({ DBInstances }) => DBInstances,
  );
  const own = databases.reduce((sum, { AllocatedStorage = 0 }) => sum + AllocatedStorage, 0);
  return { value, own: Math.min(own, value), by: 'describe' };
}

/** Concurrency that functions reserve: it is gone for everybody else. */
async function reservedConcurrency(shared: SharedReadings): Promise<UsageReading> {
  const { AccountLimit: limit } = await shared.lambda();
  const all = given(limit?.ConcurrentExecutions, 'ConcurrentExecutions');
  const unreserved = given(limit?.UnreservedConcurrentExecutions, 'UnreservedConcurrentExecutions');
  // The inference Lambda reserves none, so nothing of it is the environment's own.
  return { value: all - unreserved, own: 0, by: 'describe' };
}

const NOTEBOOK_QUOTA = /^(ml\.\S+) for notebook instance usage$/;

/**
 * Readers of notebooks, all together and by type. A stopped notebook is counted too: it takes the quota back when
 * somebody starts it.
 */
function notebookUsage(aws: Aws, ownership: Ownership, keys: readonly QuotaKey[]) {
  const notebooks = once(async () => {
    const pages = paginateListNotebookInstances({ client: aws.sagemaker }, {});
    const all = await everyItem(pages, ({ NotebookInstances }) => NotebookInstances);
    return all.filter(({ NotebookInstanceStatus }) => NotebookInstanceStatus !== 'Failed');
  });
  const count = (instanceType?: string) => async () => {
    const found = (await notebooks()).filter(
      ({ InstanceType }) => instanceType === undefined || InstanceType === instanceType,
    );
    const identities = found.map(({ NotebookInstanceArn: arn, NotebookInstanceName: name }) => ({
      ids: [arn, name],
    }));
    return countOf(identities, ownership);
  };
  const byType = keys.flatMap((key) => {
    const type = NOTEBOOK_QUOTA.exec(quotaDefinition(key).name)?.[1];
    return type === undefined ? [] : [[key, count(type)] as const];
  });
  return { [QUOTA.notebooks]: count(), ...Object.fromEntries(byType) };
}

/** Readers of what holds the quotas of the services around the endpoints. */
export function serviceUsage(
  aws: Aws,
  { shared, ownership, keys }: ServiceUsageContext,
): Partial<Record<QuotaKey, () => Promise<UsageReading>>> {
  return {
    ...notebookUsage(aws, ownership, keys),
    [QUOTA.kmsKeys]: () => kmsKeys(aws, ownership),
    [QUOTA.dbInstances]: () => dbInstances(shared, ownership),
    [QUOTA.dbStorageGb]: () => dbStorage(aws, shared, ownership),
    [QUOTA.lambdaConcurrency]: () => reservedConcurrency(shared),
    [QUOTA.eksClusters]: async () => {
      const pages = paginateListClusters({ client: aws.eks }, {});
      const names = await everyItem(pages, ({ clusters }) => clusters);
      return countOf(
        names.map((name) => ({ ids: [name] })),
        ownership,
      );
    },
    [QUOTA.loadBalancers]: async () => {
      const pages = paginateDescribeLoadBalancers({ client: aws.loadBalancing, pageSize: 400 }, {});
      const balancers = await everyItem(pages, ({ LoadBalancers }) => LoadBalancers);
      const application = balancers.filter(({ Type }) => Type === 'application');
      return countOf(
        application.map(({ LoadBalancerArn }) => ({ ids: [LoadBalancerArn] })),
        ownership,
      );
    },
    [QUOTA.targetGroups]: async () => {
      const pages = paginateDescribeTargetGroups({ client: aws.loadBalancing, pageSize: 400 }, {});
      const groups = await everyItem(pages, ({ TargetGroups }) => TargetGroups);
      return countOf(
        groups.map(({ TargetGroupArn }) => ({ ids: [TargetGroupArn] })),
        ownership,
      );
    },
    [QUOTA.scalableTargets]: async () => {
      const pages = paginateDescribeScalableTargets(
        { client: aws.autoScaling },
        { ServiceNamespace: 'sagemaker' },
      );
      const targets = await everyItem(pages, ({ ScalableTargets }) => ScalableTargets);
      return countOf(
        // CloudFormation calls a scalable target by these three. (AWS::ApplicationAutoScaling::ScalableTarget, Ref.)
        targets.map(({ ResourceId, ScalableDimension, ServiceNamespace }) => ({
          ids: [`${ResourceId}|${ScalableDimension}|${ServiceNamespace}`],
        })),
        ownership,
      );
    },
    [QUOTA.stacks]: async () => {
      const stacks = await ownership.stacks();
      const own = stacks.filter(({ StackName }) => ownership.isOwnStack(StackName));
      return { value: stacks.length, own: own.length, by: 'describe' };
    },
  };
}
