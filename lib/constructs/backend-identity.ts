import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface BackendIdentityProps {
  readonly cluster: eks.ICluster;
  /** Kubernetes namespace of the backend's pods. @default 'mini-xdr' */
  readonly namespace?: string;
  /** Kubernetes service account of the backend's pods. @default 'backend' */
  readonly serviceAccount?: string;
}

/**
 * The role of the backend's pods, through EKS Pod Identity: credentials that rotate by themselves, for one service
 * account of one namespace of one cluster. It starts with no permission; grants give them.
 */
export class BackendIdentity extends Construct implements iam.IGrantable {
  readonly role: iam.Role;
  readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: BackendIdentityProps) {
    super(scope, id);
    const { cluster, namespace = 'mini-xdr', serviceAccount = 'backend' } = props;
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
