import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Syntheses leave folders behind, and jest's sandbox never tells them that the process ends: a run gets its own. */
export default function setUp(): void {
  process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'mini-xdr-jest-'));
}
