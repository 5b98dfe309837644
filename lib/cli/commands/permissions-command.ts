import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type Template,
  comparePermissions,
  renderPermissions,
  rolePermissions,
} from '../../compliance/permissions/role-permissions';
import { EXIT, type ExitCode } from '../../util/user-error';
import { projectPath } from '../../util/project-path';
import type { Terminal } from '../terminal';
import { byShortName } from '../short-names';
import { synthesize } from '../synthesize';

/** The reviewed permissions of an environment. */
export function goldenFile(environment: string): string {
  return projectPath('test/golden/permissions', `${environment}.txt`);
}

function current(environment: string, templates: Readonly<Record<string, Template>>): string {
  return renderPermissions(rolePermissions(byShortName(environment, templates)));
}

/**
 * Holds an environment's permissions against its reviewed file.
 *
 * @returns what differs, undefined where nothing does
 */
export function permissionChanges(
  environment: string,
  templates: Readonly<Record<string, Template>>,
): string | undefined {
  const file = goldenFile(environment);
  const reviewed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return comparePermissions(reviewed, current(environment, templates));
}

/** Synthesizes an environment and compares, or with `write` takes its permissions as reviewed. */
export async function permissions(
  options: { readonly env: string; readonly write: boolean },
  io: Terminal,
): Promise<ExitCode> {
  // Anew each time: what was left behind by an earlier synthesis may be what has just been changed.
  const { ok, templates } = await synthesize(options.env, io);
  if (!ok) return EXIT.blocked;
  if (options.write) {
    const file = goldenFile(options.env);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, current(options.env, templates));
    io.err(`wrote ${file}\n`);
    return EXIT.fits;
  }
  const changes = permissionChanges(options.env, templates);
  io.out(changes === undefined ? `${options.env}: permissions are as reviewed\n` : `${changes}\n`);
  return changes === undefined ? EXIT.fits : EXIT.blocked;
}
