import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What is dear to make and many test files ask for: made by the first of a run, read by the others.
 *
 * @param name of the file in the run's own temporary folder
 * @param make what JSON can hold
 */
export function onceARun<T>(name: string, make: () => T): T {
  const file = join(tmpdir(), `${name}.json`);
  if (!existsSync(file)) {
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, JSON.stringify(make()));
    renameSync(beside, file);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
