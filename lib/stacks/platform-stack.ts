import { CfnOutput } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Cluster } from '../constructs/platform/cluster';
import type { Database } from '../constructs/data/database';
import { ImageRepositories } from '../constructs/platform/image-repositories';
import type { Invocable, InvocableFunction } from '../constructs/common/invocable';
import { LoadBalancer } from '../constructs/platform/load-balancer';
import { PlatformWorkloads } from '../constructs/platform/platform-workloads';
import { WorkloadIdentity } from '../constructs/platform/workload-identity';
import { WORKLOADS } from '../config/workloads/workload-names';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface PlatformStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  /** Log bucket that admits load balancers. */
  readonly accessLogs: s3.IBucket;
  /** The backend's database. @default - none, and no way to any */
  readonly database?: Database;
  /** The backend's `sagemaker_endpoints.json`. */
  readonly endpointConfiguration: object;
  /** The endpoints that it names: the backend may invoke these and no other. */
  readonly endpoints: readonly Invocable[];
  /** Function that answers for whatever threat type. @default - the backend knows the endpoints alone */
  readonly inference?: InvocableFunction;
}

/** Where backend and frontend run: the cluster, the load balancer before it, and what the backend may reach. */
export class PlatformStack extends EnvironmentStack {
  readonly cluster: Cluster;
  readonly loadBalancer: LoadBalancer;
  /** Identity of the backend's pods. */
  readonly backend: WorkloadIdentity;
  /** Identity of the migration's pods. */
  readonly migration: WorkloadIdentity;

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    const { environment, vpc, database, inference, accessLogs } = props;
    this.cluster = new Cluster(this, 'Cluster', { environment, vpc });
    const { cluster, encryptionKey } = this.cluster;
    this.loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      environment,
      vpc,
      accessLogs,
      workloads: this.cluster.workloads,
      clusterName: cluster.clusterName,
    });
    this.backend = new WorkloadIdentity(this, 'Backend', { cluster, serviceAccount: 'backend' });
    for (const invocable of [inference, ...props.endpoints]) invocable?.grantInvoke(this.backend);
    database?.grantConnect(this.backend.role, database.backendUser);
    this.migration = new WorkloadIdentity(this, 'Migration', { cluster, serviceAccount: 'migration' });
    database?.grantReadCredentials(this.migration.role);
    const wayToDatabase = database?.admit(this.cluster, 'ToDatabase', this.cluster.workloads);
    const repositories = new ImageRepositories(this, 'Images', { environment, encryptionKey });
    const workloads = new PlatformWorkloads(this, 'Workloads', {
      environment,
      vpc,
      cluster: this.cluster,
      repositories,
      loadBalancer: this.loadBalancer,
      database,
      inference,
      endpointConfiguration: props.endpointConfiguration,
      identities: [this.backend, this.migration],
    });
    // The migration runs as soon as its manifest is applied, and the database must let it in by then.
    if (wayToDatabase !== undefined) workloads.node.addDependency(wayToDatabase);
    this.exportForOperators(repositories, workloads);
  }

  /** Where images go, what runs, and where it answers. */
  private exportForOperators(repositories: ImageRepositories, { idle }: PlatformWorkloads): void {
    new CfnOutput(this, 'ClusterName', { value: this.cluster.cluster.clusterName });
    new CfnOutput(this, 'AdministratorRole', { value: this.cluster.administratorArn });
    new CfnOutput(this, 'Address', { value: this.loadBalancer.loadBalancer.loadBalancerDnsName });
    for (const workload of WORKLOADS) {
      new CfnOutput(this, `Repository-${workload}`, { value: repositories.uriOf(workload) });
    }
    new CfnOutput(this, 'RunningWorkloads', { value: idle ?? 'as configured in platform.workloads.images' });
  }
}
