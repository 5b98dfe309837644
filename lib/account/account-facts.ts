import type { Architecture } from '../config/workloads/workloads-schema';
import type { WorkloadImages } from './workload-images';
import type { FixedLogGroup } from '../plan/log-group-names';
import type { LinkedRole } from './linked-roles';

/**
 * What was read, or which IAM action to allow so that it can be.
 * What could not be read is never taken for absent and never for present.
 */
export type Reading<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly action: string; readonly reason: 'denied' | 'failed' };

/** A zone of the region, as this account sees it. */
export interface Zone {
  /** Such as `us-east-1a`; which data centre that is differs from account to account. */
  readonly name: string;
  /** Such as `use1-az4`; the same in every account. */
  readonly id: string;
  /** Whether resources can be created in it. */
  readonly available: boolean;
}

/** AWS's plan of an account: a free one refuses larger sizes. No SDK client reads it, so configuration tells. */
export type AccountPlan = 'free' | 'paid' | 'unknown';

/** What a registry has under a repository and digest. */
export type FoundImage =
  | {
      readonly found: true;
      /** What it was built for on Linux, as the image says: `amd64`, `arm64` or another; none twice. */
      readonly architectures: readonly string[];
    }
  | { readonly found: false; readonly lacking: 'repository' | 'image' };

/** A certificate of AWS Certificate Manager. */
export interface FoundCertificate {
  /** ACM's word for it, such as `ISSUED` or `PENDING_VALIDATION`. */
  readonly status: string;
  /** Whether it was imported, and so is never renewed by ACM. */
  readonly imported: boolean;
  /** Whole days until it ends, negative thereafter; undefined before it is issued. */
  readonly daysLeft?: number;
}

/** What an account is like beside its quotas. */
export interface AccountFacts {
  /** Version of the CDK bootstrap stack in this region; null where there is none. */
  readonly bootstrapVersion: Reading<number | null>;
  /** Concurrent executions that Lambda allows the account in this region. */
  readonly lambdaConcurrency: Reading<number>;
  /** Whether the service-linked role of a service exists, by service principal. */
  readonly serviceLinkedRoles: Readonly<Record<string, Reading<boolean>>>;
  /**
   * The role that has the name of the cluster's administrator, as `role/PATH/NAME`; null where the account has none.
   * Undefined where there is no cluster, or the administrator is of another account.
   */
  readonly adminRole?: Reading<string | null>;
  /** What the registry has for each image of the needs, by workload; undefined where nothing is looked up in it. */
  readonly images?: Readonly<Record<string, Reading<FoundImage>>>;
  /** The load balancer's certificate; null where ACM has none of that ARN, undefined where none is looked for. */
  readonly certificate?: Reading<FoundCertificate | null>;
  /** Log groups of the needs that exist and that no stack holds, by name. */
  readonly orphanedLogGroups: Reading<readonly string[]>;
  readonly zones: Reading<readonly Zone[]>;
  /** Names of the zones that offer an EC2 type, by type. */
  readonly zonesOffering: Readonly<Record<string, Reading<readonly string[]>>>;
  readonly accountPlan: AccountPlan;
}

/** Sizes of what is deployed, in bytes. */
export interface BuildFacts {
  readonly artifacts: readonly { readonly name: string; readonly bytes: number }[];
  /** Unpacked code of the inference Lambda, embedded models included; undefined where it was not built. */
  readonly functionBytes?: number;
  /** The container image; undefined where it was not built. */
  readonly imageBytes?: number;
}

/** What an environment asks of its account beside quotas. */
export interface AccountNeeds {
  readonly region: string;
  /** Service-linked roles that are used. */
  readonly linkedRoles: readonly LinkedRole[];
  /** Log groups that the stacks make under a fixed name. */
  readonly logGroups: readonly FixedLogGroup[];
  /** Zones of the network, such as `us-east-1a`, in the order of the subnets. */
  readonly zones: readonly string[];
  /** EC2 types, each with the zone that it is placed in. */
  readonly instances: readonly { readonly instanceType: string; readonly zone: string }[];
  readonly cluster: boolean;
  /** Who is to administer the cluster; undefined where there is none. */
  readonly adminRole?: {
    /** `role/NAME` or `role/PATH/NAME`. */
    readonly resource: string;
    readonly name: string;
    /** Twelve digits where it is a role of another account, which reading this one tells nothing about. */
    readonly otherAccount?: string;
  };
  /** Images that the cluster is to run; undefined where it runs none. */
  readonly images?: WorkloadImages & {
    /** Architecture of the nodes. */
    readonly nodes: Architecture;
  };
  /** ARN of the load balancer's certificate; undefined where there is none, or it is of another account or region. */
  readonly certificate?: string;
  readonly database?: {
    readonly instanceType: string;
    readonly backupDays: number;
    readonly multiAz: boolean;
    readonly storageGb: number;
  };
  /** Whether a serverless endpoint is planned, whose image may have 10 GB at most. */
  readonly serverless: boolean;
  /** Requests per second at peak, over all specialists. */
  readonly peakRps: number;
}
