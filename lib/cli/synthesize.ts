import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from '../compliance/permissions/role-permissions';
import { UserError } from '../util/user-error';
import { projectPath } from '../util/project-path';
import type { Terminal } from './terminal';

/** What a synthesis left behind. */
export interface Synthesis {
  readonly ok: boolean;
  /** Templates by stack name. */
  readonly templates: Readonly<Record<string, Template>>;
  /** Findings that acknowledgements or decisions accept. */
  readonly accepted: number;
  readonly seconds: number;
}

/** Where an environment is synthesized to. */
function assemblyFolder(environment: string): string {
  return projectPath('build', `cdk.out.${environment}`);
}

interface StackArtifact {
  readonly type: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
  readonly displayName?: string;
}

/**
 * Templates of a synthesized environment by stack name, in the order in which the stacks depend on each other.
 *
 * @throws UserError when it has not been synthesized
 */
function readTemplates(environment: string): Record<string, Template> {
  const folder = assemblyFolder(environment);
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw new UserError(`${environment} has not been synthesized; run npm run check`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { artifacts: Record<string, StackArtifact> };
  return Object.fromEntries(
    Object.entries(manifest.artifacts).flatMap(([id, { type, properties = {} }]) => {
      if (type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
      const template = JSON.parse(readFileSync(join(folder, properties.templateFile), 'utf8')) as Template;
      return [[properties.stackName ?? id, template]];
    }),
  );
}

function acceptedFindings(folder: string): number {
  const report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8')) as {
    pluginReports?: { suppressedViolations?: { violatingConstructs?: unknown[] }[] }[];
  };
  return (report.pluginReports ?? [])
    .flatMap(({ suppressedViolations = [] }) => suppressedViolations)
    .reduce((sum, { violatingConstructs = [] }) => sum + violatingConstructs.length, 0);
}

/**
 * Synthesizes an environment with the CDK command line, as a user does: every stack, every compliance pack, template
 * validation. What it prints goes to standard error.
 */
export async function synthesize(environment: string, io: Terminal): Promise<Synthesis> {
  const folder = assemblyFolder(environment);
  // A validation report that was left behind fails the next synthesis.
  rmSync(folder, { recursive: true, force: true });
  const started = process.hrtime.bigint();
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        projectPath('node_modules/aws-cdk/bin/cdk'),
        'synth',
        '--quiet',
        '-c',
        `env=${environment}`,
        '-o',
        folder,
      ],
      { cwd: projectPath(), env: { ...io.variables, CDK_DISABLE_CLI_TELEMETRY: 'true' } },
    );
    child.stdout.on('data', (data: Buffer) => io.err(data.toString()));
    child.stderr.on('data', (data: Buffer) => io.err(data.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) return { ok: false, templates: {}, accepted: 0, seconds };
  return { ok: true, templates: readTemplates(environment), accepted: acceptedFindings(folder), seconds };
}
