import Table from 'cli-table3';

/** Columns of the narrowest terminal that reports are drawn for. */
export const LINE = 80;

/** Rows without rules: whatever is drawn fits a line. */
const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

export interface Column {
  readonly title: string;
  /** Characters; one more stands between columns. */
  readonly width: number;
  readonly right?: boolean;
}

/** Breaks words that are longer than a line; a name that is cut off could not be looked up. */
function breakWords(text: string, width: number): string {
  // The rest of it, else up to a hyphen or slash, else as much as there is room for.
  const pieces = new RegExp(`.{1,${width}}$|.{1,${width - 1}}[-/]|.{1,${width}}`, 'gu');
  return text
    .split(' ')
    .map((word) => (word.length > width ? (word.match(pieces) ?? []).join(' ') : word))
    .join(' ');
}

/** Rows in columns, wrapped inside their cells. */
export function drawColumns(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ title }) => title),
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    wordWrap: true,
  });
  table.push(
    ...rows.map((row) => row.map((cell, column) => breakWords(cell, columns[column]?.width ?? LINE))),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Wraps a sentence to the line; every line after the first starts with the indent. */
export function wrap(text: string, indent = ''): string {
  const lines = [''];
  for (const word of breakWords(text, LINE - indent.length).split(' ')) {
    const current = lines.at(-1) ?? '';
    if (current !== '' && `${indent}${current} ${word}`.length > LINE) lines.push(word);
    else lines[lines.length - 1] = current === '' ? word : `${current} ${word}`;
  }
  return lines.join(`\n${indent}`);
}
