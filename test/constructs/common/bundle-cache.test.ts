import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachedBundle } from '../../../lib/constructs/common/bundle-cache';
import { projectPath } from '../../../lib/util/project-path';

const SOURCES = `build/bundle-cache-test-${process.pid}`;
const LABEL = `cache-test-${process.pid}`;

const bundles = projectPath('build', 'bundles');

function removeAll(): void {
  rmSync(projectPath(SOURCES), { recursive: true, force: true });
  if (!existsSync(bundles)) return;
  for (const name of readdirSync(bundles).filter((entry) => entry.includes(LABEL))) {
    rmSync(join(bundles, name), { recursive: true });
  }
}

beforeEach(() => {
  removeAll();
  mkdirSync(projectPath(SOURCES, 'inner'), { recursive: true });
  writeFileSync(projectPath(SOURCES, 'inner', 'source.ts'), 'first');
});
afterAll(removeAll);

const write = (content: string) =>
  jest.fn((folder: string) => writeFileSync(join(folder, 'index.mjs'), content));

const read = (folder: string) => readFileSync(join(folder, 'index.mjs'), 'utf8');

describe('a cached bundle', () => {
  it('is made once for the same sources', () => {
    const [first, second] = [write('first'), write('second')];
    const folder = cachedBundle(LABEL, [SOURCES], first);

    expect(cachedBundle(LABEL, [SOURCES], second)).toBe(folder);
    expect(second).not.toHaveBeenCalled();
    expect(read(folder)).toBe('first');
  });

  it.each([
    ['the content of a source', () => writeFileSync(projectPath(SOURCES, 'inner', 'source.ts'), 'second')],
    ['another source', () => writeFileSync(projectPath(SOURCES, 'more.ts'), '')],
    [
      'the name of a source',
      () => {
        writeFileSync(projectPath(SOURCES, 'inner', 'renamed.ts'), 'first');
        rmSync(projectPath(SOURCES, 'inner', 'source.ts'));
      },
    ],
  ])('is made again after a change of %s', (_what, change) => {
    const before = cachedBundle(LABEL, [SOURCES], write('first'));
    change();
    const after = cachedBundle(LABEL, [SOURCES], write('second'));

    expect(after).not.toBe(before);
    expect(read(after)).toBe('second');
  });

  it('is another under another label, which says what else decides its content', () => {
    const plain = cachedBundle(LABEL, [SOURCES], write('plain'));
    const embedded = cachedBundle(`${LABEL}-general`, [SOURCES], write('embedded'));

    expect([read(plain), read(embedded)]).toEqual(['plain', 'embedded']);
  });

  it('is taken from whoever was first, when two processes make it at once', () => {
    const folder = cachedBundle(LABEL, [SOURCES], write('elsewhere'));
    rmSync(folder, { recursive: true });

    const taken = cachedBundle(LABEL, [SOURCES], (fresh) => {
      write('here')(fresh);
      mkdirSync(folder);
      write('elsewhere')(folder);
    });
    expect(taken).toBe(folder);
    expect(read(taken)).toBe('elsewhere');
    expect(readdirSync(dirname(taken)).filter((name) => name.includes(LABEL))).toHaveLength(1);
  });

  it('is not there after a failure, so that the next synthesis makes it', () => {
    const fail = () => {
      throw new Error('does not compile');
    };

    expect(() => cachedBundle(LABEL, [SOURCES], fail)).toThrow('does not compile');
    expect(read(cachedBundle(LABEL, [SOURCES], write('mended')))).toBe('mended');
  });
});
