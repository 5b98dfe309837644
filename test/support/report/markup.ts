/** An element as a strict reader sees it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text directly inside, unescaped. */
  text: string;
  readonly children: Element[];
}

const VOID = new Set(['meta', 'link', 'rect', 'path']);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#96': '`',
  '#10': '\n',
  '#13': '\r',
  '#9': '\t',
};

/** @throws for an ampersand that begins no known entity */
function decode(text: string): string {
  return text.replaceAll(/&([^;&]*;)?/g, (whole, body: string | undefined) => {
    const found = ENTITIES[(body ?? '').slice(0, -1)];
    if (found === undefined) throw new Error(`a bare ampersand or unknown entity: ${whole}`);
    return found;
  });
}

function attributesOf(source: string): Record<string, string> {
  const attribute = /\s+([a-zA-Z-]+)="([^"<]*)"/y;
  const found: Record<string, string> = {};
  while (attribute.lastIndex < source.trimEnd().length) {
    const [, name = '', value = ''] = attribute.exec(source) ?? [];
    if (name === '' || name in found) throw new Error(`attributes are malformed: ${source}`);
    found[name] = decode(value);
  }
  return found;
}

/**
 * Reads HTML as this project writes it, or XML, far more strictly than a browser: every tag closed in order, every
 * attribute quoted and once, every angle bracket and ampersand escaped.
 *
 * @returns the root element
 * @throws for whatever is not like that
 */
export function parseMarkup(source: string): Element {
  const root: Element = { name: '#root', attributes: {}, text: '', children: [] };
  const open = [root];
  const token = /<(\/?)([a-zA-Z][\w-]*)((?:[^"<>]|"[^"]*")*?)(\/?)>|([^<]+)/y;
  token.lastIndex = /^<[!?][^<>]*>/.exec(source)?.[0].length ?? 0;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const found = token.exec(source);
    const inner = open.at(-1);
    if (found === null || inner === undefined) throw new Error(`malformed at: ${source.slice(at, at + 80)}`);
    const [, closing, name = '', attributes = '', empty, text] = found;
    if (text !== undefined) inner.text += inner.name === 'style' ? text : decode(text);
    else if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes ${inner.name}`);
    } else {
      const element: Element = { name, attributes: attributesOf(attributes), text: '', children: [] };
      inner.children.push(element);
      if (empty !== '/' && !VOID.has(name)) open.push(element);
    }
  }
  const [only, ...more] = root.children;
  if (open.length > 1 || only === undefined || more.length > 0) throw new Error('not one closed element');
  return only;
}

/** Every element beneath, itself first, in document order. */
export function flatten(element: Element): Element[] {
  return [element, ...element.children.flatMap(flatten)];
}

/** Elements and attribute names in order, without any text: what markup means, apart from what it says. */
export function skeleton(element: Element): string {
  const names = Object.keys(element.attributes).join(' ');
  return `<${element.name} ${names}>${element.children.map(skeleton).join('')}</>`;
}
