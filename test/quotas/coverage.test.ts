import { ACCOUNT_FINDINGS } from '../../lib/account/account-findings-registry';
import { environmentNames } from '../../lib/config/load-environment';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import {
  HOSTING_TYPES,
  QUOTA,
  type QuotaKey,
  endpointQuotaKey,
  isCatalogued,
  notebookQuotaKey,
} from '../../lib/quotas/quota-catalogue';
import { COVERED_TYPES, type Draw, coverageOf, coverageOfType } from '../../lib/quotas/coverage';
import { environmentWith } from '../support/stacks/infrastructure';
import { IMAGES, running } from '../support/stacks/workload-images';
import { build, planOf, shippedPlan, templatesOf, shippedTemplates } from '../support/app/environment-app';
import { inventory } from '../support/app/inventory';
import type { TemplateJson } from '../support/app/template';

type Templates = Readonly<Record<string, TemplateJson>>;

/** Everything that the shipped environments leave out: endpoints on instances, a public listener, people who are told. */
const FULL = planOf(
  environmentWith({
    snapshot: 'new-account',
    hosting: { modes: ['dedicated', 'shared'] },
    traffic: { general: { averageRps: 20, peakRps: 250, peakHoursPerDay: 2 } },
    budget: { monthlyUsd: 5000 },
    workbench: { trainer: false },
    network: { natGateways: 2, zones: ['a', 'b'], interfaceEndpoints: ['logs', 'kms'] },
    platform: {
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/none',
      loadBalancer: { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] },
      ...running(IMAGES).platform,
    },
    operations: { alarmEmail: 'on-call@example.com' },
  }),
);

const SHIPPED: readonly (readonly [string, DeploymentPlan])[] = environmentNames().map((name) => [
  name,
  shippedPlan(name),
]);

function typesIn(templates: Templates): Set<string> {
  return new Set(
    Object.values(templates).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
  );
}

function drawsOf(type: string): readonly Draw[] {
  const coverage = coverageOfType(type);
  return coverage?.kind === 'quota' ? coverage.draws : [];
}

const ENDPOINT_QUOTAS = new Set([...HOSTING_TYPES.values()].map(endpointQuotaKey));

function stands(draw: Draw, key: QuotaKey): boolean {
  if (draw.quota === 'endpoint-type') return ENDPOINT_QUOTAS.has(key);
  if (draw.quota === 'notebook-type') return key === notebookQuotaKey('ml.t3.medium');
  return draw.quota === key;
}

const built = new Map<string, Templates>();
beforeAll(() => {
  for (const [name] of SHIPPED) built.set(name, shippedTemplates(name));
  built.set('full', templatesOf(build(FULL)));
});

const templatesFor = (name: string): Templates => built.get(name) ?? {};

describe.each([...SHIPPED.map(([name]) => name), 'full'])('the environment %s', (name) => {
  it('has no resource type whose limits nobody has looked at', () => {
    expect(coverageOf(typesIn(templatesFor(name))).missing).toEqual([]);
  });

  it('draws on no quota but those of its resource types, and that of stacks', () => {
    const draws = [...typesIn(templatesFor(name))].flatMap(drawsOf);
    const strangers = [...inventory(templatesFor(name))]
      .filter(([key, { peak }]) => peak > 0 && key !== QUOTA.stacks)
      .filter(([key]) => !draws.some((draw) => stands(draw, key)))
      .map(([key]) => key);

    expect(strangers).toEqual([]);
  });

  it('plans with a quota of every resource type that draws on one', () => {
    const ledger = (name === 'full' ? FULL : shippedPlan(name)).ledger.map(
      ({ service, code }): QuotaKey => `${service}/${code}`,
    );
    const unplanned = [...typesIn(templatesFor(name))].filter((type) => {
      const draws = drawsOf(type);
      return draws.length > 0 && !draws.some((draw) => ledger.some((key) => stands(draw, key)));
    });

    expect(unplanned).toEqual([]);
  });
});

describe('the coverage table', () => {
  it('lists only what a shipped environment has, or what it says is made by a setting', () => {
    const shipped = new Set(SHIPPED.flatMap(([name]) => [...typesIn(templatesFor(name))]));
    const unused = COVERED_TYPES.filter(
      (type) => !shipped.has(type) && coverageOfType(type)?.onlyWith === undefined,
    );

    expect(unused).toEqual([]);
  });

  it('finds what needs a setting where that setting is made', () => {
    const full = typesIn(templatesFor('full'));
    // The test app is synthesized by this process, so the command line adds nothing to it.
    const absent = COVERED_TYPES.filter((type) => coverageOfType(type)?.onlyWith !== undefined).filter(
      (type) => !full.has(type),
    );

    expect(absent).toEqual(['AWS::CDK::Metadata']);
  });

  it('names only quotas of the catalogue and findings that exist', () => {
    const entries = COVERED_TYPES.map((type) => coverageOfType(type));
    const quotas = entries.flatMap((entry) => (entry?.kind === 'quota' ? entry.draws : []));
    const findings = entries.flatMap((entry) => (entry?.kind === 'account' ? entry.findings : []));

    expect(
      quotas.filter(({ quota }) => !quota.endsWith('-type')).filter(({ quota }) => !isCatalogued(quota)),
    ).toEqual([]);
    expect(findings.filter((id) => !Object.hasOwn(ACCOUNT_FINDINGS, id))).toEqual([]);
  });

  it('gives a reason for everything that it does not check', () => {
    const { far, unlimited } = coverageOf();
    expect([...far, ...unlimited].filter(({ reason }) => reason.length < 10)).toEqual([]);
  });
});

describe('the coverage of resource types', () => {
  const summary = coverageOf([
    'AWS::EC2::EIP',
    'AWS::EC2::EIP',
    'AWS::IAM::Role',
    'AWS::S3::BucketPolicy',
    'AWS::Unheard::Of',
    'constructor',
  ]);

  it('tells what is checked, what is out of reach and what is unlimited', () => {
    expect(summary.mapped).toEqual([{ type: 'AWS::EC2::EIP', checkedBy: ['EC2-VPC Elastic IPs'] }]);
    expect(summary.far.map(({ type, limits }) => [type, limits[0]?.default])).toEqual([
      ['AWS::IAM::Role', 1000],
    ]);
    expect(summary.unlimited.map(({ type }) => type)).toEqual(['AWS::S3::BucketPolicy']);
  });

  it('never takes an unknown type for an unlimited one', () => {
    expect(summary.missing).toEqual(['AWS::Unheard::Of', 'constructor']);
  });

  it('takes every accounted type where none is given, each once', () => {
    const { mapped, far, unlimited, missing } = coverageOf();
    expect(missing).toEqual([]);
    expect([...mapped, ...far, ...unlimited].map(({ type }) => type).sort()).toEqual(COVERED_TYPES);
  });
});
