import type { AccountNeeds, AccountPlan } from './account-facts';
import { ACCOUNT_LIMITS, type AccountFinding, accountFinding } from './account-findings-registry';

/** Classes and backups are known to be refused; beyond the offer's zone and storage nobody documents what happens. */
function freePlanDatabaseFindings(database: NonNullable<AccountNeeds['database']>): AccountFinding[] {
  const { dbClasses, backupDays: allowed, dbStorageGb } = ACCOUNT_LIMITS.freePlan;
  const { instanceType, backupDays, multiAz, storageGb } = database;
  const beyond = [
    ...(multiAz ? ['two zones'] : []),
    ...(storageGb > dbStorageGb ? [`${storageGb} GB of storage`] : []),
  ];
  return [
    ...(dbClasses.includes(instanceType)
      ? []
      : [accountFinding('free-plan-database', { instanceType, allowed: dbClasses.join(', ') })]),
    ...(backupDays <= allowed ? [] : [accountFinding('free-plan-backups', { backupDays, allowed })]),
    ...(beyond.length === 0
      ? []
      : [accountFinding('free-plan-database-size', { asked: beyond.join(' and '), offeredGb: dbStorageGb })]),
  ];
}

/**
 * What AWS's free plan refuses of an environment. It needs no account: configuration tells the plan (`accountPlan`).
 *
 * @param plan where it is not known, one finding says so instead
 */
export function freePlanFindings(
  { instances, cluster, database }: AccountNeeds,
  plan: AccountPlan,
): AccountFinding[] {
  if (plan === 'paid') return [];
  const { ec2Types } = ACCOUNT_LIMITS.freePlan;
  // Models alone use nothing that the free plan is known to refuse.
  if (instances.length === 0 && !cluster && database === undefined) return [];
  if (plan === 'unknown') return [accountFinding('account-plan-unknown')];
  return [
    ...instances
      .filter(({ instanceType }) => !ec2Types.includes(instanceType))
      .map(({ instanceType }) =>
        accountFinding('free-plan-instance', { instanceType, allowed: ec2Types.join(', ') }),
      ),
    ...(cluster ? [accountFinding('free-plan-cluster')] : []),
    ...(database === undefined ? [] : freePlanDatabaseFindings(database)),
  ];
}
