import { type CostInput, INPUTS_HINT, amount, explainedLines, origin } from './cost-inputs';
import type { Report } from './schema';
import { wrap } from './text-layout';

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
