import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { UserError } from '../../util/user-error';
import { writeNamedFile } from '../../util/write-file';
import { bookText } from '../book-text';
import type { PriceBook } from '../price-book';

/**
 * Writes a book whole or not at all: beside the file first, then in its place, so that nobody ever reads half of one.
 *
 * @throws UserError when the file cannot be written; what stood there before still does
 */
export function writeBook(file: string, book: PriceBook): void {
  const beside = `${file}.${randomUUID()}.tmp`;
  try {
    writeNamedFile(beside, bookText(book));
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}
