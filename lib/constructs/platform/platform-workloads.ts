import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { Construct, type IDependable } from 'constructs';
import type { Environment } from '../../config/environment';
import { isOwnImage } from '../../config/workloads/configured-workloads';
import {
  type ContainerImage,
  type ManifestGroup,
  type WorkloadImages,
  type WorkloadNetwork,
  type WorkloadOptions,
  workloadManifests,
} from '../../workloads';
import { DATABASE_PORT, type Workload } from '../../config/workloads/workload-names';
import type { Cluster } from './cluster';
import { ClusterAddOn } from './cluster-add-on';
import { ClusterObservability } from './cluster-observability';
import type { Database } from '../data/database';
import type { ImageRepositories } from './image-repositories';
import type { InvocableFunction } from '../common/invocable';
import type { LoadBalancer } from './load-balancer';
import { manifestFaults } from './manifest-validation';
import { CLUSTER_SUBNETS, DATA_SUBNETS, EDGE_SUBNETS } from '../network/subnets';
import type { WorkloadIdentity } from './workload-identity';

export interface PlatformWorkloadsProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
  readonly cluster: Cluster;
  readonly repositories: ImageRepositories;
  readonly loadBalancer: LoadBalancer;
  /** @default - none, and no way to any */
  readonly database?: Database;
  /** Function that answers inference requests. @default - the backend asks the endpoints alone */
  readonly inference?: InvocableFunction;
  /** The backend's `sagemaker_endpoints.json`. */
  readonly endpointConfiguration: object;
  /** Identities of the pods, which have to be there before the pods are. */
  readonly identities: readonly WorkloadIdentity[];
}

/**
 * What runs on the cluster, applied by the stack in the order that `lib/workloads` gives: its foundation, then the
 * migration, and once that has succeeded backend and frontend. Without images it applies nothing and says so.
 */
export class PlatformWorkloads extends Construct {
  /** Why nothing runs; undefined where something does. */
  readonly idle?: string;
  /** What sends logs of pods, those of the first one included. */
  private observability?: ClusterObservability;

  constructor(scope: Construct, id: string, props: PlatformWorkloadsProps) {
    super(scope, id);
    const { architecture } = props.environment.platform.workloads;
    // Of the whole stack: another manifest, applied beside these, is held to the same rules.
    Stack.of(this).node.addValidation({ validate: () => manifestFaults(Stack.of(this), architecture) });
    const workloads = workloadManifests(optionsOf(props));
    if (!workloads.deployed) {
      this.idle = workloads.reason;
      Annotations.of(this).addInfo(workloads.reason);
      return;
    }
    const applied = new Map<string, IDependable>();
    for (const group of workloads.groups) {
      const done = this.apply(group, applied, props);
      applied.set(group.id, done);
      if (group.id === 'Foundation') this.addAddOns(props, done);
    }
  }

  /** What runs on the nodes that the foundation allows, and is there before the pods that it watches. */
  private addAddOns({ environment, cluster }: PlatformWorkloadsProps, foundation: IDependable): void {
    // What the autoscalers go by. Auto Mode does not bring it along.
    new ClusterAddOn(this, 'MetricsServer', {
      environment,
      cluster: cluster.cluster,
      name: 'metrics-server',
    }).node.addDependency(foundation);
    if (!ClusterObservability.isWanted(environment)) return;
    this.observability = new ClusterObservability(this, 'Observability', { environment, cluster });
    this.observability.node.addDependency(foundation);
  }

