import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import { ContractError, explainContractIssues } from './contract-error';

/** How a file of a folder is called in an error: folder and file, without the way there. */
export function nameOf(folder: string, file: string): string {
  return `${basename(folder)}/${file}`;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Validates content against a schema.
 *
 * @param file how the file is called in an error, such as `general/model.json`
 * @throws ContractError with every problem at once
 */
export function parseWith<T>(schema: z.ZodType<T>, file: string, input: unknown): T {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ContractError(explainContractIssues(file, parsed.error));
}

/** @throws ContractError when the file cannot be read */
export function readBytes(folder: string, file: string): Buffer {
  try {
    return readFileSync(join(folder, file));
  } catch (error) {
    const given = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ContractError([{ file: nameOf(folder, file), key: '', given, allowed: 'a readable file' }]);
  }
}

/** @throws ContractError when the bytes are not JSON */
export function asJson(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    const { message } = error as SyntaxError;
    throw new ContractError([{ file, key: '', given: message, allowed: 'JSON' }]);
  }
}

/**
 * Reads a graph and compares it with the hash that its contract gives.
 *
 * @param contract the file that holds the hash, such as `model.json`
 * @throws ContractError when it cannot be read or is another one
 */
export function readGraph(
  folder: string,
  contract: string,
  graph: { readonly file: string; readonly sha256: string },
): Buffer {
  const bytes = readBytes(folder, graph.file);
  const hash = sha256(bytes);
  if (hash === graph.sha256) return bytes;
  const allowed = `${hash}, the hash of ${graph.file} (${bytes.length} bytes)`;
  throw new ContractError([
    { file: nameOf(folder, contract), key: 'graph.sha256', given: graph.sha256, allowed },
  ]);
}
