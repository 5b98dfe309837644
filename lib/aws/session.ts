import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { failureOf, worthRetrying } from './read-failure';
import { OPERATIONS, actionOf } from './quota-actions';
import { RateLimiter, retrying } from './pacing';

export interface ConnectOptions {
  readonly region: string;
  /** Profile of the shared AWS configuration. @default - the SDK's own choice */
  readonly profile?: string;
  /** Aborts when the deadline passes. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** Multiple of the usual rates. */
  readonly pace: number;
}

/** The parts of an SDK client's middleware stack that pacing needs: around the whole call, and around each sending. */
interface InitializeStack<Input extends object, Output extends object> {
  add(
    middleware: (
      next: (args: { input: Input }) => Promise<{ response: unknown; output: Output }>,
      context: { readonly commandName?: string },
    ) => (args: { input: Input }) => Promise<{ response: unknown; output: Output }>,
    options: { readonly step: 'initialize'; readonly name: string },
  ): void;
}

interface FinalizeStack<Input extends object, Output extends object> {
  add(
    middleware: (
      next: (args: { input: Input; request: unknown }) => Promise<{ response: unknown; output: Output }>,
    ) => (args: { input: Input; request: unknown }) => Promise<{ response: unknown; output: Output }>,
    options: { readonly step: 'finalizeRequest'; readonly priority: 'low'; readonly name: string },
  ): void;
}

/** The AWS clients of the collector, made in this one place, and the count of what they sent. */
export type Aws = ReturnType<typeof connect>;

/**
 * Clients on the standard credential chain. Every call keeps to the rate of its service, is tried again on throttling
 * until the deadline, and fails as a {@link ReadFailure}; endpoints are the SDK's own affair (`AWS_ENDPOINT_URL`).
 */
export function connect({ region, profile, signal, random, pace: speed }: ConnectOptions) {
  let calls = 0;
  const pace = <Input extends object, Output extends object>(
    client: string,
    stack: InitializeStack<Input, Output> & FinalizeStack<Input, Output>,
  ): void => {
    const limiter = new RateLimiter((OPERATIONS[client]?.perSecond ?? 1) * speed);
    stack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const action = actionOf(client, commandName.replace(/Command$/, ''));
          if (action === undefined) {
            throw new TypeError(`${client} ${commandName} is not in the table of operations`);
          }
          try {
            return await retrying(() => next(args), { signal, random, again: worthRetrying });
          } catch (error) {
            throw failureOf(error, action, signal.aborted, profile);
          }
        },
      { step: 'initialize', name: 'retryWithinDeadline' },
    );
    stack.add(
      // Last of all: whatever comes before, such as credentials, would bunch up calls that had left their turn.
      (next) => async (args) => {
        await limiter.turn(signal);
        calls += 1;
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'keepToRate' },
    );
  };
  const config = {
    region,
    credentials: fromNodeProviderChain({ profile, clientConfig: { region } }),
    // One attempt each: the middleware tries again, within the deadline and at the rate of the service.
    maxAttempts: 1,
  };
  const clients = {
    sts: new STSClient(config),
    serviceQuotas: new ServiceQuotasClient(config),
    sagemaker: new SageMakerClient(config),
    ec2: new EC2Client(config),
    eks: new EKSClient(config),
    rds: new RDSClient(config),
    loadBalancing: new ElasticLoadBalancingV2Client(config),
    lambda: new LambdaClient(config),
    kms: new KMSClient(config),
    cloudFormation: new CloudFormationClient(config),
    autoScaling: new ApplicationAutoScalingClient(config),
  };
  pace('STSClient', clients.sts.middlewareStack);
  pace('ServiceQuotasClient', clients.serviceQuotas.middlewareStack);
  pace('SageMakerClient', clients.sagemaker.middlewareStack);
  pace('EC2Client', clients.ec2.middlewareStack);
  pace('EKSClient', clients.eks.middlewareStack);
  pace('RDSClient', clients.rds.middlewareStack);
  pace('ElasticLoadBalancingV2Client', clients.loadBalancing.middlewareStack);
  pace('LambdaClient', clients.lambda.middlewareStack);
  pace('KMSClient', clients.kms.middlewareStack);
  pace('CloudFormationClient', clients.cloudFormation.middlewareStack);
  pace('ApplicationAutoScalingClient', clients.autoScaling.middlewareStack);
  return {
    ...clients,
    /** Requests sent so far, repeated ones included. */
    calls: () => calls,
    /** Closes the connections, whatever is still under way on them. */
    close: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}
