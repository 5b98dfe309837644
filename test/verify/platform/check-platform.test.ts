import type { CheckKind } from '../../../lib/verify/check-outcome';
import { VERIFY_ACTIONS } from '../../../lib/verify/verify-actions';
import type { DeployedPlatform } from '../../support/deployed/deployed-platform';
import { ROLE, TARGET_GROUPS } from '../../support/deployed/deployed-platform';
import { about, said } from '../../support/deployed/verified';
import { BARE, FULL, examined } from '../../support/deployed/verified-platform';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

type Change = (account: DeployedPlatform) => void;

/** What one change is found to be, where it is the only thing wrong. */
async function findingOf(kind: CheckKind, change: Change) {
  const { wrong, checks } = await examined({ change });
  expect(checks).toHaveLength(5);
  expect(new Set(wrong.map((check) => check.kind))).toEqual(new Set([kind]));
  return { text: said(wrong), outcomes: wrong.map(({ outcome }) => outcome), remedy: wrong[0]?.remedy };
}

const cluster =
  (properties: object): Change =>
  (account) =>
    void (account.cluster = { ...account.cluster, ...properties });
const balancer =
  (properties: object): Change =>
  (account) =>
    void (account.loadBalancer = { ...account.loadBalancer, ...properties });
const listener =
  (at: number, properties: object): Change =>
  ({ listeners }) =>
    void (listeners[at] = { ...listeners[at], ...properties });
const pods =
  (...states: string[]): Change =>
  ({ targets }) =>
    void (targets[TARGET_GROUPS.backend] = states.map((State, at) => ({
      State,
      zone: at === 0 ? 'us-east-1a' : 'us-east-1b',
      ...(State === 'unhealthy' ? { Reason: 'Target.Timeout' } : {}),
    })));

describe('verifying a platform that is right', () => {
  it('finds everything ok, and asks for no permission beyond the policy', async () => {
    const { checks, wrong, actions } = await examined();

    expect(said(wrong)).toBe('');
    expect(checks.map(({ kind, subject }) => `${kind}: ${subject}`)).toEqual([
      'cluster: EKS cluster',
      'load-balancer: Application Load Balancer',
      'workload: backend',
      'workload: frontend',
      'database: PostgreSQL',
    ]);
    expect(said(checks)).toContain('lets in role/mini-xdr-administrator, role/deployer-AbC, and nobody else');
    expect(Object.keys(VERIFY_ACTIONS)).toEqual(expect.arrayContaining([...new Set(actions)]));
    expect(JSON.stringify(checks)).not.toMatch(/\d{12}|arn:/);
  });

  it('looks at no workload without an image, and says what no certificate means', async () => {
    const { checks, verdict } = await examined({ environment: BARE });
    expect(verdict).toBe('ok');
    expect(checks.map(({ kind }) => kind)).toEqual(['cluster', 'load-balancer', 'database']);
    expect(said(checks)).toContain('listens to nothing, as no certificate is configured');
  });

  it('does not ask for the health of pods where nothing asks them, and says so', async () => {
    const { workloads } = FULL.platform;
    const environment = { ...BARE, platform: { ...BARE.platform, workloads } };
    const { checks, verdict, actions } = await examined({
      environment,
      change: ({ targets }) => {
        for (const arn of Object.keys(targets)) targets[arn] = [];
      },
    });
    expect(verdict).toBe('ok');
    expect(said(checks)).toContain('not asked: without a certificate the load balancer checks no pod');
    expect(actions).not.toContain('elasticloadbalancing:DescribeTargetHealth');
  });

  it('looks for nothing where the environment has neither platform nor database', async () => {
    const { checks, actions } = await examined({
      environment: {
        ...BARE,
        platform: { ...BARE.platform, enabled: false },
        database: { ...BARE.database, enabled: false },
      },
    });
    expect({ checks, actions }).toEqual({ checks: [], actions: [] });
  });
});