  /** @returns what has to be there for whoever comes after the group */
  private apply(
    { id, manifests, after, gate }: ManifestGroup,
    applied: ReadonlyMap<string, IDependable>,
    { cluster: { cluster }, identities, loadBalancer }: PlatformWorkloadsProps,
  ): IDependable {
    const manifest = new eks.KubernetesManifest(this, id, {
      cluster,
      // CDK labels the objects that it is given, to find those that leave the group.
      manifest: manifests.map((each) => structuredClone(each)),
      // An apply that failed half-way is taken up again.
      overwrite: true,
    });
    const before = [...after.map((name) => applied.get(name)), this.observability].filter(
      (found) => found !== undefined,
    );
    manifest.node.addDependency(...identities, ...before);
    // Its pods are ready when the load balancer says so, which takes a listener.
    if (manifests.some(({ kind }) => kind === 'TargetGroupBinding'))
      manifest.node.addDependency(loadBalancer);
    if (gate === undefined) return manifest;
    const { timeoutMinutes, ...object } = gate;
    const passed = new eks.KubernetesObjectValue(this, `${id}Gate`, {
      cluster,
      ...object,
      timeout: Duration.minutes(timeoutMinutes),
    });
    passed.node.addDependency(manifest);
    return passed;
  }
}

function optionsOf(props: PlatformWorkloadsProps): WorkloadOptions {
  const { environment, vpc, cluster, loadBalancer, endpointConfiguration } = props;
  const { workloads, peakNodeVcpus } = environment.platform;
  const { subnets } = vpc.selectSubnets(CLUSTER_SUBNETS);
  return {
    architecture: workloads.architecture,
    images: imagesOf(props),
    network: networkOf(props),
    nodes: {
      roleName: cluster.nodeRole.roleName,
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [cluster.cluster.clusterSecurityGroup, cluster.workloads].map(
        ({ securityGroupId }) => securityGroupId,
      ),
      diskKeyArn: cluster.encryptionKey.keyArn,
      vcpus: peakNodeVcpus,
      zones: environment.network.zones.length,
    },
    endpointConfiguration: { text: JSON.stringify(endpointConfiguration, undefined, 2) },
    listening: environment.platform.certificateArn !== undefined,
    targetGroupArns: {
      backend: loadBalancer.backend.targetGroupArn,
      frontend: loadBalancer.frontend.targetGroupArn,
    },
    maxReplicas: workloads.maxReplicas,
    ...variablesOf(props),
  };
}

/** A digest alone names an image of the environment's own repository. */
function imagesOf({ environment, repositories }: PlatformWorkloadsProps): WorkloadImages {
  const given = Object.entries(environment.platform.workloads.images);
  return Object.fromEntries(
    given.flatMap(([workload, image]): [string, ContainerImage][] => {
      if (image === undefined) return [];
      const reference = isOwnImage(image.image)
        ? `${repositories.uriOf(workload as Workload)}@${image.image}`
        : image.image;
      return [[workload, { reference, architectures: image.architectures }]];
    }),
  );
}

function networkOf({ environment, vpc, database }: PlatformWorkloadsProps): WorkloadNetwork {
  const { network } = environment;
  const blocks = (selection: ec2.SubnetSelection) =>
    vpc.selectSubnets(selection).subnets.map(({ ipv4CidrBlock }) => ipv4CidrBlock);
  return {
    vpcCidr: network.cidr,
    loadBalancerCidrs: blocks(EDGE_SUBNETS),
    databaseCidrs: database === undefined ? [] : blocks(DATA_SUBNETS),
    nat: network.natGateways > 0,
  };
}

/** Nothing secret: both ask AWS for what lets them in, the backend for a token, the migration for the master's secret. */
function variablesOf({
  cluster,
  database,
  inference,
}: PlatformWorkloadsProps): Pick<WorkloadOptions, 'backendVariables' | 'migrationVariables'> {
  const region = { AWS_REGION: Stack.of(cluster).region };
  const answers = inference && { INFERENCE_FUNCTION: inference.functionArn };
  if (database === undefined) {
    return { backendVariables: { ...region, ...answers }, migrationVariables: region };
  }
  const server = {
    ...region,
    DATABASE_HOST: database.endpoint.hostname,
    DATABASE_PORT: String(DATABASE_PORT),
    DATABASE_NAME: database.databaseName,
  };
  return {
    backendVariables: { ...server, ...answers, DATABASE_USER: database.backendUser },
    migrationVariables: {
      ...server,
      DATABASE_INSTANCE: database.identifier,
      DATABASE_BACKEND_USER: database.backendUser,
    },
  };
}
