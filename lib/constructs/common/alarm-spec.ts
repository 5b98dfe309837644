import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** One thing to watch, and what the person on call should know when it goes off. */
export interface AlarmSpec {
  readonly id: string;
  readonly metric: cloudwatch.Metric;
  readonly threshold: number;
  /** Whether it goes off below the threshold. @default false */
  readonly below?: boolean;
  /** Periods in a row for which it must hold. @default - one day for what is published daily, else two of 5 minutes */
  readonly evaluationPeriods?: number;
  readonly says: string;
  /** Section of the runbook. */
  readonly runbook: string;
  /** For what is published once a day: looks at one day, and stays as it is until there is another figure. */
  readonly daily?: boolean;
  /** Looks at one such time. @default - at two of five minutes, and goes off when both are wrong */
  readonly window?: Duration;
}
