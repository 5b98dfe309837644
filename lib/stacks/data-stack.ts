import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { Database } from '../constructs/data/database';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface DataStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
}

/** What the platform keeps: its PostgreSQL. */
export class DataStack extends EnvironmentStack {
  readonly database: Database;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    this.database = new Database(this, 'Database', { environment: props.environment, vpc: props.vpc });
    // As long as the stack stands: an export that goes with the last workload could not, while that still uses it.
    this.exportValue(this.database.endpoint.hostname);
  }
}
