import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './user-error';

/**
 * Writes what a user asked for into the file that the user named.
 *
 * @throws UserError when the file cannot be written
 */
export function writeNamedFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(
      `cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}; the folder ${dirname(file)} must exist and be writable`,
    );
  }
}

/**
 * Makes a folder that a user named, and those above it. Node 20's own recursive way never returns where the file system
 * says that a folder does not exist while it is to be made, as /proc does.
 *
 * @throws NodeJS.ErrnoException when a folder cannot be made
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may make it at the same time.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
