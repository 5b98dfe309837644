import { planEnvironment } from '../../../lib/plan/load-plan';
import { projectPath } from '../../../lib/util/project-path';
import { VERIFY_ACTIONS } from '../../../lib/verify/verify-actions';
import { readExpectedModels } from '../../../lib/verify/expected-models';
import type { VerifyDocument } from '../../../lib/verify/verify-deployment';
import { against } from '../../support/aws/collect';
import type { StandInBehaviour } from '../../support/aws/aws-stand-in';
import { xdr as commandLine } from '../../support/command-line';
import {
  type DeployedAccount,
  deployedAccount,
  deployedHandlers,
} from '../../support/deployed/deployed-account';
import { startFunctionUrl } from '../../support/aws/function-url-stand-in';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

const dev = planEnvironment('dev', {});
const tree = readExpectedModels(dev.environment, { models: projectPath('models'), root: projectPath() });

const xdr = (...args: readonly string[]) => commandLine(['verify', ...args]);

/** Verifies dev as it is deployed, but for what is changed. */
async function deployed(
  args: readonly string[],
  change: (account: DeployedAccount) => void = () => undefined,
  aws: StandInBehaviour = {},
) {
  const door = await startFunctionUrl();
  const account = deployedAccount(dev.plan, tree, door.url);
  change(account);
  try {
    return await against({ ...aws, handlers: deployedHandlers(account) }, async ({ actions }) => ({
      ...(await xdr(...args)),
      actions,
    }));
  } finally {
    await door.close();
  }
}

const [first] = dev.plan.topology.endpoints;
const endpoint = first?.name ?? '';

describe('xdr verify', () => {
  it('exits 0 when all is right, with every check on at most 80 columns', async () => {
    const { code, out, err } = await deployed([]);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('dev runs as planned: all of 25 checks are ok.');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('exits 1 when something is wrong, and says what to do, also beside what is open', async () => {
    const { code, out } = await deployed(
      ['--golden', '1'],
      ({ endpoints }) => (endpoints[endpoint] = { ...endpoints[endpoint], EndpointConfigName: 'before' }),
      { denied: ['application-autoscaling:DescribeScalingPolicies'] },
    );
    expect(code).toBe(1);
    expect(out).toContain(`FAILED  ${endpoint}`);
    expect(out).toContain('To do:');
    expect(out).toMatch(/dev, of 25 checks: 1 check failed, 4 checks could not be made/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('exits 3 when something could not be determined, and says it as JSON, too', async () => {
    const { code, out } = await deployed(['--golden', '1', '--format', 'json'], undefined, {
      denied: ['sagemaker:DescribeEndpoint'],
    });
    const { schemaVersion, environment, verdict, checks } = JSON.parse(out) as VerifyDocument;

    expect(code).toBe(3);
    expect({ schemaVersion, environment, verdict }).toEqual({
      schemaVersion: 1,
      environment: 'dev',
      verdict: 'undetermined',
    });
    expect(checks.find(({ subject, kind }) => kind === 'endpoint' && subject === endpoint)).toEqual({
      kind: 'endpoint',
      subject: endpoint,
      outcome: 'undetermined',
      details: ['sagemaker:DescribeEndpoint was denied'],
      remedy: 'allow sagemaker:DescribeEndpoint (--print-policy shows the whole policy)',
    });
  });

  it('exits 3 without credentials that AWS takes, and stops asking', async () => {
    const { code, out, actions } = await deployed(['--format', 'json'], undefined, {
      refuseAll: 'ExpiredTokenException',
    });
    const { checks } = JSON.parse(out) as VerifyDocument;

    expect(code).toBe(3);
    expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(new Set(['undetermined']));
    expect(checks[0]?.remedy).toContain('sign in again');
    expect(actions.length).toBeLessThan(20);
  });

  it('prints the policy that it needs, narrowed to the environment', async () => {
    const { code, out } = await xdr('--print-policy');
    const { Statement } = JSON.parse(out) as {
      Statement: { Effect: string; Action: string[]; Resource: string }[];
    };
    expect(code).toBe(0);
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual(Object.keys(VERIFY_ACTIONS).sort());
    expect(Statement.every(({ Effect }) => Effect === 'Allow')).toBe(true);
    expect(Statement.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      ['sagemaker:ListEndpointConfigs', 'sagemaker:ListModels', 'sagemaker:ListTags'],
      ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingPolicies'],
      [
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
    ]);
    expect(out).toContain('"arn:aws:eks:us-east-1:*:cluster/mini-xdr-dev"');
    expect(out).toContain('"arn:aws:rds:us-east-1:*:db:mini-xdr-dev"');
    expect(out).toContain('arn:aws:cloudformation:us-east-1:*:stack/mini-xdr-dev-*');
  });

  it.each([
    [['--env', 'nowhere'], /no environment "nowhere"/],
    [['--golden', '0'], /must be all, or a whole number above zero/],
    [['--deadline', '-1'], /must be a number above zero/],
    [['--models', 'nowhere'], /is no folder/],
    [['--format', 'html'], /Allowed choices are table, json/],
  ])('exits 64 for %j', async (args, message) => {
    const { code, out, err } = await xdr(...args);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toMatch(message);
  });
});
