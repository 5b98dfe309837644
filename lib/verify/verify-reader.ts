import { setMaxListeners } from 'node:events';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EKSClient } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { UserError } from '../util/user-error';
import { failureOf, worthRetrying } from '../aws/read-failure';
import { retrying } from '../aws/pacing';
import { type Found, undetermined } from './check-outcome';
import type { VerifyAction } from './verify-actions';

/** What AWS says: a value, that there is no such thing, or nothing that can be relied on. */
export type Read<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly found: Found };

export interface ReaderOptions {
  readonly region: string;
  /** Profile of the shared AWS configuration. @default - the SDK's own choice */
  readonly profile?: string;
  /** Ends what is under way, which then counts as undetermined. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number;
}

/** Attempts of one reading that is throttled; after that it is undetermined. */
const MOST_ATTEMPTS = 6;

/** What each service says of something that does not exist. */
function isAbsent(error: unknown): boolean {
  const { name, message } = error as Error;
  if (/NotFound(Exception|Fault)?$/.test(name)) return true;
  return name.startsWith('Validation') && /does not exist|could not find/i.test(message);
}

/** How AWS is asked while verifying. */
export type Reader = ReturnType<typeof createReader>;

/**
 * Clients on the standard credential chain, and a way to read with them that never rejects: throttled calls are made
 * again a few times, and what still cannot be read says which permission or what else was wanting. Once the credentials
 * themselves are refused, nothing more is sent.
 */
export function createReader({ region, profile, signal, random }: ReaderOptions) {
  // Dozens of readings wait for the one signal at a time; node takes that for a leak.
  setMaxListeners(0, signal);
  const credentials = fromNodeProviderChain({ profile, clientConfig: { region } });
  // One attempt each: reading tries again by itself, and stops when the signal says so.
  const config = { region, credentials, maxAttempts: 1 };
  let noCredentials: Found | undefined;

  const explain = (error: unknown, action: VerifyAction): Found => {
    const failure = failureOf(error, action, signal.aborted, profile);
    if (failure instanceof UserError) {
      const [what = '', ...remedy] = failure.message.split(': ');
      noCredentials = undetermined(what, remedy.join(': '));
      return noCredentials;
    }
    switch (failure.reason) {
      case 'denied':
        return undetermined(
          `${action} was denied`,
          `allow ${action} (--print-policy shows the whole policy)`,
        );
      case 'throttled':
        return undetermined(`${action} was throttled to the end`, 'run the verification again');
      case 'deadline':
        return undetermined(`${action} did not answer in time`, 'run it again, or give more --deadline');
      default:
        // A proxy or a simulator, whose page is none of the documents that the client reads.
        if ((error as Error).name === 'SyntaxError') {
          return undetermined(
            `${action} was answered by something that does not know it`,
            'check what AWS_ENDPOINT_URL and proxies lead to, and run it again',
          );
        }
        return undetermined(`${action} ${failure.missing}`, 'check network and region, and run it again');
    }
  };

  const read = async <T>(action: VerifyAction, attempt: () => Promise<T>): Promise<Read<T>> => {
    if (noCredentials !== undefined) return { state: 'unknown', found: noCredentials };
    try {
      const again = (error: unknown, failures: number) =>
        failures < MOST_ATTEMPTS && worthRetrying(error, failures);
      return { state: 'known', value: await retrying(attempt, { signal, random, again }) };
    } catch (error) {
      if (isAbsent(error)) return { state: 'absent' };
      return { state: 'unknown', found: explain(error, action) };
    }
  };

  const clients = {
    cloudFormation: new CloudFormationClient(config),
    sageMaker: new SageMakerClient(config),
    autoScaling: new ApplicationAutoScalingClient(config),
    lambda: new LambdaClient(config),
    ecr: new ECRClient(config),
    eks: new EKSClient(config),
    loadBalancing: new ElasticLoadBalancingV2Client(config),
    rds: new RDSClient(config),
  };
  return {
    ...clients,
    credentials,
    region,
    signal,
    read,
    /** Closes the connections. */
    close: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}
