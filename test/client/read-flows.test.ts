import { partsOf } from '../../lib/client/flow-batches';
import { parseFlows } from '../../lib/client/read-flows';
import { projectPath } from '../../lib/util/project-path';
import { readSpecialistFolder } from '../../models/contract/specialist-folder';

const { features, vectors } = readSpecialistFolder(projectPath('models', 'general')).golden;

const record = (row: readonly number[]) =>
  Object.fromEntries(features.map((name, at) => [name, row[at] ?? Number.NaN]));

describe('flows', () => {
  it('come out of published CSV: blanks around names, a name twice, labels', () => {
    const header = [...features.map((name) => ` ${name.replace(/\.1$/, '')}`), ' Label'].join(',');
    const lines = vectors.map(({ id, row }) => [...row, id.slice(3)].join(','));
    const flows = parseFlows('published.csv', `\u{feff}${[header, ...lines].join('\r\n')}\r\n`);

    expect(flows).toEqual({
      by: 'records',
      rows: vectors.map(({ row }) => record(row)),
      labels: vectors.map(({ id }) => id.slice(3)),
    });
  });

  it.each([
    ['a document with a key for its rows', '{"instances":[[1,2],[3,4]]}\n', 'instances', 2],
    ['a document over several lines', '[\n  [1, 2],\n  [3, 4]\n]', 'instances', 2],
    ['one line by position', '[1,2]\n', 'instances', 1],
    ['one line by name', '{"a":1}\n', 'records', 1],
    ['lines by name', '{"a":1}\n\n{"a":2}\n', 'records', 2],
  ])('come out of %s', (_, text, by, rows) => {
    const flows = parseFlows('file', text);
    expect([flows.by, flows.rows.length]).toEqual([by, rows]);
  });

  it('go in requests of at most 4 MB, in order', () => {
    const row = Array.from({ length: 200 }, (_, at) => at + 0.123_456_789);
    const rows = Array.from({ length: 4_000 }, (_, at) => [at, ...row]);
    const parts = partsOf({ by: 'instances', rows, labels: rows.map(() => undefined) });

    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap((part) => part.rows)).toEqual(rows);
    for (const part of parts) {
      expect(JSON.stringify(part.rows).length).toBeLessThan(4_000_000);
      expect(part.rows[0]).toBe(rows[part.from]);
    }
  });
});
