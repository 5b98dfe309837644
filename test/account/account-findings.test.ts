import { accountFindings, accountVerdict } from '../../lib/account/account-findings';
import type { AccountFacts, AccountNeeds, Reading } from '../../lib/account/account-facts';
import { ACCOUNT_LIMITS } from '../../lib/account/account-findings-registry';
import { freePlanFindings } from '../../lib/account/free-plan';
import { accountNeeds } from '../../lib/account/account-needs';
import { environmentNames } from '../../lib/config/load-environment';
import { build, planOf, shippedPlan, templatesOf, shippedTemplates } from '../support/app/environment-app';
import { environmentWith, infrastructureWith } from '../support/stacks/infrastructure';
import { IMAGES, running } from '../support/stacks/workload-images';

const known = <T>(value: T): Reading<T> => ({ known: true, value });
const denied = (action: string): Reading<never> => ({ known: false, action, reason: 'denied' });

const NEEDS: AccountNeeds = {
  region: 'us-east-1',
  linkedRoles: [
    { service: 'eks.amazonaws.com', role: 'AWSServiceRoleForAmazonEKS', madeBy: 'eks:CreateCluster' },
    { service: 'rds.amazonaws.com', role: 'AWSServiceRoleForRDS', madeBy: 'rds:CreateDBInstance' },
  ],
  logGroups: [],
  zones: ['us-east-1a', 'us-east-1b'],
  instances: [{ instanceType: 'm5.xlarge', zone: 'us-east-1a' }],
  cluster: true,
  adminRole: { resource: 'role/operations/administrator', name: 'administrator' },
  database: { instanceType: 'db.t4g.micro', backupDays: 7, multiAz: false, storageGb: 20 },
  serverless: true,
  peakRps: 110,
};

/** The most that AWS's free plan offers. */
const FREE_DATABASE = { instanceType: 'db.t4g.micro', backupDays: 1, multiAz: false, storageGb: 20 };

const ZONES = [
  { name: 'us-east-1a', id: 'use1-az1', available: true },
  { name: 'us-east-1b', id: 'use1-az2', available: true },
  { name: 'us-east-1e', id: 'use1-az3', available: true },
];

/** An account in which everything is as it should be. */
const GOOD: AccountFacts = {
  bootstrapVersion: known(21),
  lambdaConcurrency: known(1000),
  orphanedLogGroups: known([]),
  serviceLinkedRoles: { 'eks.amazonaws.com': known(true), 'rds.amazonaws.com': known(true) },
  zones: known(ZONES),
  zonesOffering: { 'm5.xlarge': known(['us-east-1a', 'us-east-1b']) },
  adminRole: known('role/operations/administrator'),
  accountPlan: 'paid',
};

interface Case {
  readonly facts?: Partial<AccountFacts>;
  readonly needs?: Partial<AccountNeeds>;
}

const judge = ({ facts = {}, needs = {} }: Case) =>
  accountFindings({ ...NEEDS, ...needs }, { ...GOOD, ...facts }, '111122223333');
const ids = (given: Case) => judge(given).map(({ id }) => id);

describe('an account in which everything is as it should be', () => {
  it('has no findings', () => {
    expect(judge({})).toEqual([]);
    expect(accountVerdict([])).toBe('fits');
  });
});

