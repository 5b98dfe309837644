import { Duration, Tags } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { DEREGISTRATION_SECONDS, HEALTH_CHECK } from '../../config/workloads/rollout-timing';
import { EVENT_PATHS } from './event-paths';
import { findingsOf } from '../common/finding-ids';
import { LOAD_BALANCER_LOGS } from '../common/log-prefixes';
import { EDGE_SUBNETS } from '../network/subnets';
import { WebAcl } from './web-acl';
import { BACKEND, FRONTEND, type WorkloadPort } from './workload-ports';

/** Paths that the backend answers; an ELB rule takes at most five patterns. Everything else is the frontend's. */
const BACKEND_PATHS = [['/api/*', '/health'], EVENT_PATHS.flatMap((path) => [path, `${path}/*`])];

export interface LoadBalancerProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
  /** Log bucket that admits load balancers. */
  readonly accessLogs: s3.IBucket;
  /** Security group of nodes and pods. The load balancer is let in on the ports of the services, and is no member. */
  readonly workloads: ec2.ISecurityGroup;
  /** Cluster whose controller registers pods with the target groups. */
  readonly clusterName: string;
}

/** The block that everybody is in. */
const EVERYBODY = '0.0.0.0/0';

/**
 * The platform's front door: TLS 1.3 (1.2 for older clients) with a redirect from HTTP. Without a certificate it listens
 * to nothing, because nothing crosses this system in the clear. It is internal unless `platform.loadBalancer` says
 * otherwise; then it admits the listed blocks alone, and a web ACL stands before it. Pods join the target groups
 * through a TargetGroupBinding, so that nothing the cluster creates outlives the stack.
 */
export class LoadBalancer extends Construct {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  /** Pods of the backend, port 8000. */
  readonly backend: elbv2.ApplicationTargetGroup;
  /** Pods of the frontend, port 3000. */
  readonly frontend: elbv2.ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { environment, vpc } = props;
    const { certificateArn, loadBalancer } = environment.platform;
    const { internetFacing } = loadBalancer;
    const securityGroup = this.createSecurityGroup(props);
    this.reachPods(securityGroup, props.workloads);
    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: EDGE_SUBNETS,
      internetFacing,
      securityGroup,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      deletionProtection: environment.protection.deletionProtection,
    });
    this.logAccess(props.accessLogs);
    this.backend = this.createTargetGroup('Backend', props, BACKEND);
    this.frontend = this.createTargetGroup('Frontend', props, FRONTEND);
    if (certificateArn !== undefined) this.listen(certificateArn);
    if (internetFacing) new WebAcl(this, 'WebAcl', { environment, loadBalancer: this.loadBalancer });
    this.acceptFindings(environment);
  }

  private createSecurityGroup({ environment, vpc }: LoadBalancerProps): ec2.SecurityGroup {
    const { internetFacing, allowedCidrs } = environment.platform.loadBalancer;
    const from = internetFacing ? 'the allowed addresses' : 'inside the VPC';
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      // The same for each setting: another description would be another group.
      description: 'Load balancer: HTTP and HTTPS inbound, the ports of the pods outbound',
      allowAllOutbound: false,
    });
    for (const cidr of internetFacing ? allowedCidrs : [environment.network.cidr]) {
      for (const port of [80, 443]) {
        securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(port), `From ${from}`);
      }
    }
    if (internetFacing && allowedCidrs.includes(EVERYBODY)) {
      acknowledge(securityGroup, {
        id: 'AwsSolutions-EC23',
        reason:
          'The configuration lists 0.0.0.0/0 (platform.loadBalancer.allowedCidrs): a public front door, behind a web ACL.',
      });
    }
    return securityGroup;
  }

  /**
   * Rules of this project's own: a TargetGroupBinding without `networking` leaves security groups alone (AWS Load
   * Balancer Controller guide, "TargetGroupBinding"). Health checks use the same ports as requests.
   *
   * They are resources beside the group, as CDK would take its "nothing outbound" away for a rule of its own, and EC2
   * gives a group that is made without a rule one that allows everything.
   */
  private reachPods({ securityGroupId: own }: ec2.ISecurityGroup, workloads: ec2.ISecurityGroup): void {
    const { securityGroupId: pods } = workloads;
    for (const [id, { port }] of Object.entries({ Backend: BACKEND, Frontend: FRONTEND })) {
      const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port, description: 'Load balancer to pods' };
      new ec2.CfnSecurityGroupEgress(this, `${id}Egress`, {
        ...rule,
        groupId: own,
        destinationSecurityGroupId: pods,
      });
      new ec2.CfnSecurityGroupIngress(this, `${id}Ingress`, {
        ...rule,
        groupId: pods,
        sourceSecurityGroupId: own,
      });
    }
  }

  private createTargetGroup(
    id: string,
    { vpc, clusterName }: LoadBalancerProps,
    { port, healthPath }: WorkloadPort,
  ): elbv2.ApplicationTargetGroup {
    const group = new elbv2.ApplicationTargetGroup(this, id, {
      vpc,
      port,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targetType: elbv2.TargetType.IP,
      deregistrationDelay: Duration.seconds(DEREGISTRATION_SECONDS),
      healthCheck: {
        path: healthPath,
        healthyHttpCodes: '200',
        interval: Duration.seconds(HEALTH_CHECK.intervalSeconds),
        timeout: Duration.seconds(HEALTH_CHECK.timeoutSeconds),
      },
    });
    // AWS managed policy AmazonEKSLoadBalancingPolicy: the controller registers pods with groups of its cluster alone.
    Tags.of(group).add('eks:eks-cluster-name', clusterName);
    return group;
  }

  private listen(certificateArn: string): void {
    const redirect = this.loadBalancer.addListener('Http', {
      port: 80,
      open: false,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    acknowledge(redirect, {
      id: findingsOf('ELBv2ACMCertificateRequired'),
      reason: 'Answers every request with a redirect to the HTTPS listener.',
    });
    const listener = this.loadBalancer.addListener('Https', {
      port: 443,
      open: false,
      sslPolicy: elbv2.SslPolicy.TLS13_RES,
      certificates: [acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn)],
      defaultAction: elbv2.ListenerAction.forward([this.frontend]),
    });
    BACKEND_PATHS.forEach((paths, index) =>
      listener.addAction(`Backend${index}`, {
        priority: (index + 1) * 10,
        conditions: [elbv2.ListenerCondition.pathPatterns(paths)],
        action: elbv2.ListenerAction.forward([this.backend]),
      }),
    );
  }

  private logAccess(accessLogs: s3.IBucket): void {
    this.loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    this.loadBalancer.setAttribute('access_logs.s3.bucket', accessLogs.bucketName);
    this.loadBalancer.setAttribute('access_logs.s3.prefix', LOAD_BALANCER_LOGS);
  }

  private acceptFindings({ platform, protection }: Environment): void {
    if (!platform.loadBalancer.internetFacing) {
      acknowledge(this.loadBalancer, {
        id: findingsOf('ALBWAFEnabled', ['NIST.800.53.R5', 'PCI.DSS.321']),
        reason:
          'Internal: its security groups admit addresses of the VPC alone, so no request from the internet reaches it.',
      });
    }
    if (protection.deletionProtection) return;
    acknowledge(this.loadBalancer, {
      id: findingsOf('ELBDeletionProtectionEnabled', ['NIST.800.53.R5', 'HIPAA.Security']),
      reason:
        'This environment is meant to be torn down (protection.deletionProtection); a load balancer holds no data.',
    });
  }
}
