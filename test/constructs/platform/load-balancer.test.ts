import { App, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type Assessment, assess } from '../../../lib/compliance/apply-compliance';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { LoadBalancer } from '../../../lib/constructs/platform/load-balancer';
import { LogBucket } from '../../../lib/constructs/common/log-bucket';
import { Network } from '../../../lib/constructs/network/network';
import { SecureBucket } from '../../../lib/constructs/common/secure-bucket';
import { BACKEND, FRONTEND } from '../../../lib/constructs/platform/workload-ports';
import { platformCounts, platformUses } from '../../../lib/plan/demand/platform-demand';
import { WEB_ACL_RULES } from '../../../lib/plan/managed-rules';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { EnvironmentStack } from '../../../lib/stacks/environment-stack';
import { type Changes, environmentWith, onlyOne, propertiesOf } from '../../support/stacks/infrastructure';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const OFFICE = '203.0.113.0/24';
const BRANCH = '198.51.100.0/24';
const WEB_ACL = 'AWS::WAFv2::WebACL';

interface Built {
  readonly template: Template;
  readonly assess: () => Assessment;
}

/** A load balancer with its network, in one stack. */
function built(changes: Changes): Built {
  const environment = environmentWith(changes);
  const stage = new Stage(new App(), 'test', { env: { region: 'us-east-1' } });
  const stack = new EnvironmentStack(stage, 'Stack', { environment });
  const { vpc } = new Network(stack, 'Network', { environment });
  const accessLogs = new LogBucket(stack, 'AccessLogs', { environment });
  accessLogs.allowLoadBalancers();
  const encryptionKey = new EncryptionKey(stack, 'Key', { environment, description: 'Models' });
  new SecureBucket(stack, 'Models', { environment, encryptionKey, accessLogs });
  const workloads = new ec2.SecurityGroup(stack, 'Workloads', { vpc });
  new LoadBalancer(stack, 'LoadBalancer', {
    environment,
    vpc,
    accessLogs,
    workloads,
    clusterName: 'mini-xdr-dev',
  });
  return { template: Template.fromStack(stack), assess: () => assess(stage) };
}

