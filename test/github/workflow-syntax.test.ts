import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Parser from '@actions/workflow-parser';
import { buildSync } from 'esbuild';
import { projectPath } from '../../lib/util/project-path';
import { textOf } from '../docs/documents';
import { WORKFLOW_FILES } from './workflow-files';

/** GitHub's own parser. It is bundled because it imports JSON without the attribute that Node asks for. */
function parser(): typeof Parser {
  const outfile = join(tmpdir(), 'workflow-parser.cjs');
  const { outputFiles } = buildSync({
    entryPoints: [projectPath('node_modules/@actions/workflow-parser/dist/index.js')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  writeFileSync(outfile, outputFiles[0]?.contents ?? '');
  return createRequire(__filename)(outfile) as typeof Parser;
}

const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = parser();

/** What GitHub would say is wrong with a workflow. */
async function faultsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  // Conditions and the order of jobs are judged here.
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

describe('GitHub', () => {
  it.each(Object.values(WORKFLOW_FILES))('takes %s', async (file) => {
    expect(await faultsOf(file, textOf(file))).toEqual([]);
  });

  it.each([
    ['a key that it does not know', 'timeout-minutes: 350', 'timout-minutes: 350', /value 'timout-minutes'/],
    ['a name that a condition cannot use', 'github.ref ==', 'gihub.ref ==', /named-value: 'gihub'/],
    ['a condition that is none', 'steps.deploy.outcome ==', 'steps.deploy.outcome', /Unexpected symbol/],
    ['a job that there is not', 'needs: review', 'needs: nothing', /unknown job 'nothing'/],
  ])('refuses %s', async (_what, before, after, message) => {
    const text = textOf(WORKFLOW_FILES['deploy'] ?? '');

    expect(await faultsOf('deploy', text.replace(before, after))).toEqual([expect.stringMatching(message)]);
  });
});
