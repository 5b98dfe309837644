import * as budgets from 'aws-cdk-lib/aws-budgets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { ENVIRONMENT_TAG } from '../../config/resource-names';

export interface MonthlyBudgetProps {
  readonly environment: Environment;
  readonly topic: sns.ITopic;
}

/** Shares of the budget, in percent, at which people are told; the last one before the month is over. */
const NOTIFICATIONS = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/** The environment's monthly budget, over everything that carries its `mini-xdr:environment` tag. */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { environment, topic }: MonthlyBudgetProps) {
    super(scope, id);
    new budgets.CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: environment.budget.monthlyUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:${ENVIRONMENT_TAG}$${environment.name}`] },
      },
      notificationsWithSubscribers: NOTIFICATIONS.map((notification) => ({
        notification: { ...notification, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
        subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
      })),
    });
  }
}
