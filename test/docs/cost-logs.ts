import { LOG_ESTIMATES, LOG_ESTIMATE_SOURCES } from '../../lib/config/log-estimates';
import { LOG_SOURCES } from '../../lib/plan/cost/log-sources';
import { amount } from '../../lib/report/cost-inputs';
import { markdownTable } from '../../lib/report/markdown-table';
import { SHIPPED } from './cost-environments';

const money = (usd: number) => `$${usd.toFixed(2)}`;
const gb = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(1));

/** GB that each log has in every environment, and what they cost with what is kept. */
export function logsTable(): string {
  const rows = LOG_SOURCES.map(({ item, price }) => [
    item,
    `\`${price}\``,
    ...SHIPPED.flatMap(({ cost }) => {
      const line = cost.lines.find((each) => each.item === item);
      return [gb(line?.inputs[0]?.expected), line === undefined ? '–' : money(line.expected)];
    }),
  ]);
  const columns = SHIPPED.flatMap(({ environment: { name } }) => [`${name}, GB:`, `${name}:`]);
  return markdownTable(['Log', 'Price', ...columns], rows);
}

/** Every amount that a volume is worked out from. */
export function estimatesTable(): string {
  return markdownTable(
    ['Setting', 'Default:', 'What it is', 'How sure', 'Source'],
    Object.entries(LOG_ESTIMATES).map(([name, { value, says, confidence, source }]) => [
      `\`estimates.logs.${name}\``,
      amount(value),
      says,
      confidence,
      source,
    ]),
  );
}

export function sourcesTable(): string {
  return markdownTable(['Source', 'What it says'], Object.entries(LOG_ESTIMATE_SOURCES));
}
