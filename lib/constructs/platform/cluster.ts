import { Tags, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { runsWorkloads } from '../../config/workloads/configured-workloads';
import { clusterLogGroup } from '../../plan/log-group-names';
import { environmentPrefix } from '../../config/resource-names';
import { ClusterAdministrator } from './cluster-administrator';
import { EncryptionKey } from '../common/encryption-key';
import { ServiceLogGroup } from '../common/log-group';
import { grantNodeDisks } from './node-disk-access';
import { roleArn } from '../common/role-arn';
import { ownServicePrincipal } from '../common/service-principal';
import { controlPlaneSubnets } from '../network/subnets';
import { WorkloadDeployer } from './workload-deployer';

/** What EKS Auto Mode asks of its two roles; AWS keeps these policies in step with the service. */
const CONTROL_PLANE_POLICIES = [
  'AmazonEKSClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingPolicy',
];
const NODE_POLICIES = ['AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryPullOnly'];

export interface ClusterProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
}

/**
 * An EKS cluster in Auto Mode: AWS runs nodes, storage and pod identity. Its API answers inside the VPC only, its
 * secrets are under a customer key, and one role alone may administer it: `platform.adminPrincipal`, else one that is
 * made here.
 *
 * The name is fixed: role trusts and the log group of the control plane depend on it, and a change that could only be
 * made by replacement fails instead of taking the workloads with it.
 */
export class Cluster extends Construct {
  readonly cluster: eks.Cluster;
  /**
   * Security group that nodes of the workloads carry beside the cluster's: the load balancer reaches it, and the database
   * admits it. The cluster's own group would let in the Lambda that applies manifests as well.
   */
  readonly workloads: ec2.ISecurityGroup;
  /** Role of the nodes, which workloads do not get. */
  readonly nodeRole: iam.Role;
  /** ARN of the role that administers the cluster. */
  readonly administratorArn: string;
  /** Key of secrets, disks of nodes, logs and images. */
  readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, { environment, vpc }: ClusterProps) {
    super(scope, id);
    const { kubernetesVersion, adminPrincipal } = environment.platform;
    const name = environmentPrefix(environment.name);
    const key = new EncryptionKey(this, 'Key', {
      environment,
      description: 'Kubernetes secrets, disks of nodes, logs of cluster and deployments, images',
    });
    this.encryptionKey = key;
    this.nodeRole = this.createNodeRole();
    const controlPlaneRole = this.createControlPlaneRole(name);
    grantNodeDisks(controlPlaneRole, key);
    const deployer = runsWorkloads(environment)
      ? new WorkloadDeployer(this, 'Deployer', { environment, vpc, clusterName: name, encryptionKey: key })
      : undefined;
    const logGroup = new ServiceLogGroup(this, 'ControlPlaneLogs', {
      environment,
      encryptionKey: key,
      logGroupName: clusterLogGroup(environment.name),
    });
    this.cluster = new eks.Cluster(this, 'Cluster', {
      clusterName: name,
      version: eks.KubernetesVersion.of(kubernetesVersion),
      vpc,
      vpcSubnets: [controlPlaneSubnets(vpc)],
      endpointAccess: eks.EndpointAccess.PRIVATE,
      // As it is: CDK would add a trust without conditions to a role that it may change.
      role: controlPlaneRole.withoutPolicyUpdates(),
      // Workloads have a pool of their own, with a limit. EKS makes no nodes for a pool that nothing asks for.
      compute: { nodeRole: this.nodeRole, nodePools: ['system'] },
      kubectlProviderOptions: deployer?.options,
      secretsEncryptionKey: key,
      clusterLogging: Object.values(eks.ClusterLoggingTypes),
      bootstrapClusterCreatorAdminPermissions: false,
      outputConfigCommand: false,
    });
    const resource = this.cluster.node.defaultChild as eks.CfnCluster;
    resource.deletionProtection = environment.protection.deletionProtection;
    // Rather upgraded at the end of standard support than billed sixfold for extended support.
    resource.upgradePolicy = { supportType: 'STANDARD' };
    resource.node.addDependency(logGroup);
    deployer?.adopt(this.cluster);
    Validations.of(resource).acknowledge({
      id: 'CloudFormation-Validate::W9009',
      reason:
        'CDK writes EncryptionConfig.Resources itself, and EKS still takes it; it goes when aws-cdk-lib drops it.',
    });
    this.workloads = new ec2.SecurityGroup(this, 'Workloads', {
      vpc,
      description:
        'Nodes and pods of the workloads; what they may reach, the security group of the cluster says',
      allowAllOutbound: false,
    });
    // CDK marks public subnets as a place for load balancers; here nothing of the cluster belongs there.
    for (const subnet of vpc.publicSubnets)
      Tags.of(subnet).remove('kubernetes.io/role/elb', { priority: 300 });
    this.administratorArn =
      adminPrincipal === undefined
        ? new ClusterAdministrator(this, 'AdministratorRole', { clusterName: name }).roleArn
        : roleArn(this, adminPrincipal);
    this.cluster.grantClusterAdmin('Administrator', this.administratorArn);
  }

  private createControlPlaneRole(clusterName: string): iam.Role {
    return this.createRole(
      'ControlPlaneRole',
      CONTROL_PLANE_POLICIES,
      ownServicePrincipal(this, 'eks.amazonaws.com', {
        service: 'eks',
        resource: 'cluster',
        resourceName: clusterName,
      }).withSessionTags(),
    );
  }

  private createNodeRole(): iam.Role {
    return this.createRole('NodeRole', NODE_POLICIES, new iam.ServicePrincipal('ec2.amazonaws.com'));
  }

  private createRole(id: string, names: readonly string[], assumedBy: iam.IPrincipal): iam.Role {
    const managedPolicies = names.map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name));
    const role = new iam.Role(this, id, { assumedBy, managedPolicies });
    acknowledge(role, {
      id: managedPolicies.map((policy) => `AwsSolutions-IAM4[Policy::${policy.managedPolicyArn}]`),
      reason:
        'EKS Auto Mode requires these policies by name and AWS changes them with the service; ' +
        'copies would fall behind and break node or load balancer management.',
    });
    return role;
  }
}
