import { EXIT, UserError } from '../util/user-error';
import type { IamAction } from './quota-actions';

/**
 * Why a reading is missing. `absent`: AWS knows no such thing, which is an answer; the others leave it open.
 */
export type FailureReason = 'denied' | 'throttled' | 'deadline' | 'absent' | 'failed';

/** A reading that could not be had. Its message says what is missing, and nothing that AWS answered. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';

  constructor(
    readonly reason: FailureReason,
    /** The action that was called, the one that is missing where the reason is `denied`. */
    readonly action: IamAction | undefined,
    /** What a snapshot records as missing: the action where it was denied, else the reason. */
    readonly missing: string,
  ) {
    super(missing);
  }
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'NotAuthorized',
  'Client.UnauthorizedOperation',
]);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
]);
const ABSENT = new Set(['NoSuchResourceException', 'ResourceNotFound', 'DBInstanceNotFoundFault']);
const CLOCK = new Set([
  'RequestTimeTooSkewed',
  'RequestExpired',
  'RequestInTheFuture',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'AuthFailure',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
]);

/** Attempts at a call that fails for want of a working server or network. */
const TRANSIENT_ATTEMPTS = 4;

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
}

function asAwsError(error: unknown): AwsError {
  return error instanceof Error ? error : new Error(String(error));
}

function isThrottled({ name, $metadata }: AwsError): boolean {
  return THROTTLED.has(name) || $metadata?.httpStatusCode === 429;
}

function isTransient({ name, code, $metadata }: AwsError): boolean {
  const status = $metadata?.httpStatusCode;
  return status === undefined ? code !== undefined || name === 'TimeoutError' : status >= 500;
}

/** Whether another attempt may help: throttling until the deadline, a failing server or network a few times. */
export function worthRetrying(error: unknown, failures: number): boolean {
  const failed = asAwsError(error);
  if (CREDENTIALS.has(failed.name)) return false;
  if (isThrottled(failed)) return true;
  // The SDK learns the server's clock from a refusal, so the next attempt is signed with the right time.
  if (CLOCK.has(failed.name)) return failures < 2 && failed.$metadata?.clockSkewCorrected === true;
  return isTransient(failed) && failures < TRANSIENT_ATTEMPTS;
}

/** Failures that no reading can outlive, in words that name the remedy and no secret. */
function fatal({ name }: AwsError, profile: string | undefined): UserError | undefined {
  if (CREDENTIALS.has(name)) {
    const login = profile === undefined ? '' : ` --profile ${profile}`;
    return new UserError(
      `AWS accepts no credentials for this check (${name}): sign in again (aws sso login${login}), or name working credentials with --profile or the AWS_* variables`,
    );
  }
  if (CLOCK.has(name)) {
    return new UserError(
      `AWS refuses the signature of the request (${name}): set this machine's clock (AWS allows five minutes of difference); if it is right, the secret access key does not belong to the access key id`,
    );
  }
  return undefined;
}

/**
 * What a failed call means for the reading.
 *
 * @param expired whether the deadline had passed
 * @returns a {@link ReadFailure}, or a UserError where nothing can be read at all
 */
export function failureOf(
  error: unknown,
  action: IamAction,
  expired: boolean,
  profile: string | undefined,
): ReadFailure | UserError {
  const failed = asAwsError(error);
  const noReading = fatal(failed, profile);
  if (noReading !== undefined) return noReading;
  if (DENIED.has(failed.name)) return new ReadFailure('denied', action, action);
  if (isThrottled(failed)) return new ReadFailure('throttled', action, 'throttled');
  if (expired) return new ReadFailure('deadline', action, 'deadline');
  // SageMaker has no error of its own for what does not exist.
  const gone = failed.name === 'ValidationException' && /could not find/i.test(failed.message);
  if (gone || ABSENT.has(failed.name)) return new ReadFailure('absent', action, 'absent');
  return new ReadFailure('failed', action, `failed: ${failed.code ?? failed.name}`);
}

/** The error that ends the check when not even the account could be determined. */
export function noAccount(failure: ReadFailure, region: string): UserError {
  return new UserError(
    `the account could not be determined in ${region} (${failure.missing}): check the network and the region, then run the check again`,
    EXIT.unknown,
  );
}
