import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { explainIssues } from '../util/schema-issues';
import { UserError } from '../util/user-error';
import { projectPath } from '../util/project-path';
import { type Snapshot, snapshotSchema } from './snapshot-schema';

/** Names of the snapshots that the project ships. */
export function snapshotNames(): string[] {
  return readdirSync(projectPath('lib/quotas/snapshots'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * Whether anything in a snapshot was read from an account. AWS's defaults alone describe every new account, and so none
 * that two environments could share.
 */
export function describesAnAccount({ quotas }: Snapshot): boolean {
  return quotas.some(({ assumed }) => assumed !== true);
}

/**
 * Checks a snapshot's content.
 *
 * @param label how it is called in an error: its file
 * @throws UserError with every error at once
 */
export function parseSnapshot(label: string, input: unknown): Snapshot {
  const parsed = snapshotSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) {
    const lines = explainIssues(snapshotSchema, parsed.error);
    throw new UserError(
      `snapshot ${label} is not valid (schema version 1):\n${lines.map((l) => `  - ${l}`).join('\n')}`,
    );
  }
  const seen = new Set<string>();
  for (const { service, code } of parsed.data.quotas) {
    if (seen.has(`${service}/${code}`)) {
      throw new UserError(`snapshot ${label} holds ${service}/${code} twice; each quota stands once`);
    }
    seen.add(`${service}/${code}`);
  }
  return parsed.data;
}

/**
 * Reads a snapshot: a shipped one by name, or any file by path.
 *
 * @throws UserError when it does not exist, is no JSON, or does not keep to the schema
 */
export function loadSnapshot(nameOrFile: string): Snapshot {
  const shipped = join(projectPath('lib/quotas/snapshots'), `${nameOrFile}.json`);
  const file = snapshotNames().includes(nameOrFile) ? shipped : nameOrFile;
  if (!existsSync(file)) {
    throw new UserError(
      `there is no snapshot "${nameOrFile}": give a file, or one of ${snapshotNames().join(', ')}`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`snapshot ${nameOrFile} cannot be read as JSON: ${(error as Error).message}`);
  }
  return parseSnapshot(nameOrFile, content);
}
