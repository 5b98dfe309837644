import { statusUnsigned } from '../../client/function-url-client';
import { FUNCTION_OUTPUT, type Door, doorOf, functionName, servingStack } from '../../client/locate-function';
import { signableUrl } from '../../client/request-signer';
import { type Check, type Found, checkOf, failed, ok, undetermined } from '../check-outcome';
import type { Reader } from '../verify-reader';

/** The only authentication that keeps strangers out. */
const AUTH_TYPE = 'AWS_IAM';

const SUBJECT = 'Function URL';
const REDEPLOY = 'deploy the Serving stack of this tree again';
const SHUT = `${REDEPLOY}, and until then take the Function URL away (aws lambda delete-function-url-config)`;

/** The Function URL where there is one, and what the checks of it found. */
export interface FrontDoor {
  readonly check: Check;
  /** Absent where nobody can be asked. */
  readonly url?: string;
}

async function findDoor(environment: string, reader: Reader): Promise<Door | Found> {
  const { cloudFormation, lambda, read, signal } = reader;
  const name = await read('cloudformation:DescribeStacks', () =>
    functionName(cloudFormation, environment, signal),
  );
  if (name.state === 'unknown') return name.found;
  if (name.state === 'absent') {
    return failed(`stack ${servingStack(environment)} does not exist`, 'deploy the environment');
  }
  const { value } = name;
  if (value === undefined) {
    return failed(`${servingStack(environment)} has no output ${FUNCTION_OUTPUT}`, REDEPLOY);
  }
  const door = await read('lambda:GetFunctionUrlConfig', () => doorOf(lambda, value, signal));
  if (door.state === 'unknown') return door.found;
  if (door.state === 'absent' || door.value === undefined) {
    return failed('the inference Lambda has no Function URL', REDEPLOY);
  }
  return door.value;
}

/** What a call without a signature must meet. */
async function unsignedFound(url: string, signal: AbortSignal): Promise<Found> {
  const answer = await statusUnsigned(url, signal);
  if ('unreachable' in answer) {
    return undetermined(
      `an unsigned call did not get through (${answer.unreachable})`,
      'check the network, and run the verification again',
    );
  }
  const { status } = answer;
  if (status === 403) return ok('refuses an unsigned call');
  // Too many calls and failures of AWS come before any look at a signature.
  if (status === 429 || status >= 500) {
    return undetermined(`an unsigned call was answered ${status}`, 'run the verification again');
  }
  return failed(`an unsigned call was answered ${status}, and must be refused with 403`, SHUT);
}

/** Whether the inference Lambda has a Function URL that lets nobody in without a signature. */
export async function checkFrontDoor(environment: string, reader: Reader): Promise<FrontDoor> {
  const door = await findDoor(environment, reader);
  if ('outcome' in door) return { check: checkOf('door', SUBJECT, [door]) };
  const { url, authType } = door;
  const auth =
    authType === AUTH_TYPE
      ? ok(`authentication is ${AUTH_TYPE}`)
      : failed(`authentication is ${authType}, and must be ${AUTH_TYPE}`, SHUT);
  try {
    signableUrl(url);
  } catch (error) {
    return { check: checkOf('door', SUBJECT, [auth, failed((error as Error).message, REDEPLOY)]) };
  }
  return { check: checkOf('door', SUBJECT, [auth, await unsignedFound(url, reader.signal)]), url };
}
