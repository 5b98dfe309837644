import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/**
 * A folder for what synthesis generates on its way into an asset. Each process has its own, so that syntheses side by
 * side never mix, and it is gone when the process ends.
 *
 * @param label what it holds, as a part of its name
 * @param parent where it lies; made where it does not exist. @default - the system's temporary folder
 */
export function scratchFolder(label: string, parent: string = tmpdir()): string {
  if (folders.length === 0) {
    process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  }
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `mini-xdr-${label}-`));
  folders.push(folder);
  return folder;
}
