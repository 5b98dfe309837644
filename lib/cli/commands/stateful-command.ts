import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Template } from '../../compliance/permissions/role-permissions';
import {
  compareStateful,
  renderStateful,
  type StatefulChanges,
  type StatefulState,
  statefulState,
} from '../../compliance/stateful/index';
import { environmentNames } from '../../config/load-environment';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { projectPath } from '../../util/project-path';
import type { Terminal } from '../terminal';
import { byShortName } from '../short-names';
import { synthesize } from '../synthesize';

const fate = z.enum(['Delete', 'Snapshot', 'Retain', 'RetainExceptOnCreate']);

const reviewedState = z.record(
  z.string(),
  z.strictObject({
    type: z.string(),
    path: z.string(),
    stateful: z.boolean(),
    onRemoval: fate,
    onReplacement: fate,
    properties: z.record(z.string(), z.string()),
  }),
);

/** The reviewed stateful resources of an environment. */
function goldenFile(environment: string): string {
  return projectPath('test/golden/stateful', `${environment}.json`);
}

/**
 * Reads what was reviewed last; nothing where nothing was.
 *
 * @throws UserError when the file is not what `--write` writes
 */
export function readReviewed(file: string): StatefulState {
  if (!existsSync(file)) return {};
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    content = undefined;
  }
  const parsed = reviewedState.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${file} is not a reviewed state: expected JSON as "xdr stateful --write" writes it. ` +
      'Take it from version control again; it is not edited by hand.',
  );
}

/**
 * Holds an environment's stateful resources against its reviewed file.
 *
 * @returns what differs, undefined where nothing does
 * @throws UserError when the file cannot be read
 */
export function statefulChanges(
  environment: string,
  templates: Readonly<Record<string, Template>>,
): StatefulChanges | undefined {
  const reviewed = readReviewed(goldenFile(environment));
  const current = statefulState(byShortName(environment, templates), reviewed);
  const changes = compareStateful(reviewed, current);
  return changes.losses.length + changes.unreviewed.length === 0 ? undefined : changes;
}

/** What `check` and `stateful` say of changes that nobody accepted yet. */
export function explainStateful(environment: string, changes: StatefulChanges): string {
  const stopped =
    changes.losses.length > 0
      ? 'stateful resources would be lost or less safe'
      : 'stateful resources are not as reviewed';
  return (
    `${environment}: ${stopped}:\n${renderStateful(changes)}\n` +
    `Once nothing of it is a surprise: npm run -s xdr -- stateful --env ${environment} --write\n`
  );
}

/** Synthesizes environments and compares, or with `write` takes their stateful resources as reviewed. */
export async function stateful(
  options: { readonly env?: string; readonly write: boolean },
  io: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.fits;
  for (const environment of options.env === undefined ? environmentNames() : [options.env]) {
    const one = await statefulOf(environment, options.write, io);
    if (one !== EXIT.fits) code = one;
  }
  return code;
}

async function statefulOf(environment: string, write: boolean, io: Terminal): Promise<ExitCode> {
  // Anew each time: what was left behind by an earlier synthesis may be what has just been changed.
  const { ok, templates } = await synthesize(environment, io);
  if (!ok) return EXIT.blocked;
  const changes = statefulChanges(environment, templates);
  if (!write) {
    io.out(
      changes === undefined
        ? `${environment}: stateful resources are as reviewed\n`
        : explainStateful(environment, changes),
    );
    return changes === undefined ? EXIT.fits : EXIT.blocked;
  }
  // What is accepted is shown once more: it is the last chance to see it.
  if (changes !== undefined) io.out(`${environment}: accepted\n${renderStateful(changes)}\n`);
  const file = goldenFile(environment);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(statefulState(byShortName(environment, templates)), null, 2)}\n`);
  io.err(`wrote ${file}\n`);
  return EXIT.fits;
}
