import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../lib/util/write-file';

const folder = mkdtempSync(join(tmpdir(), 'folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is made with all above it, and may be there already', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it('is refused below a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(join(file, 'inside'))).toThrow(/ENOTDIR/);
  });

  it('is refused, and not tried for ever, where the file system makes none', () => {
    const script = `require('./lib/util/write-file').makeFolder('/proc/none/inside')`;
    // In a process of its own: what tries for ever holds up whoever waits for it.
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], {
      timeout: 240_000,
    });
    expect(status).toBe(1);
    expect(stderr.toString()).toMatch(/ENOENT|EROFS|EACCES/);
  });
});
