import * as fc from 'fast-check';
import { CsvError, readCsv, writeCsv } from '../../../../models/server/http/csv-rows';

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', '\t', 'a', '1') }),
);

function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  readCsv(text, (cells) => rows.push(cells));
  return rows;
}

function refusal(text: string): string {
  try {
    return `taken as ${JSON.stringify(rowsOf(text))}`;
  } catch (error) {
    if (error instanceof CsvError) return error.message;
    throw error;
  }
}

describe('CSV', () => {
  it('is read as it was written, whatever the cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }), (rows) => {
        const text = writeCsv(rows);
        expect(rowsOf(text)).toEqual(rows);
        expect(rowsOf(text.slice(0, -1) + '\r\n')).toEqual(rows);
      }),
    );
  });

  it('is read, or refused with the documented error, whatever the text', () => {
    fc.assert(
      fc.property(cell, (text) => {
        expect(typeof refusal(text)).toBe('string');
      }),
      { numRuns: 500 },
    );
  });

  it('gives every row before the one that is refused', () => {
    const rows: string[][] = [];
    expect(() => readCsv('1,2\n3\n"4', (cells) => rows.push(cells))).toThrow(CsvError);
    expect(rows).toEqual([['1', '2'], ['3']]);
  });

  it('survives a quote around a million quotes', () => {
    expect(rowsOf(`"${'""'.repeat(500_000)}"`)[0]?.[0]).toHaveLength(500_000);
  });

  it('leaves out the blanks around a value, and needs no line break at the end', () => {
    expect(rowsOf(' 1,\t2 ,"a, ""b""" \r\n3,,')).toEqual([
      ['1', '2', 'a, "b"'],
      ['3', '', ''],
    ]);
  });

  it.each([
    ['"1,2\n', 'opens a quote that never ends'],
    ['secret"2\n', 'has a quote inside a value'],
    ['"1"secret\n', 'has text after a quote, or a line that does not end in LF or CR LF'],
    ['"1"\r2\n', 'has text after a quote, or a line that does not end in LF or CR LF'],
  ])('is refused for %j, without a word of it', (text, message) => {
    expect(refusal(text)).toBe(message);
  });
});