describe.each<[string, Case, string[], ReturnType<typeof accountVerdict>]>([
  ['is not bootstrapped', { facts: { bootstrapVersion: known(null) } }, ['bootstrap-missing'], 'blocked'],
  ['has too old a bootstrap', { facts: { bootstrapVersion: known(5) } }, ['bootstrap-outdated'], 'blocked'],
  ['has just the bootstrap that is needed', { facts: { bootstrapVersion: known(6) } }, [], 'fits'],
  [
    'hides its bootstrap',
    { facts: { bootstrapVersion: denied('ssm:GetParameter') } },
    ['account-fact-unknown'],
    'unknown',
  ],
  ['lacks a zone', { needs: { zones: ['us-east-1a', 'us-east-1f'] } }, ['zone-missing'], 'blocked'],
  [
    'may not use a zone',
    { facts: { zones: known(ZONES.map((zone) => ({ ...zone, available: zone.name !== 'us-east-1b' }))) } },
    ['zone-missing'],
    'blocked',
  ],
  [
    'has a zone that EKS refuses',
    { needs: { zones: ['us-east-1a', 'us-east-1e'] } },
    ['zone-refused-by-eks'],
    'blocked',
  ],
  [
    'has such a zone, and no cluster',
    { needs: { zones: ['us-east-1a', 'us-east-1e'], cluster: false } },
    [],
    'fits',
  ],
  [
    'hides its zones',
    { facts: { zones: denied('ec2:DescribeAvailabilityZones') } },
    ['account-fact-unknown'],
    'unknown',
  ],
  [
    'has the training type in another zone only',
    { facts: { zonesOffering: { 'm5.xlarge': known(['us-east-1b']) } } },
    ['zone-without-instance-type'],
    'blocked',
  ],
  [
    'has the training type nowhere',
    { facts: { zonesOffering: { 'm5.xlarge': known([]) } } },
    ['instance-type-not-offered'],
    'blocked',
  ],
  [
    'lacks the role that is to administer the cluster',
    { facts: { adminRole: known(null) } },
    ['cluster-administrator-missing'],
    'blocked',
  ],
  [
    'has that role under another path',
    { facts: { adminRole: known('role/administrator') } },
    ['cluster-administrator-differs'],
    'blocked',
  ],
  ['hides that role', { facts: { adminRole: denied('iam:GetRole') } }, ['account-fact-unknown'], 'unknown'],
  [
    'is not the one that the role is of',
    {
      needs: {
        adminRole: { resource: 'role/administrator', name: 'administrator', otherAccount: '999999999999' },
      },
      facts: { adminRole: undefined },
    },
    ['cluster-administrator-elsewhere'],
    'fits',
  ],
  [
    'has no cluster to administer',
    { needs: { cluster: false, adminRole: undefined }, facts: { adminRole: undefined } },
    [],
    'fits',
  ],
  [
    'has a log group that the stacks are to make',
    { facts: { orphanedLogGroups: known(['/aws/eks/mini-xdr-dev/cluster']) } },
    ['log-groups-orphaned'],
    'blocked',
  ],
  [
    'hides its log groups',
    { facts: { orphanedLogGroups: denied('logs:DescribeLogGroups') } },
    ['account-fact-unknown'],
    'unknown',
  ],
  [
    'has the Lambda concurrency of a new one',
    { facts: { lambdaConcurrency: known(10) } },
    ['lambda-concurrency-floor'],
    'fits',
  ],
  ['has a little more than that', { facts: { lambdaConcurrency: known(11) } }, [], 'fits'],
  [
    'hides its Lambda concurrency',
    { facts: { lambdaConcurrency: denied('lambda:GetAccountSettings') } },
    ['account-hint-unknown'],
    'fits',
  ],
  [
    'lacks service-linked roles',
    {
      facts: { serviceLinkedRoles: { 'eks.amazonaws.com': known(false), 'rds.amazonaws.com': known(false) } },
    },
    ['linked-roles-missing'],
    'fits',
  ],
  [
    'hides one role and lacks another',
    {
      facts: {
        serviceLinkedRoles: { 'eks.amazonaws.com': known(false), 'rds.amazonaws.com': denied('iam:GetRole') },
      },
    },
    ['linked-roles-missing', 'account-hint-unknown'],
    'fits',
  ],
  [
    'is on the free plan',
    {
      facts: { accountPlan: 'free' },
      needs: { database: { instanceType: 'db.t4g.small', backupDays: 7, multiAz: true, storageGb: 50 } },
    },
    [
      'free-plan-instance',
      'free-plan-cluster',
      'free-plan-database',
      'free-plan-backups',
      'free-plan-database-size',
    ],
    'blocked',
  ],
  [
    'is on the free plan, and the environment keeps to it',
    {
      facts: { accountPlan: 'free', zonesOffering: { 't3.small': known(['us-east-1a']) } },
      needs: {
        cluster: false,
        instances: [{ instanceType: 't3.small', zone: 'us-east-1a' }],
        database: { ...FREE_DATABASE },
      },
    },
    [],
    'fits',
  ],
  ...(['multiAz', 'storageGb'] as const).map((asked): [string, Case, string[], 'fits'] => [
    `is on the free plan, and the database goes beyond its offer in ${asked} alone`,
    {
      facts: { accountPlan: 'free', zonesOffering: {} },
      needs: {
        cluster: false,
        instances: [],
        database: {
          ...FREE_DATABASE,
          ...{ multiAz: { multiAz: true }, storageGb: { storageGb: 21 } }[asked],
        },
      },
    },
    ['free-plan-database-size'],
    'fits',
  ]),
  ['may be on the free plan', { facts: { accountPlan: 'unknown' } }, ['account-plan-unknown'], 'fits'],
  [
    'may be on the free plan, where models alone are deployed',
    { facts: { accountPlan: 'unknown' }, needs: { cluster: false, instances: [], database: undefined } },
    [],
    'fits',
  ],
])('an account that %s', (_name, given, expected, verdict) => {
  it(`has ${expected.length === 0 ? 'no findings' : expected.join(', ')}`, () => {
    expect(ids(given)).toEqual(expected);
  });

  it(`lets the environment count as ${verdict}`, () => {
    expect(accountVerdict(judge(given))).toBe(verdict);
  });

  it('is told what to do about each finding', () => {
    for (const { remedy, title } of judge(given)) {
      expect(remedy.length).toBeGreaterThan(20);
      expect(`${title}${remedy}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe('a finding', () => {
  it('names the IAM action that was denied', () => {
    const [finding] = judge({ facts: { bootstrapVersion: denied('ssm:GetParameter') } });
    expect(finding?.title).toBe(
      'Whether the account is bootstrapped for CDK could not be determined: ssm:GetParameter was denied',
    );
    expect(finding?.remedy).toContain('Allow ssm:GetParameter');
  });

  it('gives the commands that mend it', () => {
    const missing = judge({
      facts: {
        bootstrapVersion: known(null),
        serviceLinkedRoles: { 'eks.amazonaws.com': known(false), 'rds.amazonaws.com': known(true) },
      },
    });
    expect(missing.map(({ remedy }) => remedy)).toEqual([
      'Run npx cdk bootstrap aws://111122223333/us-east-1 once, as an administrator',
      expect.stringMatching(/aws iam create-service-linked-role --aws-service-name eks\.amazonaws\.com$/),
    ]);
  });

  it.each([
    ['role/operations/administrator', 'administrator --path /operations/'],
    ['role/administrator', 'administrator'],
  ])('gives the command that makes %s', (resource, named) => {
    const [missing] = judge({
      needs: { adminRole: { resource, name: 'administrator' } },
      facts: { adminRole: known(null) },
    });

    expect(missing?.title).toContain(`The account has no ${resource}, which platform.adminPrincipal names`);
    expect(missing?.remedy).toContain(
      `(aws iam create-role --role-name ${named} --assume-role-policy-document file://TRUST.json)`,
    );
  });

  it('gives the commands that delete log groups which are left, and no option that CloudFormation refuses', () => {
    const [found] = judge({ facts: { orphanedLogGroups: known(['/aws/eks/a/cluster', 'aws-waf-logs-a']) } });

    expect(found?.title).toContain('/aws/eks/a/cluster, aws-waf-logs-a;');
    expect(found?.remedy).toContain(
      'aws logs delete-log-group --region us-east-1 --log-group-name /aws/eks/a/cluster; ' +
        'aws logs delete-log-group --region us-east-1 --log-group-name aws-waf-logs-a',
    );
    expect(found?.remedy).not.toContain('--import-existing-resources');
  });

  it('lets a deployment take over log groups that were kept, and names apart those that it cannot', () => {
    const logGroups = [
      { name: '/aws/eks/a/cluster', stack: 'a-Platform', importable: true },
      { name: '/aws/sagemaker/Endpoints/a', stack: 'a-Serving', importable: false },
    ];
    const judged = (orphaned: readonly string[]) =>
      judge({ facts: { orphanedLogGroups: known(orphaned) }, needs: { logGroups } });

    const kept = judged(['/aws/eks/a/cluster']);
    expect(accountVerdict(kept)).toBe('fits');
    expect(kept.map(({ id }) => id)).toEqual(['log-groups-kept']);
    expect(kept[0]?.remedy).toContain('Add --import-existing-resources');
    expect(judged(logGroups.map(({ name }) => name)).map(({ id, facts }) => [id, facts['groups']])).toEqual([
      ['log-groups-orphaned', '/aws/sagemaker/Endpoints/a'],
      ['log-groups-kept', '/aws/eks/a/cluster'],
    ]);
  });

  it('names the spelling of the administrator that EKS takes', () => {
    const [differs] = judge({ facts: { adminRole: known('role/administrator') } });
    expect(differs?.remedy).toBe('Set platform.adminPrincipal to role/administrator');
  });

  it('comes before those that weigh less', () => {
    const found = judge({
      facts: { bootstrapVersion: known(null), lambdaConcurrency: known(10), accountPlan: 'unknown' },
    });
    expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'info']);
  });

  it('blocks even where something else is not known', () => {
    const found = judge({
      facts: { bootstrapVersion: known(null), zones: denied('ec2:DescribeAvailabilityZones') },
    });
    expect(accountVerdict(found)).toBe('blocked');
  });
});

