import { type CostInput, INPUTS_HINT, amount, explainedLines, origin } from './cost-inputs';
import { byPart, spellMoney, switches } from './cost-words';
import type { Report } from './schema';
import { type Column, drawColumns, wrap } from '../util/text-layout';

const MONEY: readonly Column[] = [
  { title: 'Expected', width: 10, right: true },
  { title: 'Idle', width: 10, right: true },
  { title: 'Maximum', width: 11, right: true },
];

/** The bill part by part: the lines of a part stand below its sum, but for one that is the whole part. */
export function cost({ cost: bill }: Report): string[] {
  const rows = byPart(bill).flatMap(({ part, lines }) => {
    const items = lines.map((line) => [line.item, ...spellMoney(line)]);
    if (part === undefined || lines.length < 2) return items;
    return [[part.part, ...spellMoney(part)], ...items.map(([item, ...money]) => [`- ${item}`, ...money])];
  });
  const table = drawColumns(
    [{ title: 'USD a month', width: 45 }, ...MONEY],
    [...rows, ['Total', ...spellMoney(bill)]],
  );
  const off = switches(bill).map(({ key, parts }) => `${key} (${parts.join(', ')})`);
  return [table, ...(off.length === 0 ? [] : [wrap(`Parts are switched off by ${off.join('; ')}`, '  ')])];
}

function spell(input: CostInput): string {
  const { what, usd, unit, expected, idle, max } = input;
  const constant = idle === expected && max === expected;
  const cases = constant ? '' : ` (idle ${amount(idle)}, most ${amount(max)})`;
  return `- ${amount(expected)} ${what}${cases} × ${amount(usd)} USD/${unit} [${origin(input)}]`;
}

/** What every figure of the bill is made of; nothing for a report that does not say. */
export function costInputs(report: Report): string[] {
  const lines = explainedLines(report);
  if (lines.length === 0) return [];
  return [
    [
      wrap(`What the figures are made of. ${INPUTS_HINT}`),
      ...lines.flatMap(({ item, inputs }) => [
        `  ${wrap(item, '  ')}`,
        ...inputs.map((input) => `    ${wrap(spell(input), '      ')}`),
      ]),
    ].join('\n'),
  ];
}
