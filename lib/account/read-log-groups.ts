import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { type CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { FixedLogGroup } from '../plan/log-group-names';
import type { Reading } from './account-facts';
import { reading } from './account-reading';

interface LogGroupClients {
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
}

/** States of a resource that a stack names and does not hold any more. */
const GONE = new Set(['DELETE_COMPLETE', 'DELETE_SKIPPED']);

async function exists(
  logs: CloudWatchLogsClient,
  logGroupNamePrefix: string,
  abortSignal: AbortSignal | undefined,
): Promise<boolean> {
  // The answer is sorted by name, so a group of exactly this name comes before all longer ones.
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, limit: 1 }), {
    abortSignal,
  });
  return logGroups[0]?.logGroupName === logGroupNamePrefix;
}

/** Physical ids of what a stack holds; none where it does not exist. */
async function heldBy(
  client: CloudFormationClient,
  StackName: string,
  abortSignal: AbortSignal | undefined,
): Promise<Set<string>> {
  const ids = new Set<string>();
  try {
    for await (const page of paginateListStackResources({ client }, { StackName }, { abortSignal })) {
      for (const { PhysicalResourceId: id, ResourceStatus = '' } of page.StackResourceSummaries ?? []) {
        if (id !== undefined && !GONE.has(ResourceStatus)) ids.add(id);
      }
    }
    return ids;
  } catch (error) {
    // CloudFormation has no error of its own for a stack that does not exist.
    if (error instanceof Error && /does not exist/.test(error.message)) return ids;
    throw error;
  }
}

/** Names of the groups that exist and that their stack does not hold: CloudFormation cannot make them again. */
export async function readOrphanedLogGroups(
  { cloudFormation, logs }: LogGroupClients,
  groups: readonly FixedLogGroup[],
  signal: AbortSignal | undefined,
): Promise<Reading<readonly string[]>> {
  const looked = await reading('logs:DescribeLogGroups', () =>
    Promise.all(groups.map(async (group) => ((await exists(logs, group.name, signal)) ? [group] : []))),
  );
  if (!looked.known) return looked;
  const found = looked.value.flat();
  const stacks = [...new Set(found.map(({ stack }) => stack))];
  const held = await reading('cloudformation:ListStackResources', () =>
    Promise.all(stacks.map((stack) => heldBy(cloudFormation, stack, signal))),
  );
  if (!held.known) return held;
  return {
    known: true,
    value: found.map(({ name }) => name).filter((name) => !held.value.some((ids) => ids.has(name))),
  };
}
