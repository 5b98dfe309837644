import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { webAclLogGroup } from '../../plan/log-group-names';
import { environmentPrefix } from '../../config/resource-names';
import { EncryptionKey } from '../common/encryption-key';
import { ServiceLogGroup } from '../common/log-group';
import { webAclRules } from './web-acl-rules';

/** Headers that hold credentials, and so stay out of the logs. */
const SECRET_HEADERS = ['authorization', 'cookie'];

export interface WebAclProps {
  readonly environment: Environment;
  /** What it stands before. */
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
}

/**
 * What an internet-facing load balancer's requests must pass: a limit for each address, and AWS's rules against known
 * bad addresses, inputs and SQL injection, which do not read the bodies of reported events. What it blocks is logged
 * without credentials; every request stands in the load balancer's own access log.
 */
export class WebAcl extends Construct {
  readonly webAcl: wafv2.CfnWebACL;

  constructor(scope: Construct, id: string, { environment, loadBalancer }: WebAclProps) {
    super(scope, id);
    const metricName = `${environmentPrefix(environment.name)}-web-acl`;
    this.webAcl = new wafv2.CfnWebACL(this, 'Resource', {
      scope: 'REGIONAL',
      description: 'Before the load balancer of the platform',
      defaultAction: { allow: {} },
      visibilityConfig: { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true },
      rules: webAclRules(environment, metricName),
    });
    this.log(environment);
    new wafv2.CfnWebACLAssociation(this, 'Association', {
      resourceArn: loadBalancer.loadBalancerArn,
      webAclArn: this.webAcl.attrArn,
    });
  }

  private log(environment: Environment): void {
    const logGroup = new ServiceLogGroup(this, 'Log', {
      environment,
      encryptionKey: new EncryptionKey(this, 'Key', { environment, description: 'Logs of the web ACL' }),
      logGroupName: webAclLogGroup(environment.name),
    });
    const delivery = this.allowDelivery(logGroup);
    const logging = new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      // Without the `:*` that an ARN of CloudFormation's ends with and WAF does not take.
      logDestinationConfigs: [this.arnOf(logGroup)],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
      redactedFields: SECRET_HEADERS.map((Name) => ({ singleHeader: { Name } })),
    });
    logging.node.addDependency(delivery);
  }

  private arnOf(logGroup: logs.ILogGroup): string {
    return Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Written here, as WAF would otherwise write a policy itself that no stack removes. */
  private allowDelivery(logGroup: logs.ILogGroup): logs.ResourcePolicy {
    const stack = Stack.of(this);
    return new logs.ResourcePolicy(this, 'Delivery', {
      policyStatements: [
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${this.arnOf(logGroup)}:log-stream:*`],
          conditions: {
            StringEquals: { 'aws:SourceAccount': stack.account },
            ArnLike: {
              'aws:SourceArn': stack.formatArn({
                service: 'logs',
                resource: '*',
                arnFormat: ArnFormat.NO_RESOURCE_NAME,
              }),
            },
          },
        }),
      ],
    });
  }
}
