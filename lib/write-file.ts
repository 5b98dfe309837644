import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './errors';

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
