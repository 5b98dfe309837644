import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** How large a part of a bundle is, in bytes. */
export interface PartSize {
  /** A file at the top, a folder with all that it holds, or all chunks of the code. */
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** A file whose name ends in a hash, of which only the kind means something to a reader. */
const CHUNK = /-[A-Z0-9]{8}\.mjs$/;

/** Under which name a file is counted. */
function partOf(file: string): string {
  const parent = dirname(file);
  if (parent !== '.') return `${parent}/`;
  return CHUNK.test(file) ? 'chunks of code' : file;
}

/** Sizes of a bundle's parts, largest first. */
export function bundleSizes(folder: string): PartSize[] {
  const parts = new Map<string, { bytes: number; gzipBytes: number }>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(folder, file)).isFile()) continue;
    const content = readFileSync(join(folder, file));
    const name = partOf(file);
    const part = parts.get(name) ?? { bytes: 0, gzipBytes: 0 };
    part.bytes += content.length;
    part.gzipBytes += gzipSync(content).length;
    parts.set(name, part);
  }
  return [...parts]
    .map(([name, size]) => ({ name, ...size }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
