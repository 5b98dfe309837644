import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/operations/alarm-topic';
import type { Database } from '../constructs/data/database';
import type { DriftFunction } from '../constructs/serving/drift-function';
import type { InferenceFunction } from '../constructs/serving/inference-function';
import type { LoadBalancer } from '../constructs/platform/load-balancer';
import type { ModelEndpoint } from '../constructs/serving/model-endpoint';
import { MonthlyBudget } from '../constructs/operations/monthly-budget';
import { NotificationAlarms } from '../constructs/operations/notification-alarms';
import { OperationsDashboard, dashboardName } from '../constructs/operations/operations-dashboard';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface OperationsStackProps extends EnvironmentStackProps {
  readonly endpoints: readonly ModelEndpoint[];
  readonly inference: InferenceFunction;
  /** Only where requests are captured. */
  readonly drift?: DriftFunction;
  readonly database?: Database;
  /** The platform's front door. @default - there is no platform */
  readonly loadBalancer?: LoadBalancer;
}

/** What people look at, and what calls them: dashboard, alarms, budget. */
export class OperationsStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { environment } = props;
    const topic = new AlarmTopic(this, 'Alarms', { environment });
    new NotificationAlarms(this, 'Notifications', {
      ...props,
      topic,
      dashboardName: dashboardName(environment),
    });
    new OperationsDashboard(this, 'Overview', props);
    new MonthlyBudget(this, 'Budget', { environment, topic: topic.topic });
  }
}
