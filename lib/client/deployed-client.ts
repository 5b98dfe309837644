import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { EXIT, UserError } from '../util/user-error';
import type { IamAction } from '../aws/quota-actions';
import { failureOf } from '../aws/read-failure';
import type { Ask } from './prediction-answer';
import { askThroughUrl } from './function-url-client';
import { doorOf, functionName, servingStack } from './locate-function';
import { signer } from './request-signer';

export interface RemoteOptions {
  readonly environment: string;
  readonly region: string;
  /** Profile of the shared AWS configuration. @default - the SDK's own choice */
  readonly profile?: string;
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
}

const DENIED = 'allow it to these credentials, and try again';

/** What a failed look-up means for somebody who wants flows answered. */
function unreachable(
  error: unknown,
  action: IamAction,
  { profile, signal, environment }: RemoteOptions,
): UserError {
  const { message, name } = error as Error;
  if (/does not exist/.test(message) || name === 'ResourceNotFoundException') return notDeployed(environment);
  const failure = failureOf(error, action, signal.aborted, profile);
  if (failure instanceof UserError) return new UserError(failure.message, EXIT.unknown);
  const what = failure.reason === 'denied' ? `was denied; ${DENIED}` : `${failure.missing}; try again`;
  return new UserError(
    `the inference Lambda of ${environment} cannot be found: ${action} ${what}`,
    EXIT.unknown,
  );
}

function notDeployed(environment: string): UserError {
  return new UserError(
    `${environment} has no inference Lambda in this account and region (stack ${servingStack(environment)}): deploy it (npx cdk deploy --all -c env=${environment}), name the account that has it with --profile, or run the models here with --local`,
    EXIT.unknown,
  );
}

/**
 * Finds the Function URL of a deployed environment.
 *
 * @throws UserError (3) when it is not deployed or cannot be looked up
 */
export async function askDeployed(options: RemoteOptions): Promise<Ask> {
  const { environment, region, profile, signal } = options;
  const credentials = fromNodeProviderChain({ profile, clientConfig: { region } });
  const config = { region, credentials };
  const wrong = (action: IamAction) => (error: unknown) => {
    throw unreachable(error, action, options);
  };
  const name = await functionName(new CloudFormationClient(config), environment, signal).catch(
    wrong('cloudformation:DescribeStacks'),
  );
  if (name === undefined) throw notDeployed(environment);
  const door = await doorOf(new LambdaClient(config), name, signal).catch(
    wrong('lambda:GetFunctionUrlConfig'),
  );
  if (door === undefined) throw notDeployed(environment);
  return askThroughUrl(door.url, signer(region, credentials), { signal });
}
