import type { Architecture } from '../config/workloads/workloads-schema';

/** An image and what it was built for. */
export interface ContainerImage {
  /** `REPOSITORY@sha256:DIGEST`; the repository may be a CDK token. */
  readonly reference: string;
  readonly architectures: readonly Architecture[];
}

/** Images by workload; a workload without one is not rendered. */
export interface WorkloadImages {
  readonly backend?: ContainerImage;
  readonly frontend?: ContainerImage;
  /** Runs once for each change of it, before the backend's rollout. */
  readonly migration?: ContainerImage;
}

/** IPv4 blocks that network policies name, such as `10.40.0.0/16`. */
export interface WorkloadNetwork {
  /** The whole VPC: interface endpoints of AWS services have their addresses in it. */
  readonly vpcCidr: string;
  /**
   * Subnets of the load balancer. A policy cannot tell a load balancer from a pod with an address in the same block:
   * where both share subnets, every pod of the cluster can reach what the load balancer can.
   */
  readonly loadBalancerCidrs: readonly string[];
  /** Subnets of the database; none when there is no database. */
  readonly databaseCidrs: readonly string[];
  /** Whether there are NAT gateways, and AWS services without an interface endpoint are reached through them. */
  readonly nat: boolean;
  /**
   * Addresses that answer DNS inside the cluster. EKS Auto Mode runs CoreDNS on the node, behind a service address
   * and without pods that a selector could name.
   *
   * @default 172.20.0.10 and 10.100.0.10: the tenth address of the two service blocks that EKS picks from
   */
  readonly dnsAddresses?: readonly string[];
}

/** Nodes that the workloads run on; texts may be CDK tokens. */
export interface WorkloadNodes {
  /** Name, not ARN, of the role of the cluster's nodes: EKS lets nodes with it join. */
  readonly roleName: string;
  /** Subnets of the nodes, of every zone. */
  readonly subnetIds: readonly string[];
  /** Security groups of nodes and pods: that of the cluster, and that of the workloads. */
  readonly securityGroupIds: readonly string[];
  /** Key of the nodes' disks. */
  readonly diskKeyArn: string;
  /** vCPUs of all nodes together as planned; at least 2 a zone. Replacements of nodes come on top for a while. */
  readonly vcpus: number;
  /** How many zones the subnets lie in. */
  readonly zones: number;
}

/** The backend's `sagemaker_endpoints.json`. */
export interface EndpointDocument {
  /** The file as text; may hold CDK tokens if `revision` is given. */
  readonly text: string;
  /** Changes exactly when the text does. @default - SHA-256 of the text, which then must hold no tokens */
  readonly revision?: string;
}

/** Everything that the manifests depend on. */
export interface WorkloadOptions {
  /** Architecture of the nodes. */
  readonly architecture: Architecture;
  readonly images: WorkloadImages;
  readonly network: WorkloadNetwork;
  readonly nodes: WorkloadNodes;
  readonly endpointConfiguration: EndpointDocument;
  /**
   * Whether a listener sends requests to the target groups. Only then does the load balancer check pods: a target group
   * that no listener uses calls none healthy.
   */
  readonly listening: boolean;
  /** ARNs of the load balancer's target groups; they may be CDK tokens. */
  readonly targetGroupArns: { readonly backend: string; readonly frontend: string };
  /** Environment variables of the backend, nothing secret. @default - none */
  readonly backendVariables?: Readonly<Record<string, string>>;
  /** Environment variables of the migration, nothing secret. @default - none */
  readonly migrationVariables?: Readonly<Record<string, string>>;
  /** Pods at most, by workload; at least 2. */
  readonly maxReplicas: { readonly backend: number; readonly frontend: number };
  /** Paths at which images hold models; nothing is mounted at, above or inside them. @default {@link MODEL_PATHS} */
  readonly modelPaths?: readonly string[];
}

/** Where the backend's image holds models. */
export const MODEL_PATHS = ['/app/models', '/models'] as const;