describe('verifying the cluster', () => {
  it.each<[string, object]>([
    ['its Kubernetes version is 1.35, planned 1.36', { version: '1.35' }],
    [
      'access to its API from the internet is on, planned off',
      { resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true } },
    ],
    [
      'access to its API inside the VPC is off, planned on',
      { resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: false } },
    ],
    ['its secrets are under no key of the account', { encryptionConfig: [] }],
    ['its upgrade policy is EXTENDED, planned STANDARD', { upgradePolicy: { supportType: 'EXTENDED' } }],
    [
      'its authentication mode is API_AND_CONFIG_MAP, planned API',
      { accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } },
    ],
    ['is FAILED', { status: 'FAILED' }],
  ])('finds: %s', async (text, properties) => {
    const found = await findingOf('cluster', cluster(properties));
    expect(found).toMatchObject({ text, outcomes: ['failed'] });
    expect(found.remedy).toBeTruthy();
  });

  it('leaves open what is still being made', async () => {
    expect(await findingOf('cluster', cluster({ status: 'UPDATING' }))).toMatchObject({
      text: 'is UPDATING',
      outcomes: ['undetermined'],
    });
  });

  it.each([
    ['role/somebody', ROLE('somebody')],
    ['user/somebody', 'arn:aws:iam::123456789012:user/somebody'],
    ['role/team/nodes-AbC', ROLE('team/nodes-AbC')],
    ['role/nodes-AbC of another account', 'arn:aws:iam::999999999999:role/nodes-AbC'],
  ])('finds that %s was let in by hand, and tells no account', async (name, principal) => {
    const { text, outcomes } = await findingOf(
      'cluster',
      ({ principals }) => void principals.push(principal),
    );
    expect(text).toBe(`${name} may enter, whom neither stack nor configuration names`);
    expect(outcomes).toEqual(['failed']);
  });

  it('misses the administrator, and what the stack let in', async () => {
    const { text } = await findingOf('cluster', ({ principals }) => void principals.splice(0, 2));
    expect(text).toBe(
      'role/mini-xdr-administrator has no access entry\nrole/deployer-AbC has no access entry',
    );
  });

  it('misses a configured administrator who was never deployed', async () => {
    const platform = { ...FULL.platform, adminPrincipal: 'arn:aws:iam::999999999999:role/other' };
    const { wrong } = await examined({ environment: { ...FULL, platform } });
    expect(said(wrong)).toBe('role/other of another account has no access entry');
  });

  it('does not accuse anybody where CloudFormation does not say whose its entries are', async () => {
    const { text, outcomes } = await findingOf('cluster', ({ stacks }) => {
      const entry = stacks['mini-xdr-dev-Platform']?.['Deployer'];
      if (entry !== undefined) entry.physical = 'AccessEntry-1';
    });
    expect(text).toContain('CloudFormation does not say whose an access entry');
    expect(outcomes).toEqual(['undetermined']);
  });

  it('misses a cluster that was deleted beside its stack', async () => {
    const { text } = await findingOf('cluster', (account) => void (account.cluster = {}));
    expect(text).toBe('mini-xdr-dev-Platform has no cluster that exists');
  });
});

