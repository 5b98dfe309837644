import { EXIT, type ExitCode } from '../../util/user-error';
import type { Terminal } from '../terminal';
import { preflight } from './preflight-command';
import { classifySamples } from '../sample-flows';
import { synthesize } from '../synthesize';

const ENVIRONMENT = 'dev';

function stacksOf(
  templates: Readonly<Record<string, { readonly Resources?: object }>>,
  accepted: number,
): string {
  const lines = Object.entries(templates).map(
    ([name, template]) => `  ${name.padEnd(28)} ${Object.keys(template.Resources ?? {}).length} resources`,
  );
  return [
    'Stacks (synthesized, no open compliance finding)',
    ...lines,
    `  ${accepted} findings are accepted, each with its reason in build/cdk.out.${ENVIRONMENT}/validation-report.json`,
    '',
  ].join('\n');
}

function nextSteps(): string {
  return [
    'Next steps',
    '  npm test                                      every promise of the project',
    '  npm run -s preflight -- --env prod            the same report for production',
    '  npm run -s xdr -- predict --local --file FILE your own flows: JSON lines or CSV with a header',
    '  lib/config/environments/dev.ts                account, traffic, budget, parts that are on',
    '  npx cdk bootstrap && npx cdk deploy --all     with AWS credentials and docker, for real',
    '  npm run -s xdr -- verify --env dev            after it: whether what runs is right',
    '',
  ].join('\n');
}

/**
 * What the project does, in one go and with no AWS account: pre-flight, synth with compliance, real flows classified,
 * what comes next.
 */
export async function start(io: Terminal): Promise<ExitCode> {
  const verdict = await preflight({ env: ENVIRONMENT, format: 'table', color: io.color, strict: false }, io);
  if (verdict !== EXIT.fits) return verdict;
  io.err('\nSynthesizing every stack with its compliance packs …\n');
  const synthesis = await synthesize(ENVIRONMENT, io);
  if (!synthesis.ok) return EXIT.blocked;
  io.out(`\n${stacksOf(synthesis.templates, synthesis.accepted)}\n`);
  const classified = await classifySamples(io);
  if (classified !== EXIT.fits) return classified;
  io.out(`\n${nextSteps()}`);
  return EXIT.fits;
}
