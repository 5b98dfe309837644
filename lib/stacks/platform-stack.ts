import { CfnOutput } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BackendIdentity } from '../constructs/backend-identity';
import { Cluster } from '../constructs/cluster';
import type { Database } from '../constructs/database';
import { EndpointConfiguration } from '../constructs/endpoint-configuration';
import type { Invocable } from '../constructs/invocable';
import { LoadBalancer } from '../constructs/load-balancer';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface PlatformStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  /** Log bucket that admits load balancers. */
  readonly accessLogs: s3.IBucket;
  /** The backend's database. @default - none, and no way to any */
  readonly database?: Database;
  /** The backend's `sagemaker_endpoints.json`: any JSON document, tokens included. */
  readonly endpointConfiguration: object;
  /** What answers the backend's inference requests. @default - the backend may invoke nothing */
  readonly inference?: Invocable;
}

/** Where backend and frontend run: the cluster, the load balancer before it, and what the backend may reach. */
export class PlatformStack extends EnvironmentStack {
  readonly cluster: Cluster;
  readonly loadBalancer: LoadBalancer;
  readonly backend: BackendIdentity;
  readonly endpointConfiguration: EndpointConfiguration;

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    const { environment, vpc, database, inference, accessLogs } = props;
    this.cluster = new Cluster(this, 'Cluster', { environment, vpc });
    this.loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      environment,
      vpc,
      accessLogs,
      workloads: this.cluster.workloads,
    });
    this.endpointConfiguration = new EndpointConfiguration(this, 'EndpointConfiguration', {
      environment,
      document: props.endpointConfiguration,
    });
    this.backend = new BackendIdentity(this, 'Backend', { cluster: this.cluster.cluster });
    this.endpointConfiguration.grantRead(this.backend);
    inference?.grantInvoke(this.backend);
    database?.grantReadCredentials(this.backend.role);
    database?.grantConnect(this.backend.role, database.backendUser);
    this.exportForWorkloads();
  }

  /** What the cluster's manifests and their operator need to know. */
  private exportForWorkloads(): void {
    const { loadBalancer, backend, frontend } = this.loadBalancer;
    new CfnOutput(this, 'ClusterName', { value: this.cluster.cluster.clusterName });
    new CfnOutput(this, 'Address', { value: loadBalancer.loadBalancerDnsName });
    new CfnOutput(this, 'BackendTargetGroup', { value: backend.targetGroupArn });
    new CfnOutput(this, 'FrontendTargetGroup', { value: frontend.targetGroupArn });
    new CfnOutput(this, 'EndpointConfigurationParameter', {
      value: this.endpointConfiguration.parameterName,
    });
  }
}