describe('verifying the load balancer', () => {
  const policy = (SslPolicy: string) => listener(1, { SslPolicy });
  it.each<[string, Change]>([
    ['is failed: no address', balancer({ State: { Code: 'failed', Reason: 'no address' } })],
    ['is active_impaired', balancer({ State: { Code: 'active_impaired' } })],
    ['its scheme is internet-facing, planned internal', balancer({ Scheme: 'internet-facing' })],
    ['has no HTTPS listener', ({ listeners }) => void listeners.pop()],
    [
      'its TLS policy is ELBSecurityPolicy-2016-08, and must be one of TLS 1.3',
      policy('ELBSecurityPolicy-2016-08'),
    ],
    [
      'its TLS policy is ELBSecurityPolicy-TLS13-1-0-2021-06, and must be one of TLS 1.3',
      policy('ELBSecurityPolicy-TLS13-1-0-2021-06'),
    ],
    [
      'its certificate is another than platform.certificateArn',
      listener(1, { Certificates: { member: { CertificateArn: 'other' } } }),
    ],
    ['answers without TLS on port 80', listener(0, { DefaultActions: { member: { Type: 'forward' } } })],
    ['mini-xdr-dev-Platform has no load balancer that exists', (all) => void (all.loadBalancer = {})],
  ])('finds: %s', async (text, change) => {
    expect(await findingOf('load-balancer', change)).toMatchObject({ text, outcomes: ['failed'] });
  });

  it('leaves open what is being made', async () => {
    const { outcomes } = await findingOf('load-balancer', balancer({ State: { Code: 'provisioning' } }));
    expect(outcomes).toEqual(['undetermined']);
  });

  it('finds a listener that was made by hand where none is configured', async () => {
    const { wrong } = await examined({
      environment: BARE,
      change: ({ listeners }) =>
        void listeners.push(
          { ListenerArn: 'http', Port: 80, Protocol: 'HTTP' },
          { Port: 443, Protocol: 'HTTPS' },
        ),
    });
    expect(said(wrong)).toBe(
      'answers without TLS on port 80\nlistens on port 443, though no certificate is configured',
    );
  });

  it('says of one that faces the internet that its web ACL is not looked at', async () => {
    const loadBalancer = { ...FULL.platform.loadBalancer, internetFacing: true };
    const { checks } = await examined({
      environment: { ...FULL, platform: { ...FULL.platform, loadBalancer } },
    });
    expect(said(checks)).toContain('internet-facing; its web ACL is not looked at');
  });
});

describe('verifying the pods behind the load balancer', () => {
  it.each<[string, string[], string]>([
    ['failed', ['healthy'], '1 healthy'],
    ['failed', ['healthy', 'healthy', 'unhealthy'], '2 healthy, 1 unhealthy'],
    ['failed', ['unused', 'unused'], '2 unused'],
    ['failed', [], 'no pod is registered'],
    ['undetermined', ['healthy', 'initial'], '1 healthy, 1 initial'],
    ['undetermined', ['healthy', 'healthy', 'unhealthy', 'draining'], '1 unhealthy, 1 draining'],
  ])('calls it %s for %j', async (outcome, states, text) => {
    const found = await findingOf('workload', pods(...states));
    expect(found.outcomes).toEqual([outcome]);
    expect(found.text).toContain(text);
    if (states.includes('unhealthy')) expect(found.text).toContain('Target.Timeout');
  });

  it('finds that all healthy pods stand in one zone', async () => {
    const { text, outcomes } = await findingOf('workload', ({ targets }) => {
      for (const target of targets[TARGET_GROUPS.backend] ?? []) target.zone = 'us-east-1a';
    });
    expect(text).toBe('pods: 2 healthy, all in us-east-1a; 2 zones are planned');
    expect(outcomes).toEqual(['failed']);
  });

  it('leaves open in which zones pods stand where the load balancer does not say', async () => {
    const { outcomes } = await findingOf('workload', ({ targets }) => {
      for (const target of targets[TARGET_GROUPS.backend] ?? []) delete target.zone;
    });
    expect(outcomes).toEqual(['undetermined']);
  });

  it('is content with a rollout that keeps two', async () => {
    const { verdict } = await examined({ change: pods('healthy', 'healthy', 'initial', 'draining') });
    expect(verdict).toBe('ok');
  });

  it('names the workload whose group is gone', async () => {
    const { wrong } = await examined({ change: ({ targets }) => delete targets[TARGET_GROUPS.frontend] });
    expect(about(wrong)).toEqual([['workload', 'frontend', 'failed']]);
  });
});
