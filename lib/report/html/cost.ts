import type { Report } from '../schema';
import { INPUTS_HINT, amount, explainedLines, origin, unitPrice } from '../cost-inputs';
import { type Money } from '../cost-words';
import { usd } from '../words';
import { barOf } from './bar';
import { grid } from './grid';
import { type Content, type Html, html } from './tag';

const most = (money: Money): number => Math.max(money.monthlyUsd, money.idleMonthlyUsd, money.maxMonthlyUsd);

function moneyBar(name: string, money: Money, scale: number, budgetUsd?: number): Html {
  const { idleMonthlyUsd, monthlyUsd, maxMonthlyUsd } = money;
  const budget = budgetUsd === undefined ? '' : `, of a budget of ${usd(budgetUsd)}`;
  return barOf({
    label: `${name}: ${usd(monthlyUsd)} expected, ${usd(idleMonthlyUsd)} idle, ${usd(maxMonthlyUsd)} at most a month${budget}`,
    lanes: [
      { value: monthlyUsd, tone: 'expected' },
      { value: idleMonthlyUsd, tone: 'idle', limited: false },
      { value: maxMonthlyUsd, tone: 'maximum', limited: false },
    ],
    ...(budgetUsd === undefined ? {} : { limit: budgetUsd }),
    scale,
  });
}

const swatch = (tone: string): Html => html`<i class="swatch ${tone}" aria-hidden="true"></i>`;

const figures = (money: Money): Html[] => [
  html`${swatch('expected')}${usd(money.monthlyUsd)}`,
  html`${swatch('idle')}${usd(money.idleMonthlyUsd)}`,
  html`${swatch('maximum')}${usd(money.maxMonthlyUsd)}`,
];

/** What every figure is made of, folded away. */
function inputs(report: Report): Content {
  const lines = explainedLines(report);
  return (
    lines.length > 0 &&
    html`<details>
      <summary>What the figures are made of</summary>
      <p class="hint">${INPUTS_HINT}</p>
      ${lines.map(
        ({ item, inputs: parts }) =>
          html`<h3>${item}</h3>
            ${grid(
              `What ${item} is made of`,
              [
                { title: 'Amount' },
                { title: 'USD', figures: true },
                { title: 'Expected', figures: true },
                { title: 'Idle', figures: true },
                { title: 'Maximum', figures: true },
              ],
              parts.map((input) => [
                html`${input.what}
                  <p class="code">${origin(input)}</p>`,
                unitPrice(input),
                amount(input.expected),
                amount(input.idle),
                amount(input.max),
              ]),
            )} `,
      )}
    </details>`
  );
}

const MONEY = [
  { title: 'Expected', figures: true },
  { title: 'Idle', figures: true },
  { title: 'Maximum', figures: true },
];

/** The total against the budget, as a row. */
function totalRow({ cost }: Report): Content[] {
  const total = Math.max(most(cost), cost.budgetUsd);
  return [
    html`<strong>Total</strong> of a budget of
      ${usd(cost.budgetUsd)}${moneyBar('Total', cost, total, cost.budgetUsd)}`,
    ...figures(cost),
  ];
}

/** The total and what it is of by part, with what turns each off; nothing for a report that does not say. */
function parts(report: Report): Content {
  const { parts: found } = report.cost;
  return (
    found !== undefined &&
    html`${grid(
        'Cost a month by part',
        [{ title: 'Part' }, ...MONEY],
        [
          totalRow(report),
          ...found.map((part) => [
            html`${part.part}${part.switch !== undefined && html`<p class="code">off by ${part.switch}</p>`}`,
            ...figures(part),
          ]),
        ],
      )}
      <h3>Item by item</h3>`
  );
}

/** What it costs a month, in all against the budget, part by part and item by item. */
export function costSection(report: Report): Html {
  const { cost } = report;
  const scale = Math.max(...cost.lines.map(most), 0);
  return html`<section aria-labelledby="cost">
    <h2 id="cost">Cost a month</h2>
    <p class="hint">
      At the expected traffic, without any, and with everything scaled out all month. A line marks the budget,
      which only the expected cost is held against.
    </p>
    ${parts(report)}
    ${grid(
      'Cost a month',
      [{ title: 'Item' }, ...MONEY],
      [
        ...(cost.parts === undefined ? [totalRow(report)] : []),
        ...cost.lines.map((line) => [
          html`${line.item}${moneyBar(line.item, line, scale)}`,
          ...figures(line),
        ]),
      ],
    )}
    ${inputs(report)}
  </section>`;
}
