import * as rds from 'aws-cdk-lib/aws-rds';

/**
 * PostgreSQL to the minor version. The template alone moves it: with automatic upgrades RDS would run ahead, and the
 * next change to the instance would ask for the older version again, which RDS refuses ("Cannot upgrade postgres from
 * 17.10 to 17.9"). A newer minor version restarts the instance; CloudFormation replaces nothing for it.
 */
export const DATABASE_ENGINE = rds.DatabaseInstanceEngine.postgres({
  version: rds.PostgresEngineVersion.VER_17_9,
});
