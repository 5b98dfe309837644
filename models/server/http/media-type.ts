/** A media type as a header spells it, in lower case; values of parameters keep their case. */
export interface MediaType {
  /** As in `text/csv`; a range of an Accept header may have `*` on either side. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const NAME = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/;

/** Splits at a separator that stands outside of quotes. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim());
}

function parameterOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.toLowerCase(), ''];
  const value = text.slice(equals + 1).trim();
  const bare = value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  return [text.slice(0, equals).trim().toLowerCase(), bare];
}

/** Reads a Content-Type header; undefined for what is no media type. */
export function parseMediaType(text: string): MediaType | undefined {
  const [name = '', ...parameters] = split(text, ';');
  if (!NAME.test(name)) return undefined;
  return { name: name.toLowerCase(), parameters: new Map(parameters.map(parameterOf)) };
}

/** Reads an Accept header; what is no media type is left out. */
export function parseAccept(text: string): MediaType[] {
  return split(text, ',').flatMap((part) => parseMediaType(part) ?? []);
}
