import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../lib/util/project-path';
import type { Command } from './measure';

const OUT = projectPath('build', 'bench.cdk.out');
const CDK = projectPath('node_modules/aws-cdk/bin/cdk');

const clean = () => rmSync(OUT, { recursive: true, force: true });

/** Synthesis of prod, whole and in parts, beside the least that any CDK app takes. */
export const SYNTH: readonly Command[] = [
  {
    label: 'floor: node -e "require(\'aws-cdk-lib\')"',
    program: process.execPath,
    args: ['-e', "require('aws-cdk-lib')"],
  },
  {
    label: 'app alone, all packs, template validation off',
    program: process.execPath,
    args: [projectPath('build/app.js')],
    variables: { CDK_OUTDIR: OUT, CDK_CONTEXT_JSON: contextOf('prod'), CDK_VALIDATION: 'false' },
    prepare: clean,
  },
  {
    label: 'cdk synth -q -c env=prod, all packs, template validation on',
    program: process.execPath,
    args: [CDK, 'synth', '-q', '-c', 'env=prod', '-o', OUT],
    variables: { CDK_DISABLE_CLI_TELEMETRY: 'true' },
    prepare: clean,
  },
];

/** What the CDK command line hands to an app: the context of cdk.json with that of `-c`. */
function contextOf(environment: string): string {
  const { context } = JSON.parse(readFileSync(projectPath('cdk.json'), 'utf8')) as { context: object };
  return JSON.stringify({ ...context, env: environment });
}

/** Stacks and resources of the last synthesis. */
export function synthesized(): { readonly stacks: number; readonly resources: number } {
  const templates = readdirSync(OUT)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => JSON.parse(readFileSync(join(OUT, file), 'utf8')) as { Resources?: object });
  return {
    stacks: templates.length,
    resources: templates.reduce((sum, { Resources = {} }) => sum + Object.keys(Resources).length, 0),
  };
}
