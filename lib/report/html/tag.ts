/** Markup that is inserted as it stands: made by {@link html}, or by hand from what this project wrote itself. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What a template takes: text and numbers are escaped, lists joined, `undefined` and `false` leave nothing. */
export type Content = Html | string | number | false | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function markupOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.toString();
  if (typeof content === 'object') return content.map(markupOf).join('');
  return String(content).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}

/**
 * A template that escapes whatever is put into it, unless that is {@link Html} itself. Values may stand between tags
 * and in double-quoted attributes; nothing else is safe: no tag names, no scripts, no styles, no links.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(literals.map((literal, at) => literal + markupOf(values[at])).join(''));
}
