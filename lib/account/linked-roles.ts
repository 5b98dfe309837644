import type { DeploymentPlan } from '../plan/deployment-plan';

/** A role that AWS makes in an account for a service to work with. */
export interface LinkedRole {
  /** Principal of the service, for the command that makes the role. */
  readonly service: string;
  readonly role: string;
  /** Call at which AWS makes the role by itself, if the caller has `iam:CreateServiceLinkedRole`. */
  readonly madeBy: string;
}

/**
 * Service-linked roles that the stacks need at their first deployment. AWS makes every one of them; at the first use
 * the role may not have spread yet, and then the call fails that needed it.
 *
 * Not among them: the roles of managed node groups, of Spot and of Fargate, as EKS Auto Mode with on-demand nodes uses
 * none of these, and the logging role of WAF, which only Firehose needs.
 *
 * Sources: "Using service-linked roles" of the EKS, Elastic Load Balancing, RDS and CloudWatch user guides; Application
 * Auto Scaling user guide, "Amazon SageMaker AI"; AWS WAF API reference, "PutLoggingConfiguration". That PutMetricAlarm
 * makes the role for an action on EC2: the refusal in sophos-iaas/aws-cf-templates issue 23.
 */
const LINKED_ROLE = {
  eks: { service: 'eks.amazonaws.com', role: 'AWSServiceRoleForAmazonEKS', madeBy: 'eks:CreateCluster' },
  loadBalancing: {
    service: 'elasticloadbalancing.amazonaws.com',
    role: 'AWSServiceRoleForElasticLoadBalancing',
    madeBy: 'elasticloadbalancing:CreateLoadBalancer',
  },
  rds: { service: 'rds.amazonaws.com', role: 'AWSServiceRoleForRDS', madeBy: 'rds:CreateDBInstance' },
  scaling: {
    service: 'sagemaker.application-autoscaling.amazonaws.com',
    role: 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    madeBy: 'application-autoscaling:RegisterScalableTarget',
  },
  /** The alarm that stops an idle training instance acts through it. */
  alarmActions: {
    service: 'events.amazonaws.com',
    role: 'AWSServiceRoleForCloudWatchEvents',
    madeBy: 'cloudwatch:PutMetricAlarm',
  },
} as const satisfies Record<string, LinkedRole>;

/** The service-linked roles that an environment uses. */
export function linkedRoles({ environment, topology }: DeploymentPlan): LinkedRole[] {
  const { platform, database, workbench } = environment;
  const scales = topology.endpoints.some(
    ({ scaling: { kind } }) => kind === 'instances' || kind === 'provisioned-concurrency',
  );
  return [
    ...(platform.enabled ? [LINKED_ROLE.eks, LINKED_ROLE.loadBalancing] : []),
    ...(database.enabled ? [LINKED_ROLE.rds] : []),
    ...(scales ? [LINKED_ROLE.scaling] : []),
    ...(workbench.trainer ? [LINKED_ROLE.alarmActions] : []),
  ];
}
