import type { Specialist } from '../../../models/catalogue';

/** How an endpoint's fleet grows and shrinks. */
export type Scaling =
  /** Serverless: AWS starts and stops containers up to `maxConcurrency`; nothing is registered. */
  | { readonly kind: 'on-demand' }
  /** Target tracking on `sagemaker:variant:DesiredInstanceCount`, by the target that asks for more instances. */
  | {
      readonly kind: 'instances';
      readonly min: number;
      readonly max: number;
      readonly targetInvocationsPerMinute: number;
      /** CPU of the container in percent of one vCPU: 200 is two vCPUs busy. */
      readonly targetCpuPercent: number;
    }
  /** Target tracking on `sagemaker:variant:DesiredProvisionedConcurrency`. */
  | {
      readonly kind: 'provisioned-concurrency';
      readonly min: number;
      readonly max: number;
      readonly targetUtilization: number;
    }
  /** A fixed fleet, as burstable types can only be. */
  | { readonly kind: 'fixed' };

/**
 * How `UpdateEndpoint` swaps the fleet.
 * `all-at-once` builds a second fleet as large as the first; `rolling` builds one batch more;
 * `managed` leaves it to AWS (serverless endpoints have no deployment guardrails).
 */
export type UpdateStrategy = 'all-at-once' | 'rolling' | 'managed';

/**
 * Size of a rolling batch. AWS takes 5 to 50 % of the fleet that there is at the time, given as a share or as a number
 * of instances (RollingUpdatePolicy.MaximumBatchSize).
 */
export interface RollingBatch {
  readonly unit: 'instances' | 'percent';
  readonly size: number;
}

interface EndpointBase {
  /** Endpoint name: environment, specialists and topology, so a change of topology is a new endpoint. */
  readonly name: string;
  /** In canonical order; several only in mode `shared`. */
  readonly specialists: readonly Specialist[];
  readonly scaling: Scaling;
  readonly updateStrategy: UpdateStrategy;
  /** Expected p95 of a warm request, in ms. */
  readonly p95Ms: number;
}

/** A serverless endpoint of one specialist. */
export interface ServerlessEndpointPlan extends EndpointBase {
  readonly mode: 'serverless';
  readonly specialists: readonly [Specialist];
  readonly memoryMb: number;
  readonly maxConcurrency: number;
  readonly provisionedConcurrency?: number;
}

/** An instance endpoint, of one specialist (`dedicated`) or of a group on a multi-model endpoint (`shared`). */
export interface InstanceEndpointPlan extends EndpointBase {
  readonly mode: 'dedicated' | 'shared';
  readonly instanceType: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly minInstances: number;
  /** Count at the first deploy; autoscaling owns it afterwards. */
  readonly initialInstances: number;
  readonly maxInstances: number;
  /** What one rolling batch replaces. Only for `rolling`. */
  readonly rollingBatch?: RollingBatch;
}

export type EndpointPlan = ServerlessEndpointPlan | InstanceEndpointPlan;

/** Where specialists answer, as far as it matters to what a call takes; undefined inside the inference Lambda. */
export type Placement = ServerlessEndpointPlan | Pick<InstanceEndpointPlan, 'mode'> | undefined;

/** What the stacks build for the models: the planner's whole answer, and nothing but it. */
export interface Topology {
  readonly endpoints: readonly EndpointPlan[];
  /** Specialists that are served inside the inference Lambda. */
  readonly embedded: readonly Specialist[];
  /** Whether CloudFormation may update endpoints side by side, or only one after the other to spare quota. */
  readonly updateOrder: 'together' | 'one-at-a-time';
}
