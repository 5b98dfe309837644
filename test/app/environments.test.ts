import { compareStateful } from '../../lib/compliance/stateful/index';
import { environmentNames } from '../../lib/config/load-environment';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { platformCounts } from '../../lib/plan/demand/platform-demand';
import { QUOTA, quotaKey } from '../../lib/quotas/quota-catalogue';
import { environmentWith } from '../support/stacks/infrastructure';
import { build, planOf, shippedPlan, templatesOf, shippedTemplates } from '../support/app/environment-app';
import { type Drawn, inventory } from '../support/app/inventory';
import {
  PINNED_IDS,
  placesIn,
  removalsIn,
  stateIn,
  statefulIn,
  withHarmlessChanges,
  withOtherIds,
  withoutPolicies,
} from '../support/app/stateful';
import { IMAGES, running } from '../support/stacks/workload-images';
import { type TemplateJson, resourcesOf } from '../support/app/template';

type Templates = Readonly<Record<string, TemplateJson>>;

/** What the plan counts, less the nodes that EKS starts by itself and no template shows. */
function counted({ ledger, environment }: DeploymentPlan): Map<string, Drawn> {
  const nodes = environment.platform.enabled ? environment.platform.peakNodeVcpus : 0;
  return new Map(
    ledger
      .map((row): [string, Drawn] => {
        const hidden = quotaKey(row) === QUOTA.standardVcpus ? nodes : 0;
        return [quotaKey(row), { steady: row.steady - hidden, peak: row.peak - hidden }];
      })
      .filter(([, { peak }]) => peak > 0),
  );
}

function drawn(templates: Templates): Map<string, Drawn> {
  return new Map([...inventory(templates)].filter(([, { peak }]) => peak > 0));
}

const byKey = (counts: Map<string, Drawn>) =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Environments that nobody ships, for what the shipped ones do not use. */
const OTHERS = {
  'an environment on instances, with workloads': environmentWith({
    ...running(IMAGES, { certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/none' }),
    snapshot: 'new-account',
    hosting: { modes: ['dedicated', 'shared'] },
    traffic: { general: { averageRps: 20, peakRps: 250, peakHoursPerDay: 2 } },
    budget: { monthlyUsd: 5000 },
    workbench: { trainer: false },
    network: { natGateways: 2, zones: ['a', 'b'], interfaceEndpoints: ['logs', 'kms'] },
  }),
  'an environment with provisioned concurrency': environmentWith({
    budget: { monthlyUsd: 600 },
    latency: { coldStarts: 'refused' },
    hosting: {
      modes: ['serverless'],
      serverless: {
        burstConcurrency: 2,
        throttledShare: 0.05,
        provisionedConcurrency: { accountLimit: 20, usdPerGbSecond: 0.00001 },
      },
    },
  }),
  'an environment that only serves': environmentWith({
    platform: { enabled: false },
    database: { enabled: false },
    workbench: { notebook: false, trainer: false },
    network: { natGateways: 0 },
  }),
};

describe.each([
  ...environmentNames().map((name) => [name, shippedPlan(name), () => shippedTemplates(name)] as const),
  ...Object.entries(OTHERS).map(([name, environment]) => {
    const plan = planOf(environment);
    return [name, plan, () => templatesOf(build(plan))] as const;
  }),
])('%s', (_name, plan, synthesized) => {
  let templates: Templates;
  beforeAll(() => {
    templates = synthesized();
  });

  it('draws on every quota exactly what its plan counts, and on no other', () => {
    expect(byKey(drawn(templates))).toEqual(byKey(counted(plan)));
  });

  it('has as many stacks and customer keys as the plan knows of', () => {
    const counts = drawn(templates);

    expect(platformCounts(plan.environment)).toEqual({
      stacks: counts.get(QUOTA.stacks)?.peak,
      kmsKeys: counts.get(QUOTA.kmsKeys)?.peak,
    });
  });

  it('bills as many alarms, keys, gateways and GB of storage as its templates hold', () => {
    const billed = (price: string) =>
      plan.cost.lines
        .flatMap(({ inputs }) => inputs)
        .filter((input) => input.price === price)
        .reduce((sum, { expected }) => sum + expected, 0);
    const count = (type: string) =>
      Object.values(templates).reduce((sum, template) => sum + resourcesOf(template, type).length, 0);
    const { multiAz } = plan.environment.database;

    expect(billed('cloudwatch.alarm')).toBe(count('AWS::CloudWatch::Alarm'));
    expect(billed('kms.key')).toBe(count('AWS::KMS::Key'));
    expect(billed('vpc.nat') / 730).toBe(count('AWS::EC2::NatGateway'));
    expect(billed('rds.gp3')).toBe(
      (drawn(templates).get(QUOTA.dbStorageGb)?.steady ?? 0) * (multiAz ? 2 : 1),
    );
  });

  it('keeps the logical ids of everything that holds state', () => {
    const { notebook } = plan.environment.workbench;
    const expected = PINNED_IDS.filter((line) => {
      const [stack = '', type = ''] = line.split(' ');
      return stack in templates && (notebook || type !== 'AWS::SageMaker::NotebookInstance');
    });

    expect(statefulIn(templates)).toEqual(expected);
  });

  it('passes no renamed construct that holds state, each by its name, and no policy that is gone', () => {
    const reviewed = stateIn(templates);
    const pathsOf = (changed: Templates, kind: string) =>
      compareStateful(reviewed, stateIn(changed, reviewed))
        .losses.filter((loss) => loss.kind === kind)
        .map(({ path }) => path)
        .sort();
    const kept = Object.values(reviewed).filter(
      ({ stateful, onReplacement }) => stateful && onReplacement !== 'Delete',
    );

    expect(pathsOf(withOtherIds(templates), 'deleted')).toEqual(placesIn(reviewed));
    expect(pathsOf(withoutPolicies(templates), 'weakened')).toEqual(kept.map(({ path }) => path).sort());
  });

  it('passes tags, sizes and backup days', () => {
    expect(compareStateful(stateIn(templates), stateIn(withHarmlessChanges(templates)))).toEqual({
      losses: [],
      unreviewed: [],
    });
  });

  it('keeps or removes its data as the environment asks, on removal and on replacement', () => {
    // What a failed creation leaves behind goes in any case: it holds nothing yet, and would block the next try.
    const kept = 'RetainExceptOnCreate Retain';
    const onRemoval = {
      destroy: { data: 'Delete Delete', database: 'Delete Delete' },
      retain: { data: kept, database: kept },
      // Only the database has snapshots.
      snapshot: { data: kept, database: 'Snapshot Snapshot' },
    };
    const { data, database } = onRemoval[plan.environment.protection.onRemoval];

    expect(removalsIn(templates)).toEqual({
      'AWS::KMS::Key': [data],
      'AWS::S3::Bucket': [data],
      'AWS::RDS::DBInstance': plan.environment.database.enabled ? [database] : [],
    });
  });
});
