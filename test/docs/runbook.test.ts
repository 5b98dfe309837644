import manifest from '../../package.json';
import { run } from '../../lib/cli/program';
import { environmentSchema } from '../../lib/config/environment';
import { COST_PARTS } from '../../lib/plan/cost/cost-parts';
import { DATABASE_ENGINE } from '../../lib/constructs/data/database-engine';
import { WORKLOADS } from '../../lib/config/workloads/workload-names';
import { shippedTemplates } from '../support/app/environment-app';
import type { TemplateJson } from '../support/app/template';
import { infrastructureWith } from '../support/stacks/infrastructure';
import { IMAGES, running } from '../support/stacks/workload-images';
import { get, object, rendered } from '../support/workloads/workload-fixtures';
import { migrationGateOf } from './migration-gate';
import { brokenLinks, tableWith, textOf, written } from './documents';

/** Documents whose links are checked. */
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/README.md',
  'docs/commands.md',
  'docs/configuration.md',
  'docs/costs.md',
  'docs/planner.md',
  'docs/runbook.md',
  'lambda/inference/README.md',
  'lib/workloads/README.md',
  'models/README.md',
  'models/runtime/README.md',
  'models/server/README.md',
  'models/training/README.md',
  'models/training/IMPORTING.md',
];

const text = textOf('docs/runbook.md');
const prose = text.replaceAll(/\s+/g, ' ');

/** What a pattern catches, once each. */
function named(pattern: RegExp, within = prose): string[] {
  return [...new Set([...within.matchAll(pattern)].map(([, name = '']) => name))];
}

/** What `xdr … --help` prints. */
async function helpOf(words: readonly string[]): Promise<string> {
  let out = '';
  const io = {
    out: (more: string) => {
      out += more;
    },
    err: () => undefined,
    color: false,
    variables: {},
    now: () => new Date(0),
  };
  await run([...words, '--help'], io);
  return out;
}

/** The schema of a section, whatever it is wrapped in, or undefined where it has no fields. */
function fieldsOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const { shape, def } = schema as {
    shape?: Record<string, unknown>;
    def?: { innerType?: unknown; in?: unknown };
  };
  if (shape !== undefined) return shape;
  const inner = def?.innerType ?? def?.in;
  return inner === undefined ? undefined : fieldsOf(inner);
}

function isSetting(path: string): boolean {
  let schema: unknown = environmentSchema;
  for (const key of path.split('.')) {
    const field = fieldsOf(schema)?.[key];
    if (field === undefined) return false;
    schema = field;
  }
  return true;
}

