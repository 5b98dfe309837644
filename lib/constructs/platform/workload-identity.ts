import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { NAMESPACE } from '../../config/workloads/workload-names';

export interface WorkloadIdentityProps {
  readonly cluster: eks.ICluster;
  /** Kubernetes service account of the pods. */
  readonly serviceAccount: string;
  /** Namespace of the pods. @default - that of the workloads */
  readonly namespace?: string;
}

/**
 * The role of a workload's pods, through EKS Pod Identity: credentials that rotate by themselves, for one service
 * account of one namespace of one cluster. It starts with no permission; grants give them.
 */
export class WorkloadIdentity extends Construct implements iam.IGrantable {
  readonly role: iam.Role;
  readonly grantPrincipal: iam.IPrincipal;

  constructor(
    scope: Construct,
    id: string,
    { cluster, serviceAccount, namespace = NAMESPACE }: WorkloadIdentityProps,
  ) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      description: `Pods of ${namespace}/${serviceAccount}`,
      assumedBy: new iam.ServicePrincipal('pods.eks.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': cluster.clusterArn,
            'aws:RequestTag/kubernetes-namespace': namespace,
            'aws:RequestTag/kubernetes-service-account': serviceAccount,
          },
        },
      }).withSessionTags(),
    });
    this.grantPrincipal = this.role;
    new eks.CfnPodIdentityAssociation(this, 'Association', {
      clusterName: cluster.clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
  }
}
