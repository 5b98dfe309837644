import { rmSync } from 'node:fs';

/** Removes what {@link file://./temporary-folder.ts} made. */
export default function tearDown(): void {
  const folder = process.env['TMPDIR'];
  if (folder?.includes('mini-xdr-jest-')) rmSync(folder, { recursive: true, force: true });
}
