import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { environmentPrefix } from '../config/resource-names';

/**
 * Whether an environment is deployed in the account: its first stack, the network, exists.
 *
 * @returns undefined where that cannot be told
 */
export async function isDeployed(
  client: CloudFormationClient,
  environment: string,
  abortSignal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const StackName = `${environmentPrefix(environment)}-Network`;
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }), { abortSignal });
    return Stacks.length > 0;
  } catch (error) {
    const missing = error instanceof Error && /does not exist/.test(error.message);
    return missing ? false : undefined;
  }
}