describe('what the free plan refuses', () => {
  it('is known from configuration alone, for every environment that ships', () => {
    const refused = (name: string) =>
      freePlanFindings(accountNeeds(shippedPlan(name)), 'free').map(({ id }) => id);

    expect(refused('dev')).toEqual(['free-plan-instance', 'free-plan-cluster', 'free-plan-backups']);
    expect(refused('prod')).toEqual([
      'free-plan-cluster',
      'free-plan-database',
      'free-plan-backups',
      'free-plan-database-size',
    ]);
  });

  it('names what goes beyond its offer, and nothing else', () => {
    const [found] = freePlanFindings(
      {
        ...NEEDS,
        instances: [],
        cluster: false,
        database: { ...FREE_DATABASE, multiAz: true, storageGb: 50 },
      },
      'free',
    );

    expect(found?.title).toContain('two zones and 50 GB of storage');
  });
});

describe('the needs of an environment', () => {
  it('are the roles of what it switches on, and the scaling role only where something scales', () => {
    const roles = (name: string) => accountNeeds(shippedPlan(name)).linkedRoles.map(({ service }) => service);
    const platform = ['eks.amazonaws.com', 'elasticloadbalancing.amazonaws.com', 'rds.amazonaws.com'];

    expect(roles('dev')).toEqual([...platform, 'events.amazonaws.com']);
    expect(roles('prod')).toEqual([...platform, 'sagemaker.application-autoscaling.amazonaws.com']);
  });

  it('are the role of alarm actions wherever an alarm of the templates acts on EC2', () => {
    for (const name of environmentNames()) {
      const acting = JSON.stringify(shippedTemplates(name)).includes(':automate:');
      const roles = accountNeeds(shippedPlan(name)).linkedRoles.map(({ role }) => role);
      expect([name, roles.includes('AWSServiceRoleForCloudWatchEvents')]).toEqual([name, acting]);
    }
  });

  it('are the log groups that the templates name, each of the stack that has it, importable where that keeps it', () => {
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    for (const environment of environmentNames()) {
      const named = Object.entries(shippedTemplates(environment)).flatMap(([stack, { Resources }]) =>
        Object.values(Resources).flatMap(({ Type, Properties, DeletionPolicy }) =>
          Type === 'AWS::Logs::LogGroup' && typeof Properties?.['LogGroupName'] === 'string'
            ? [
                {
                  name: Properties['LogGroupName'],
                  stack: `mini-xdr-${environment}-${stack}`,
                  importable: DeletionPolicy !== 'Delete',
                },
              ]
            : [],
        ),
      );
      const { logGroups } = accountNeeds(shippedPlan(environment));

      expect(logGroups.toSorted(byName)).toEqual(named.sort(byName));
      expect(named.length).toBeGreaterThan(3);
    }
  });

  it('are those of the web ACL and of pods too, where the load balancer faces the internet and images run', () => {
    const { platform } = running(IMAGES, {
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c',
      loadBalancer: { internetFacing: true, allowedCidrs: ['203.0.113.0/24'], rateLimitPer5Minutes: 2000 },
      observability: { logs: true, metrics: true },
    });
    const { Resources } = infrastructureWith({ platform }).platform.toJSON() as {
      Resources: Record<string, { Properties?: { LogGroupName?: unknown } }>;
    };
    const named = Object.values(Resources).flatMap(({ Properties }) => Properties?.LogGroupName ?? []);
    const { logGroups } = accountNeeds({
      ...shippedPlan('dev'),
      environment: environmentWith({ platform }),
    });

    expect(logGroups.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    expect(named).toContain('aws-waf-logs-mini-xdr-dev');
    expect(named).toContain('/aws/containerinsights/mini-xdr-dev/application');
  });

  it('are the database as the environment sizes it', () => {
    expect(accountNeeds(shippedPlan('prod')).database).toEqual({
      instanceType: 'db.t4g.small',
      backupDays: 30,
      multiAz: true,
      storageGb: 100,
    });
  });

  it.each([
    ['of the account deployed to, by its short name', 'role/ops/administrator', {}],
    ['of that account, by its ARN', 'arn:aws:iam::111122223333:role/ops/administrator', {}],
    [
      'of another account',
      'arn:aws:iam::999999999999:role/ops/administrator',
      { otherAccount: '999999999999' },
    ],
  ])('are an administrator %s', (_name, adminPrincipal, owner) => {
    const environment = environmentWith({ platform: { adminPrincipal } });
    const target = { account: '111122223333', region: 'us-east-1' };
    const needs = accountNeeds({ ...shippedPlan('dev'), environment, target });

    expect(needs.adminRole).toEqual({
      resource: 'role/ops/administrator',
      name: 'administrator',
      ...owner,
    });
  });

  it('are few where only models are deployed', () => {
    const plan = planOf(
      environmentWith({
        platform: { enabled: false },
        database: { enabled: false },
        workbench: { notebook: false, trainer: false },
      }),
    );
    const needs = accountNeeds(plan);

    expect(needs).toMatchObject({ linkedRoles: [], instances: [], cluster: false });
    expect(needs.database).toBeUndefined();
    expect(needs.adminRole).toBeUndefined();
  });

  it('place the training instance where its template does', () => {
    const plan = shippedPlan('dev');
    const templates = Object.values(templatesOf(build(plan))).flatMap(({ Resources }) =>
      Object.entries(Resources),
    );
    const instance = templates.find(([, { Type }]) => Type === 'AWS::EC2::Instance')?.[1];
    const subnet = JSON.stringify(instance?.Properties?.['SubnetId']);
    const zones = templates
      .filter(([id, { Type }]) => Type === 'AWS::EC2::Subnet' && subnet.includes(id))
      .map(([, { Properties }]) => JSON.stringify(Properties?.['AvailabilityZone']));
    const { instances } = accountNeeds(plan);

    expect(instances).toEqual([{ instanceType: 'm5.xlarge', zone: 'us-east-1a' }]);
    expect(zones).toEqual(['{"Fn::Join":["",[{"Ref":"AWS::Region"},"a"]]}']);
  });
});

describe.each(environmentNames())('the templates of %s', (name) => {
  it('require the bootstrap version that is checked, under the parameter that is read', () => {
    for (const template of Object.values(shippedTemplates(name))) {
      const { Rules, Parameters } = template as unknown as {
        Rules: { CheckBootstrapVersion: unknown };
        Parameters: { BootstrapVersion: { Default: string } };
      };
      const refused = JSON.stringify(Rules.CheckBootstrapVersion)
        .match(/"\d+"/g)
        ?.map((text) => Number(text.slice(1, -1)));

      expect(Math.max(...(refused ?? [])) + 1).toBe(ACCOUNT_LIMITS.bootstrap.version);
      expect(Parameters.BootstrapVersion.Default).toBe(ACCOUNT_LIMITS.bootstrap.parameter);
    }
  });
});
