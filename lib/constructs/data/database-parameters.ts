import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { DATABASE_ENGINE } from './database-engine';
import { attachedRemovalPolicyOf } from './database-removal';

/** Parameter that, at `1`, makes the server refuse whoever connects without TLS. */
export const FORCE_TLS = 'rds.force_ssl';

/**
 * Settings of the database, in place of RDS's default group, which nobody can edit. Units are PostgreSQL's own:
 * `log_min_duration_statement` is in milliseconds.
 */
export class DatabaseParameters extends rds.ParameterGroup {
  constructor(scope: Construct, id: string, { environment }: { readonly environment: Environment }) {
    super(scope, id, {
      engine: DATABASE_ENGINE,
      description: 'PostgreSQL of Mini-XDR: TLS only, connections and slow statements logged',
      removalPolicy: attachedRemovalPolicyOf(environment),
      parameters: {
        [FORCE_TLS]: '1',
        password_encryption: 'scram-sha-256',
        log_connections: '1',
        log_disconnections: '1',
        log_min_duration_statement: String(environment.database.slowStatementMs),
      },
    });
  }
}