describe('what a document of the operators links to is there:', () => {
  it.each(DOCUMENTS)('%s', (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  it('lists what turns each part of the bill on and off, as settings that there are', () => {
    const listed = tableWith(textOf('docs/configuration.md'), 'on or off by')
      .slice(1)
      .map((row) => row[1]?.replaceAll('`', '') ?? '');
    const switches = Object.values(COST_PARTS).flatMap((part) => ('switch' in part ? part.switch : []));

    expect(listed.filter((path) => !isSetting(path))).toEqual([]);
    expect(listed).toEqual(expect.arrayContaining(switches));
  });
});

describe('a document names commands that exist, with options that they take:', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'docs/commands.md', 'docs/runbook.md'])('%s', async (file) => {
    const commands = [...textOf(file).matchAll(/npm run -s (preflight|xdr) -- ([^`;&|\n]*)/g)].map(
      ([, script = '', rest = '']) => ({ script, rest }),
    );
    expect(commands.length).toBeGreaterThan(2);

    for (const { script, rest } of commands) {
      expect(Object.keys(manifest.scripts)).toContain(script);
      const [before = ''] = rest.split(' --');
      const words =
        script === 'preflight'
          ? ['preflight']
          : before
              .split(' ')
              .filter((word) => word !== '')
              .slice(0, 2);
      const help = await helpOf(rest.startsWith('--') ? words.slice(0, 1) : words);
      expect(help).toMatch(new RegExp(`^Usage: xdr ${words.join(' ')} `));
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(help).toContain(option);
    }
  });
});

describe('the runbook', () => {
  const templates = shippedTemplates('dev');

  it('names stacks of an environment, and outputs that they have', () => {
    const stacks = named(/mini-xdr-\$?ENV[-/]([A-Z][A-Za-z]+)/g);
    const outputs = [...prose.matchAll(/\bout ([A-Z]\w+) ([A-Z]\w+)/g)].map(
      ([, stack = '', output = '']) => [stack, output] as const,
    );
    const failing = named(/`failures ([A-Z]\w+)/g);

    expect([...stacks, ...failing].filter((stack) => !(stack in templates))).toEqual([]);
    expect(stacks.length).toBeGreaterThan(4);
    for (const [stack, output] of outputs) {
      const { Outputs = {} } = templates[stack] as TemplateJson & { readonly Outputs?: object };
      expect([stack, ...Object.keys(Outputs)]).toContain(output);
    }
    expect(outputs.length).toBeGreaterThan(3);
  });

  it('names repositories and log groups as the templates do', () => {
    const resources = Object.values(templates).flatMap(({ Resources }) => Object.values(Resources));
    const names = resources.map(
      ({ Properties = {} }) => Properties['RepositoryName'] ?? Properties['LogGroupName'],
    );
    const repositories = named(/(?<![\w/])(mini-xdr-\$ENV\/[a-z]+)/g);
    const logGroups = named(/`(\/aws\/(?:rds|eks)\/[\w/$-]+)`/g);

    for (const workload of WORKLOADS) expect(prose).toContain(`Repository${workload}`);
    for (const name of [...repositories, ...logGroups]) {
      expect(names).toContain(name.replace(/\$?ENV/, 'dev'));
    }
    expect([repositories.length, logGroups.length]).not.toContain(0);
  });

  it('names what can fail of a platform that runs workloads', () => {
    const { platform } = infrastructureWith(running(IMAGES));
    const ids = Object.keys((platform.toJSON() as TemplateJson).Resources);
    const parts = [...named(/`((?:Cluster|Workloads)[A-Z]\w+)…`/g), 'ClusterDeployerLogs'];

    expect(prose).toContain("starts_with(LogicalResourceId,'ClusterDeployerLogs')");
    expect(parts.filter((part) => !ids.some((id) => id.startsWith(part)))).toEqual([]);
    expect(parts.length).toBeGreaterThan(5);
  });

  it('names settings that an environment has', () => {
    const sections = Object.keys(fieldsOf(environmentSchema) ?? {});
    const settings = named(/`([a-z]\w+\.[\w.]+)`/g).filter((path) =>
      sections.includes(path.split('.')[0] ?? ''),
    );

    expect(settings.filter((path) => !isSetting(path))).toEqual([]);
    expect(settings.length).toBeGreaterThan(15);
    expect(isSetting('platform.adminPrincipalArn')).toBe(false);
  });

  it('has sections for all that an operator is asked to do', () => {
    for (const section of [
      'First deploy',
      'Quota blocked',
      'Endpoint stuck',
      'Rollback',
      'Restore of the database',
      'Rotating secrets',
      'Destroying an environment',
    ]) {
      expect(text).toContain(`\n## ${section}\n`);
    }
  });

  it('says of migration, images and pods what the manifests and repositories say', () => {
    const job = rendered().find(({ kind }) => kind === 'Job') ?? {};
    const pool = object(rendered(), 'NodePool', 'mini-xdr');
    const policies = JSON.stringify(templates['Platform']);

    expect(get(job, 'spec.activeDeadlineSeconds')).toBe(10 * 60);
    expect(get(job, 'spec.backoffLimit')).toBe(2);
    expect(get(job, 'spec.ttlSecondsAfterFinished')).toBe(7 * 24 * 3600);
    expect(migrationGateOf().timeoutMinutes).toBe(12);
    expect(prose).toContain('It has ten minutes with its two repeats; the deploy waits twelve');
    expect(prose).toContain('A Job and its log stay for seven days');
    expect(policies).toContain(String.raw`\"countNumber\":50`);
    expect(policies).toContain(String.raw`\"countNumber\":14`);
    expect(prose).toContain('50 tagged images stay, untagged ones 14 days');
    expect(prose).toContain(`--engine-version ${DATABASE_ENGINE.engineVersion?.fullVersion ?? ''} `);
    expect(prose).toContain(`kubectl describe nodepool ${written(get(pool, 'metadata.name'))}`);
  });
});
