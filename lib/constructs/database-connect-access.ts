import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';

/** Name of the user that RDS makes with the instance; it holds `rds_superuser`. Another name replaces the instance. */
export const MASTER_USER = 'xdr_admin';

/** Names that PostgreSQL takes without quotes, and so none that IAM reads as a pattern. */
const USER_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

export interface DatabaseConnectAccessProps {
  readonly instance: rds.DatabaseInstance;
  /** PostgreSQL user that has been granted `rds_iam`. */
  readonly user: string;
}

/**
 * To connect as one user of one instance with a token in place of a password. It names the instance by the id that RDS
 * gives it, as IAM demands, and stands in the instance's own stack: an id exported to another stack could not change
 * while it is used there, as it does when a restored instance takes the name of a lost one.
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
    const { instanceResourceId } = instance;
    if (instanceResourceId === undefined)
      throw new Error('An imported instance has no resource id to connect to');
    const userArn = Stack.of(scope).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${instanceResourceId}/${user}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    super(scope, id, {
      description: `To connect to the database as ${user}`,
      statements: [new iam.PolicyStatement({ actions: ['rds-db:connect'], resources: [userArn] })],
    });
  }
}
