import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';

/** Name of the user that RDS makes with the instance; it holds `rds_superuser`. Another name replaces the instance. */
export const MASTER_USER = 'xdr_admin';

/** Names that PostgreSQL takes without quotes, and so none that IAM reads as a pattern. */
const USER_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * PostgreSQL user of a workload of an environment. No other environment has a user of that name.
 *
 * @param workload such as `backend`
 */
export function databaseUser(environment: string, workload: string): string {
  return `xdr_${environment.replaceAll('-', '_')}_${workload}`;
}

export interface DatabaseConnectAccessProps {
  readonly instance: rds.DatabaseInstance;
  /** PostgreSQL user that has been granted `rds_iam`. */
  readonly user: string;
}

/**
 * To connect to one instance as one user, with a token in place of a password. IAM names the instance by the id that RDS
 * gives it, which a restored instance does not keep. The policy is in the instance's own stack, because an id that is
 * exported to another stack cannot change while it is used there.
 */
export class DatabaseConnectAccess extends iam.ManagedPolicy {
  /** @throws Error for the master user, whose password stops working with `rds_iam`, and for what names no user */
  constructor(scope: Construct, id: string, { instance, user }: DatabaseConnectAccessProps) {
    if (!USER_NAME.test(user) || user === MASTER_USER) {
      throw new Error(
        `No workload connects to the database as "${user}": give a user of its own, in lower-case letters, digits and ` +
          `underscores, other than the master user ${MASTER_USER}`,
      );
    }
    const userArn = Stack.of(scope).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${instance.instanceResourceId}/${user}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    super(scope, id, {
      description: `To connect to the database as ${user}`,
      statements: [new iam.PolicyStatement({ actions: ['rds-db:connect'], resources: [userArn] })],
    });
  }
}
