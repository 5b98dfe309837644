import { planEnvironment } from '../../lib/plan/load-plan';
import { environmentNames } from '../../lib/config/load-environment';
import type { MonthlyCost } from '../../lib/plan/cost/monthly-cost';
import { COST_PARTS, type CostPart, partCosts } from '../../lib/plan/cost/cost-parts';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { markdownTable } from '../../lib/report/markdown-table';
import { SPECIALISTS } from '../../models/catalogue';
import { hostingCostOf, sourceCosts } from '../support/plan/legacy-hosting-cost';

const money = (usd: number) => `$${usd.toFixed(2)}`;

/** Every shipped environment on the snapshot that its file names. */
export const SHIPPED: readonly DeploymentPlan[] = environmentNames().map(
  (name) => planEnvironment(name, {}).plan,
);

const both = (cost: MonthlyCost | undefined): string[] =>
  cost === undefined ? ['–', '–'] : [money(cost.expected), money(cost.idle)];

/** What every part of every environment costs, and what turns it off. */
export function partsTable(): string {
  const keys = Object.keys(COST_PARTS) as CostPart[];
  const parts = keys.map((key): { name: string; switch?: string } => COST_PARTS[key]);
  const rows = parts.map(({ name, switch: off }) => [
    name,
    off === undefined ? '–' : `\`${off}\``,
    ...SHIPPED.flatMap(({ cost }) => both(partCosts(cost.lines).find((part) => part.name === name)?.cost)),
  ]);
  const total = ['**Total**', '', ...SHIPPED.flatMap(({ cost }) => both(cost.total))];
  const columns = SHIPPED.flatMap(({ environment }) => [`${environment.name}:`, `${environment.name} idle:`]);
  return markdownTable(['Part', 'Switched off by', ...columns], [...rows, total]);
}

/** Hosting of the models in every environment, and in the source system. */
export function hostingTable(): string {
  const all = SPECIALISTS.length;
  const here = SHIPPED.flatMap((plan) => {
    const { hosted, endpoints, withInference } = hostingCostOf(plan);
    const { name } = plan.environment;
    return [
      [`\`${name}\`, endpoints`, `${hosted} of ${all}`, '–', ...both(endpoints)],
      [`\`${name}\`, with the inference function`, `${all} of ${all}`, '–', ...both(withInference)],
    ];
  });
  const there = sourceCosts(loadPriceBook('us-east-1')).map(({ what, models, claimedUsd, monthlyUsd }) => [
    models === undefined ? `source system's table, ${what}` : `source system, ${what}`,
    models === undefined ? 'not known' : `${models} of ${all}`,
    claimedUsd === undefined ? '–' : `$${claimedUsd}`,
    money(monthlyUsd),
    money(monthlyUsd),
  ]);
  return markdownTable(['Hosting', 'Models', 'Claimed:', 'Expected:', 'Idle:'], [...here, ...there]);
}
