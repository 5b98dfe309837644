import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../util/user-error';

/** Objections that an error lists; a wrong exporter gets every row wrong, and the first few say enough. */
const MOST_OBJECTIONS = 5;

/**
 * Names of the columns. The published CICIDS2017 files have blanks around names, and "Fwd Header Length" twice: the
 * second one is called with `.1` behind, as pandas names it, and so as models that were trained on them know it.
 */
function columnNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((title) => {
    const name = title.trim();
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}.${before}`;
  });
}

function table(file: string, text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (error instanceof CsvError) throw new UserError(`${file} is no CSV: ${error.message}`);
    throw error;
  }
}

/** Whether a column is the flow's label and no feature. */
export function isLabel(name: string): boolean {
  return name.trim().toLowerCase() === 'label';
}

/**
 * Reads flows of a CSV file with a header of feature names.
 *
 * @param file how the file is called in an error
 * @returns a record a line; a `Label` column stays text
 * @throws UserError that names line and column of what is no number
 */
export function readCsv(file: string, text: string): Record<string, unknown>[] {
  const [header = [], ...lines] = table(file, text);
  const names = columnNames(header);
  if (header.length < 2 || names.every((name) => name !== '' && Number.isFinite(Number(name)))) {
    throw new UserError(
      `${file} has no header of feature names; give CSV with a header, JSON lines, or a JSON document with "instances" or "records"`,
    );
  }
  const objections: string[] = [];
  const records = lines.map((cells, at) =>
    Object.fromEntries(
      names.map((name, column): [string, unknown] => {
        const cell = cells[column] ?? '';
        if (isLabel(name)) return [name, cell];
        const value = Number(cell);
        if (cell === '' || !Number.isFinite(value)) {
          objections.push(`row ${at + 1}, ${name}: given "${cell.slice(0, 40)}"`);
        }
        return [name, value];
      }),
    ),
  );
  if (objections.length === 0) return records;
  const more =
    objections.length > MOST_OBJECTIONS ? `\n  and ${objections.length - MOST_OBJECTIONS} more` : '';
  throw new UserError(
    `${file} holds values that are no finite numbers:\n${objections
      .slice(0, MOST_OBJECTIONS)
      .map((line) => `  ${line}`)
      .join('\n')}${more}\nEvery column but Label must be a feature with finite numbers; take out the rest`,
  );
}
