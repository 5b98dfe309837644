import { type DBInstance, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import * as z from 'zod';
import type { Environment } from '../../config/environment';
import { type Found, failed, ok, undetermined } from '../check-outcome';
import { compare } from '../compare-values';
import {
  type DeployedStack,
  type Part,
  besideStack,
  goneFrom,
  partsOf,
  referenceSchema,
} from '../deployed-stack';
import type { Reader } from '../verify-reader';

const BY_HAND = besideStack('database-differs');
const UPGRADE = 'follow docs/runbook.md#upgrading-the-database';

/** States that pass by themselves. (Amazon RDS User Guide, "Viewing Amazon RDS DB instance status".) */
const PASSING = new Set<string>([
  'backing-up',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'creating',
  'maintenance',
  'modifying',
  'rebooting',
  'resetting-master-credentials',
  'starting',
  'storage-config-upgrade',
  'storage-initialization',
  'storage-optimization',
  'upgrading',
]);

const instanceSchema = z.object({
  EngineVersion: z.string().optional(),
  DBParameterGroupName: referenceSchema.optional(),
});

function statusFound(status: string | undefined): Found {
  if (status === 'available') return ok(status);
  const detail = `is ${status ?? 'in no known state'}`;
  return status !== undefined && PASSING.has(status)
    ? undetermined(detail, 'verify again when it is available')
    : failed(detail, 'follow docs/runbook.md#database-differs');
}

function parametersFound({ DBParameterGroups: groups = [] }: DBInstance, own: string | undefined): Found[] {
  const group = groups.find(({ DBParameterGroupName: name }) => name === own);
  if (group === undefined) {
    const live = groups.map(({ DBParameterGroupName: name }) => name).join(', ');
    return compare('its parameter group', live || undefined, own, BY_HAND);
  }
  const { ParameterApplyStatus: status } = group;
  switch (status) {
    case 'in-sync':
      return [];
    case 'applying':
      return [undetermined('its parameter group is being applied', 'verify again in a few minutes')];
    case 'pending-reboot':
      return [
        failed(
          'its parameter group waits for a restart (pending-reboot)',
          'restart it in a quiet hour: aws rds reboot-db-instance (docs/runbook.md#upgrading-the-database)',
        ),
      ];
    default:
      return compare('the state of its parameter group', status, 'in-sync', BY_HAND);
  }
}

const holdsSomething = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(holdsSomething)
    : value !== undefined && value !== null;

/** Names alone: a value may be a password. */
function pendingFound({ PendingModifiedValues: pending = {} }: DBInstance): Found[] {
  const names = Object.entries(pending).flatMap(([name, value]) => (holdsSomething(value) ? [name] : []));
  if (names.length === 0) return [];
  return [
    failed(
      `changes wait for the maintenance window: ${names.join(', ')}`,
      'follow docs/runbook.md#database-differs: apply them at once, or take them back',
    ),
  ];
}

function settingsFound(live: DBInstance, { database, protection }: Environment): Found[] {
  return [
    ...compare('access from the internet', live.PubliclyAccessible, false, BY_HAND),
    ...compare('encryption', live.StorageEncrypted, true, BY_HAND),
    ...compare('IAM authentication', live.IAMDatabaseAuthenticationEnabled, true, BY_HAND),
    ...compare('deletion protection', live.DeletionProtection, protection.deletionProtection, BY_HAND),
    ...compare('backup retention in days', live.BackupRetentionPeriod, database.backupDays, BY_HAND),
  ];
}

function templateFound(live: DBInstance, { properties }: Part, stack: DeployedStack): Found[] {
  const wanted = instanceSchema.safeParse(properties).data;
  if (wanted === undefined) {
    return [failed(`${stack.name} describes no database of this project`, 'deploy it again from this tree')];
  }
  const { EngineVersion: version, DBParameterGroupName: group } = wanted;
  const own = group === undefined ? undefined : (stack.physicalId(group) ?? group);
  return [...compare('its version', live.EngineVersion, version, UPGRADE), ...parametersFound(live, own)];
}

/** What there is to say of the environment's PostgreSQL. */
export async function databaseFound(
  environment: Environment,
  stack: DeployedStack,
  { rds, read, signal: abortSignal }: Reader,
): Promise<Found[]> {
  const [part] = partsOf(stack, 'AWS::RDS::DBInstance');
  const DBInstanceIdentifier = part?.physicalId;
  if (part === undefined || DBInstanceIdentifier === undefined)
    return [goneFrom(stack.name, 'database', BY_HAND)];
  const answer = await read('rds:DescribeDBInstances', () =>
    rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }), { abortSignal }),
  );
  if (answer.state === 'unknown') return [answer.found];
  const live = answer.state === 'known' ? answer.value.DBInstances?.[0] : undefined;
  if (live === undefined) return [goneFrom(stack.name, 'database', BY_HAND)];
  const differences = [
    ...templateFound(live, part, stack),
    ...settingsFound(live, environment),
    ...pendingFound(live),
  ];
  if (differences.length > 0) return [statusFound(live.DBInstanceStatus), ...differences];
  return [
    statusFound(live.DBInstanceStatus),
    ok(`PostgreSQL ${live.EngineVersion}, encrypted, private, IAM authentication, parameters in-sync`),
    ok(`backups of ${live.BackupRetentionPeriod} days, nothing pending`),
  ];
}
