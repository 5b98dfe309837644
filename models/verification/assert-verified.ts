import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';
import { SPECIALISTS } from '../catalogue';
import { type Candidate, type ProofOptions, proveSpecialists } from './prove-specialists';
import type { Verification } from './verify-specialist';
import { EXIT, UserError } from '../../lib/util/user-error';
import { projectPath } from '../../lib/util/project-path';

/** Folders whose sources decide what is asked of a specialist, and how. */
const ASKING = ['models/contract', 'models/runtime', 'models/verification'] as const;

/** The ONNX Runtime that is installed and the sources that ask it: a change of either makes every proof stale. */
function runtimeIdentity(): string {
  const installed = Object.keys(manifest.dependencies)
    .filter((name) => name.startsWith('onnxruntime'))
    .map((name) => {
      const file = projectPath('node_modules', name, 'package.json');
      return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
    });
  const sources = createHash('sha256');
  for (const folder of ASKING.map((part) => projectPath(part))) {
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith('.ts')) sources.update(`${name}\n`).update(readFileSync(join(folder, name)));
    }
  }
  return [...installed, `sources ${sources.digest('hex')}`].join(', ');
}

function reasonsOf({ specialist, checks }: Verification): string[] {
  return checks
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'undetermined')
    .flatMap(({ check, details, remedy }) => [
      `  - ${specialist}, ${check}: ${details.join('\n      ')}`,
      ...(remedy === null ? [] : [`    To do: ${remedy}.`]),
    ]);
}

/**
 * Refuses specialists that are not proven to answer right. Remembers proofs in `build/proofs`.
 *
 * @param modelsFolder folder that holds one folder for each specialist
 * @param challengers second versions on trial, which must answer right as well
 * @throws UserError with every reason: 64 for a folder that is not there, 1 where a specialist answers wrong or breaks
 *   its contract, 3 where it could not be asked
 */
export async function assertVerified(
  modelsFolder: string,
  challengers: readonly Candidate[] = [],
  options: Partial<ProofOptions> = {},
): Promise<void> {
  if (statSync(modelsFolder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(
      `models: given ${modelsFolder}, which is no folder; it must hold one folder for each specialist`,
    );
  }
  const champions = SPECIALISTS.map((specialist) => ({ specialist, folder: join(modelsFolder, specialist) }));
  const unproven = await proveSpecialists([...champions, ...challengers], {
    memory: projectPath('build', 'proofs'),
    runtime: runtimeIdentity(),
    ...options,
  });
  if (unproven.length === 0) return;
  const wrong = unproven.some(({ outcome }) => outcome === 'failed');
  throw new UserError(
    `The specialists in ${modelsFolder} are not proven to answer right, so nothing is synthesized:\n` +
      `${unproven.flatMap(reasonsOf).join('\n')}\n` +
      'xdr models verify makes the same checks.',
    wrong ? EXIT.blocked : EXIT.unknown,
  );
}
