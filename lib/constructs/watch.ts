import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** One thing to watch, and what whoever is on call should know when it goes off. */
export interface Watch {
  readonly id: string;
  readonly metric: cloudwatch.Metric;
  readonly threshold: number;
  /** Whether it goes off below the threshold. @default false */
  readonly below?: boolean;
  readonly says: string;
  /** Section of the runbook. */
  readonly runbook: string;
  /** For what is published once a day: looks at one day, and stays as it is until there is another figure. */
  readonly daily?: boolean;
}
