import type { MonthlyCost } from '../plan/cost/monthly-cost';
import { partCosts, partName } from '../plan/cost/cost-parts';
import type { DeploymentPlan } from '../plan/deployment-plan';
import type { Report } from './schema';

type Money = Pick<Report['cost'], 'monthlyUsd' | 'idleMonthlyUsd' | 'maxMonthlyUsd'>;

const money = ({ expected, idle, max }: MonthlyCost): Money => ({
  monthlyUsd: expected,
  idleMonthlyUsd: idle,
  maxMonthlyUsd: max,
});

/** The bill of a plan: in all, line by line and part by part. */
export function costOf({ environment, cost }: DeploymentPlan): Report['cost'] {
  return {
    budgetUsd: environment.budget.monthlyUsd,
    ...money(cost.total),
    lines: cost.lines.map((line) => ({
      part: partName(line.part),
      item: line.item,
      ...money(line),
      source: line.source,
      inputs: line.inputs.map((input) => ({ ...input })),
    })),
    parts: partCosts(cost.lines).map(({ name, switch: off, cost: sum }) => ({
      part: name,
      ...(off === undefined ? {} : { switch: off }),
      ...money(sum),
    })),
  };
}
