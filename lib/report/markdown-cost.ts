import { INPUTS_HINT, amount, explainedLines, origin, unitPrice } from './cost-inputs';
import { spellMoney } from './cost-words';
import { markdownTable } from './markdown-table';
import type { Report } from './schema';

const MONEY = ['Expected:', 'Idle:', 'Maximum:'];

/** Sums by part, and what turns each off; nothing for a report that does not say. */
export function costParts({ cost: { parts = [] } }: Report): string[] {
  if (parts.length === 0) return [];
  const off = (key: string | undefined) => (key === undefined ? '' : `\`${key}\``);
  return [
    markdownTable(
      ['Part', ...MONEY, 'Switched off by'],
      parts.map((part) => [part.part, ...spellMoney(part), off(part.switch)]),
    ),
  ];
}

/** The bill, item by item. */
export function costItems({ cost: bill }: Report): string {
  return markdownTable(
    ['Item', ...MONEY],
    [...bill.lines.map((line) => [line.item, ...spellMoney(line)]), ['**Total**', ...spellMoney(bill)]],
  );
}

/** What every figure of the bill is made of, folded away. */
export function costInputs(report: Report): string[] {
  const lines = explainedLines(report);
  if (lines.length === 0) return [];
  return [
    '<details><summary>What the figures are made of</summary>',
    INPUTS_HINT,
    markdownTable(
      ['Item', 'Amount', 'USD:', 'Expected:', 'Idle:', 'Maximum:', 'Price'],
      lines.flatMap(({ item, inputs }) =>
        inputs.map((input) => [
          item,
          input.what,
          unitPrice(input),
          amount(input.expected),
          amount(input.idle),
          amount(input.max),
          origin(input),
        ]),
      ),
    ),
    '</details>',
  ];
}
