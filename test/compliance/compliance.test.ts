import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import {
  acknowledge,
  applyCompliance,
  assess,
  DECISIONS,
  findings,
  unusedDecisions,
} from '../../lib/compliance/apply-compliance';

const REASON = 'Accepted here, so that only the fault at hand is left.';

let outdir: string;
beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'compliance-'))));
afterEach(() => rmSync(outdir, { recursive: true }));

interface Reported {
  readonly ruleName: string;
  readonly reason?: string;
  readonly violatingResources: readonly { readonly constructPath: string }[];
}

function report(): { pluginName: string; violations: Reported[]; suppressedViolations?: Reported[] }[] {
  const text = readFileSync(join(outdir, 'validation-report.json'), 'utf8');
  return (JSON.parse(text) as { pluginReports: ReturnType<typeof report> }).pluginReports;
}

/** One resource for every decision: a function, its role with an inline policy, and a bucket. */
function addDecided(scope: Stage): Stack {
  const stack = new Stack(scope, 'Sample');
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
  new s3.Bucket(stack, 'Bucket').grantRead(fn);
  new ec2.Vpc(stack, 'Vpc', { natGateways: 1 });
  return stack;
}

/** Accepts whatever is outstanding, each finding on its resource. */
function acceptAll(scope: Stage): void {
  for (const { rule, path } of findings(scope)) {
    acknowledge(constructAt(scope, path), { id: rule, reason: REASON });
  }
}

function constructAt(scope: IConstruct, path: string): IConstruct {
  const found = scope.node.findAll().find((construct) => construct.node.path === path);
  if (!found) throw new Error(`nothing at ${path}`);
  return found;
}

/** Findings about the default security group of a VPC. */
function openDefaultGroups(restrictDefaultSecurityGroup: boolean): number {
  const app = new App();
  new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { restrictDefaultSecurityGroup });
  return findings(app).filter(({ rule }) => rule.endsWith('VPCDefaultSecurityGroupClosed')).length;
}

describe('synthesis under compliance', () => {
  it('fails while a finding is outstanding, in every pack', () => {
    const app = new App({ outdir });
    addDecided(app);
    applyCompliance(app);
    expect(() => app.synth()).toThrow('AwsSolutions-S1');
    expect(report().map(({ pluginName }) => pluginName)).toEqual(
      expect.arrayContaining(['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321']),
    );
  });

  it('fails for the own rules too', () => {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Sample');
    new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess')],
    });
    applyCompliance(app);
    expect(() => app.synth()).toThrow('MiniXdrSageMaker-NoFullAccessPolicy');
  });

  it('passes when every finding is accepted, and lists each with its reason', () => {
    const draft = new App();
    addDecided(draft);
    const open = findings(draft);
    const app = new App({ outdir });
    addDecided(app);
    for (const { rule, path } of open) acknowledge(constructAt(app, path), { id: rule, reason: REASON });
    applyCompliance(app);
    app.synth();

    const suppressed = report().flatMap(({ suppressedViolations = [] }) => suppressedViolations);
    expect(report().flatMap(({ violations }) => violations)).toEqual([]);
    expect(suppressed.map(({ ruleName }) => ruleName)).toEqual(
      expect.arrayContaining([...new Set(open.map(({ rule }) => rule))]),
    );
    expect(suppressed.every(({ reason = '' }) => reason.length >= 20)).toBe(true);
  });

  it('records references to other stacks in the form of the report', () => {
    const app = new App({ outdir });
    const stage = new Stage(app, 'Dev');
    const bucket = new s3.Bucket(new Stack(stage, 'Store'), 'Bucket');
    const role = new iam.Role(new Stack(stage, 'Reader'), 'Role', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    });
    bucket.grantRead(role);
    acknowledge(role, { id: `AwsSolutions-IAM5[Resource::${bucket.arnForObjects('*')}]`, reason: REASON });
    applyCompliance(stage);
    expect(() => app.synth()).toThrow('AwsSolutions-IAM5');
    const suppressed = report().flatMap(({ suppressedViolations = [] }) => suppressedViolations);
    const wildcard = suppressed.find(({ ruleName }) => ruleName.includes('IAM5'));
    expect(wildcard?.ruleName).toMatch(/^AwsSolutions-IAM5\[Resource::Dev-Store:ExportsOutput.*\/\*\]$/);
    expect(wildcard?.reason).toBe(REASON);
  });

  it('holds a stage to the rules without looking at its neighbours', () => {
    const app = new App({ outdir });
    const [mine, theirs] = [new Stage(app, 'Mine'), new Stage(app, 'Theirs')];
    new Stack(mine, 'Empty');
    addDecided(theirs);
    applyCompliance(mine);
    expect(() => app.synth()).not.toThrow();
  });
});

describe('the project’s decisions', () => {
  it('each accept findings of every pack that they name', () => {
    const stage = new Stage(new App(), 'Dev');
    addDecided(stage);
    const assessment = assess(stage);
    const accepted = new Set(assessment.decided.map(({ rule }) => rule));
    const named = DECISIONS.flatMap(({ rule, packs }) => packs.map((pack) => `${pack}-${rule}`));
    expect([...accepted].sort()).toEqual([...named].sort());
    expect(unusedDecisions([assessment])).toEqual([]);
  });

  it('are reported when nothing needs them any more', () => {
    const stage = new Stage(new App(), 'Dev');
    new s3.Bucket(new Stack(stage, 'Sample'), 'Bucket');
    expect(unusedDecisions([assess(stage)]).map(({ rule }) => rule)).toEqual([
      'IAMNoInlinePolicy',
      'LambdaConcurrency',
      'LambdaDLQ',
      'LambdaInsideVPC',
      'VPCNoUnrestrictedRouteToIGW',
    ]);
  });

  it('stand in the report once, at the scope, and never count as acknowledgements', () => {
    const app = new App({ outdir });
    addDecided(app);
    acceptAll(app);
    const count = assess(app).acknowledgements.length;
    applyCompliance(app);
    expect(assess(app).acknowledgements).toHaveLength(count);
    expect(assess(app).stale).toEqual([]);
  });

  it('say why, and what protects instead', () => {
    for (const { reason, compensation } of DECISIONS) {
      expect(reason.length).toBeGreaterThan(60);
      expect(compensation.length).toBeGreaterThan(40);
    }
  });

  it('are not needed for default security groups, which the CDK can close', () => {
    expect(openDefaultGroups(false)).toBe(3);
    expect(openDefaultGroups(true)).toBe(0);
  });
});