function publicTo(allowedCidrs: string[], changes: Changes = {}): Built {
  const loadBalancer = { internetFacing: true, allowedCidrs, rateLimitPer5Minutes: 1700 };
  return built({ ...changes, platform: { certificateArn: CERTIFICATE, loadBalancer } });
}

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe('a load balancer that faces the internet', () => {
  const office = publicTo([OFFICE, BRANCH]);
  const { template } = office;
  const webAcl = onlyOne(template, WEB_ACL);
  const rules = webAcl['Rules'] as Rule[];

  it('admits the allowed blocks on HTTP and HTTPS, and nobody else', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Load balancer'),
      SecurityGroupIngress: [OFFICE, BRANCH].flatMap((CidrIp) =>
        [80, 443].map((port) => Match.objectLike({ CidrIp, FromPort: port, ToPort: port })),
      ),
    });
    expect(JSON.stringify(template.toJSON())).not.toMatch(/"CidrIp":"0\.0\.0\.0\/0"[^}]*"FromPort":(80|443)/);
  });

  it('lies in public subnets of its own', () => {
    const { Scheme, Subnets } = onlyOne(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');

    expect(Scheme).toBe('internet-facing');
    expect(Subnets).toEqual(
      [1, 2].map((zone) => ({ Ref: expect.stringMatching(new RegExp(`VpcEdgeSubnet${zone}`)) })),
    );
  });

  it('speaks TLS 1.3, and answers HTTP with a redirect alone', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Certificates: [{ CertificateArn: CERTIFICATE }],
      SslPolicy: Match.stringLikeRegexp('TLS13-1-2-Res'),
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: Match.objectLike({ Protocol: 'HTTPS' }) }],
    });
  });

  it('stands behind the web ACL', () => {
    expect(onlyOne(template, 'AWS::WAFv2::WebACLAssociation')).toEqual({
      ResourceArn: { Ref: expect.stringMatching(/^LoadBalancer/) },
      WebACLArn: { 'Fn::GetAtt': [expect.stringMatching(/WebAcl/), 'Arn'] },
    });
  });

  it('is asked first whether an address comes too often, which blocks it', () => {
    const [first] = [...rules].sort((a, b) => a.Priority - b.Priority);

    expect(first).toMatchObject({
      Action: { Block: {} },
      Statement: {
        RateBasedStatement: { Limit: 1700, EvaluationWindowSec: 300, AggregateKeyType: 'IP' },
      },
    });
  });

  it('has the managed groups, and overrides none of them as a whole', () => {
    const managed = rules.flatMap(({ Statement, OverrideAction }) => {
      const { ManagedRuleGroupStatement: group } = Statement;
      return group === undefined ? [] : [[group['VendorName'], group['Name'], OverrideAction]];
    });

    expect(managed).toEqual(
      ['AmazonIpReputationList', 'KnownBadInputsRuleSet', 'CommonRuleSet', 'SQLiRuleSet'].map((name) => [
        'AWS',
        `AWSManagedRules${name}`,
        { None: {} },
      ]),
    );
  });

  it('has as many rules as are billed, each in a place and with a metric of its own', () => {
    expect(rules).toHaveLength(WEB_ACL_RULES);
    expect(new Set(rules.map(({ Priority }) => Priority)).size).toBe(WEB_ACL_RULES);
    expect(new Set(rules.map(({ Name }) => Name)).size).toBe(WEB_ACL_RULES);
  });

  it('logs what it blocks, without credentials, encrypted and for a limited time, where WAF may write', () => {
    const logging = onlyOne(template, 'AWS::WAFv2::LoggingConfiguration');
    const group = Object.values(propertiesOf(template, 'AWS::Logs::LogGroup')).find(
      ({ LogGroupName }) => LogGroupName !== undefined,
    );

    expect(group).toMatchObject({
      LogGroupName: 'aws-waf-logs-mini-xdr-dev',
      RetentionInDays: 30,
      KmsKeyId: expect.anything(),
    });
    expect(JSON.stringify(logging['LogDestinationConfigs'])).toMatch(
      /:log-group:",\{"Ref":"[^"]*"\}\]\]\}\]$/,
    );
    expect(logging['RedactedFields']).toEqual(
      ['authorization', 'cookie'].map((Name) => ({ SingleHeader: { Name } })),
    );
    template.hasResource('AWS::WAFv2::LoggingConfiguration', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('Delivery')]),
    });
    const { PolicyDocument } = onlyOne(template, 'AWS::Logs::ResourcePolicy');
    expect(JSON.stringify(PolicyDocument)).toMatch(/delivery\.logs\.amazonaws\.com/);
    expect(JSON.stringify(PolicyDocument)).toMatch(
      /aws:SourceAccount.*aws:SourceArn|aws:SourceArn.*aws:SourceAccount/,
    );
  });

  it('draws on what its plan counts', () => {
    const loadBalancer = { internetFacing: true, allowedCidrs: [OFFICE] };
    const environment = environmentWith({ platform: { certificateArn: CERTIFICATE, loadBalancer } });
    const internal = environmentWith({});
    const isolated = { ...environment, network: { ...environment.network, natGateways: 0 } };
    const gateways = (of: typeof environment) =>
      platformUses(of).find(({ key }) => key === QUOTA.internetGateways)?.steady;

    expect(platformCounts(environment).kmsKeys).toBe(platformCounts(internal).kmsKeys + 1);
    expect(gateways(isolated)).toBe(1);
  });

  it('leaves no finding of any pack open, and needs no exception for the firewall', () => {
    const { outstanding, stale, acknowledgements } = office.assess();

    expect(outstanding).toEqual([]);
    expect(stale).toEqual([]);
    expect(acknowledgements.map(({ id }) => id).filter((id) => id.includes('WAF'))).toEqual([]);
  });

  it('is open to everybody only where the configuration lists everybody', () => {
    const everybody = publicTo(['0.0.0.0/0']).assess();
    const reasons = everybody.acknowledgements.map(({ reason }) => reason).join();

    expect(everybody.outstanding).toEqual([]);
    expect(everybody.stale).toEqual([]);
    expect(reasons).toContain('lists 0.0.0.0/0');
  });
});

describe('an internal load balancer', () => {
  const internal = built({ platform: { certificateArn: CERTIFICATE } });

  it('has no web ACL, and says why', () => {
    internal.template.resourceCountIs(WEB_ACL, 0);
    const { outstanding, stale, acknowledgements } = internal.assess();

    expect(outstanding).toEqual([]);
    expect(stale).toEqual([]);
    expect(acknowledgements.filter(({ id }) => id.includes('ALBWAFEnabled'))).toHaveLength(2);
  });

  it('asks pods what their probes ask', () => {
    const checks = Object.values(propertiesOf(internal.template, 'AWS::ElasticLoadBalancingV2::TargetGroup'));

    expect(checks.map(({ Port, HealthCheckPath }) => [Port, HealthCheckPath])).toEqual(
      [BACKEND, FRONTEND].map(({ port, healthPath }) => [port, healthPath]),
    );
    expect([BACKEND, FRONTEND]).toEqual([
      { port: 8000, healthPath: '/health' },
      { port: 3000, healthPath: '/' },
    ]);
  });
});
