import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionUrlConfigCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { environmentPrefix } from '../config/resource-names';

/** Output of the Serving stack that names the function. */
export const FUNCTION_OUTPUT = 'InferenceFunctionName';

/** The stack that holds the inference Lambda. */
export function servingStack(environment: string): string {
  return `${environmentPrefix(environment)}-Serving`;
}

/** The door of a deployed environment. */
export interface Door {
  readonly url: string;
  /** `AWS_IAM`, or `NONE` where everybody may call. */
  readonly authType: string;
}

/** @returns name of the function that the stack put out; undefined where the stack puts out none */
export async function functionName(
  client: CloudFormationClient,
  environment: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const command = new DescribeStacksCommand({ StackName: servingStack(environment) });
  const { Stacks = [] } = await client.send(command, { abortSignal });
  return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === FUNCTION_OUTPUT)?.OutputValue;
}

/** @returns URL and authentication of a function; undefined where AWS gave no URL */
export async function doorOf(
  client: LambdaClient,
  FunctionName: string,
  abortSignal: AbortSignal,
): Promise<Door | undefined> {
  const command = new GetFunctionUrlConfigCommand({ FunctionName });
  const { FunctionUrl: url, AuthType: authType = 'unknown' } = await client.send(command, { abortSignal });
  return url === undefined ? undefined : { url, authType };
}
