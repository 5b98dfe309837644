import * as fc from 'fast-check';
import type { Report } from '../../../lib/report/schema';

/** Keys whose texts come from this project and decide what is drawn. */
const FIXED = new Set([
  'verdict',
  'mode',
  'severity',
  'origin',
  'kind',
  'updateStrategy',
  'updateOrder',
  'architecture',
  'specialists',
  'embedded',
]);

function rewriteValue(value: unknown, text: () => string): unknown {
  if (typeof value === 'string') return text();
  if (Array.isArray(value)) return value.map((entry) => rewriteValue(entry, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, FIXED.has(key) ? entry : rewriteValue(entry, text)]),
  );
}

/** The same report with every free text replaced. */
export function rewrite(report: Report, text: () => string): Report {
  return rewriteValue(report, text) as Report;
}

const DANGEROUS = [
  '<script>alert(1)</script>',
  '"',
  "'",
  '" onload="alert(1)',
  '</style>',
  '</svg>',
  '-->',
  '<!--',
  ']]>',
  '<![CDATA[',
  '&lt;',
  '&',
  '&#x3c;',
  '<',
  '>',
  '`',
  '${x}',
  '\u0000',
  '\u001b[31m',
  '\ud800',
  '\ufffe',
  '\u2028',
  '\n',
  '\r',
  '\t',
];

/** Text that tries to break out of whatever it is written into. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...DANGEROUS),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** Takes texts one after the other, and again from the first. */
export function cycling(texts: readonly string[]): () => string {
  let at = 0;
  return () => texts[at++ % texts.length] ?? '';
}
