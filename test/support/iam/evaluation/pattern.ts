/** `*` of a pattern: any text, also none. */
export const ANY = Symbol('any text');
/** `?` of a pattern: any one character. */
export const ONE = Symbol('any character');

/** A text with wildcards: literal texts and wildcards in their order. */
export type Pattern = readonly (string | typeof ANY | typeof ONE)[];

/** Reads `*` and `?` as wildcards; nothing else has a meaning. */
export function patternOf(text: string): Pattern {
  if (!/[*?]/.test(text)) return [text];
  return (text.match(/[*?]|[^*?]+/g) ?? []).map((part) => {
    if (part === '*') return ANY;
    return part === '?' ? ONE : part;
  });
}

/** The text of a pattern for operators that know no wildcards. */
export function literally(pattern: Pattern): string {
  return pattern.map(written).join('');
}

function written(part: Pattern[number]): string {
  if (part === ANY) return '*';
  return part === ONE ? '?' : part;
}

export interface Matching {
  /** @default false */
  readonly ignoreCase?: boolean;
  /**
   * Wildcards stay between the colons of an ARN. A `*` that ends a segment may go beyond it, as AWS documents
   * under "Using wildcards in resource ARNs". @default false
   */
  readonly segments?: boolean;
}

/** Whether the whole text matches. */
export function matches(pattern: Pattern, text: string, { ignoreCase, segments }: Matching = {}): boolean {
  const [only = '', ...others] = pattern;
  if (typeof only === 'string' && others.length === 0) {
    return ignoreCase === true ? only.toLowerCase() === text.toLowerCase() : only === text;
  }
  const source = pattern.map((part, index) => {
    if (typeof part === 'string') return part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    const next = pattern[index + 1];
    const ends = next === undefined || (typeof next === 'string' && next.startsWith(':'));
    const character = segments === true && !(part === ANY && ends) ? '[^:]' : '[^]';
    return part === ANY ? `${character}*` : character;
  });
  return new RegExp(`^${source.join('')}$`, ignoreCase === true ? 'i' : '').test(text);
}

/** The parts of a pattern between colons; the last of them keeps what colons are left. */
export function segmentsOf(pattern: Pattern, most: number): readonly Pattern[] {
  const segments: Pattern[number][][] = [[]];
  for (const part of pattern) {
    const [first = part, ...rest] = typeof part === 'string' ? split(part, most - segments.length) : [part];
    segments.at(-1)?.push(first);
    for (const text of rest) segments.push([text]);
  }
  return segments;
}

/** Splits at the first colons, at most so many of them. */
function split(text: string, most: number): readonly string[] {
  const parts = text.split(':');
  return parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(':')];
}
