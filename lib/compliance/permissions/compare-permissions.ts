const CONTEXT = 2;
const MOST_LINES = 120;

/**
 * Says what changed between two texts of {@link renderPermissions}, role by role.
 *
 * @param golden the reviewed text
 * @param current the text of what is about to be deployed
 * @returns undefined when nothing changed; line ends do not count. At most 120 lines.
 */
export function comparePermissions(golden: string, current: string): string | undefined {
  const [before, after] = [sectionsOf(golden), sectionsOf(current)];
  const headings = [...new Set([...before.keys(), ...after.keys()])].sort();
  const lines = headings.flatMap((heading) => changes(heading, before.get(heading), after.get(heading)));
  if (lines.length === 0) return undefined;
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`… and ${more} more lines`] : [])].join('\n');
}

type Lines = readonly string[];

function changes(heading: string, before: Lines | undefined, after: Lines | undefined): Lines {
  if (before === undefined) return [`${heading} (new)`, ...(after ?? []).map((line) => `+ ${line}`)];
  if (after === undefined) return [`${heading} (gone)`, ...before.map((line) => `- ${line}`)];
  const diff = diffOf(before, after);
  return diff.some(({ mark }) => mark !== ' ') ? [heading, ...shown(diff)] : [];
}

/** Sections by their heading, the only lines without indentation. */
function sectionsOf(text: string): ReadonlyMap<string, Lines> {
  const sections = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    if (/^\s/.test(line)) section.push(line);
    else sections.set(line, (section = []));
  }
  return sections;
}

interface Change {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/** Shortest edit from one list of lines to the other, by their longest common subsequence. */
function diffOf(before: Lines, after: Lines): readonly Change[] {
  const common = commonLengths(before, after);
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  const result: Change[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      result.push({ mark: ' ', line: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      result.push({ mark: '-', line: old });
      i += 1;
    } else {
      result.push({ mark: '+', line: fresh ?? '' });
      j += 1;
    }
  }
  return result;
}

/** Length of the longest common subsequence of what follows each pair of positions. */
function commonLengths(before: Lines, after: Lines): readonly (readonly number[])[] {
  const table = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const [here, below] = [table[i], table[i + 1]];
      if (!here || !below) continue;
      here[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0);
    }
  }
  return table;
}

function shown(diff: readonly Change[]): Lines {
  const near = diff.map((_change, index) =>
    diff.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' '),
  );
  return diff.flatMap(({ mark, line }, index) => {
    if (near[index]) return [`${mark} ${line}`];
    return near[index - 1] ? ['  …'] : [];
  });
}
