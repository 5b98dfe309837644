import { type Observed, observedOf } from '../config/platform/platform-observability';
import type { Environment } from '../config/environment';
import type { DeploymentPlan } from './deployment-plan';
import { environmentPrefix } from '../config/resource-names';

/** Log files that RDS for PostgreSQL can export. */
export const DATABASE_LOGS = ['postgresql', 'upgrade'] as const;

/** Group that EKS writes the logs of the control plane to. */
export function clusterLogGroup(environment: string): string {
  return `/aws/eks/${environmentPrefix(environment)}/cluster`;
}

/** Group that RDS exports a log file of the database to. */
export function databaseLogGroup(environment: string, log: (typeof DATABASE_LOGS)[number]): string {
  return `/aws/rds/instance/${environmentPrefix(environment)}/${log}`;
}

/**
 * Group of the web ACL. WAF delivers to no log group without this prefix. (AWS WAF guide, "Sending logs to a CloudWatch
 * Logs log group".)
 */
export function webAclLogGroup(environment: string): string {
  return `aws-waf-logs-${environmentPrefix(environment)}`;
}

/** Where Container Insights' agents write: the cluster's name and what is written (CloudWatch user guide). */
const LOGS = ['application', 'dataplane', 'host'] as const;
const METRICS = 'performance';

/** Names of the log groups that the agents write to. They may not create any, so that none goes without key and end. */
export function agentLogGroups(clusterName: string, { logs, metrics }: Observed): readonly string[] {
  const groups = [...(logs ? LOGS : []), ...(metrics ? [METRICS] : [])];
  return groups.map((group) => `/aws/containerinsights/${clusterName}/${group}`);
}

/** A log group whose name a service dictates, and the stack that makes it. */
export interface FixedLogGroup {
  readonly name: string;
  readonly stack: string;
  /**
   * Whether `cdk deploy --import-existing-resources` takes over a group that exists. CloudFormation does so only where
   * the template keeps the group when its stack goes. (CloudFormation user guide, "Import AWS resources into a
   * CloudFormation stack automatically".)
   */
  readonly importable: boolean;
}

const hasWebAcl = ({ platform }: Environment) => platform.loadBalancer.internetFacing;

/**
 * Every log group of an environment that has a fixed name. CloudFormation cannot make one that exists: a group that
 * outlived its stack, or that a service made again. EKS does so when the last logs of a deleted cluster arrive.
 * (terraform-aws-modules/terraform-aws-eks issues 920, 2446 and 2763.)
 */
export function fixedLogGroups({
  environment,
  topology,
}: Pick<DeploymentPlan, 'environment' | 'topology'>): FixedLogGroup[] {
  const { name, platform, database, protection } = environment;
  const prefix = environmentPrefix(name);
  const kept = protection.onRemoval !== 'destroy';
  const groupsOf = (stack: string, names: readonly string[], importable = kept) =>
    names.map((group) => ({ name: group, stack: `${prefix}-${stack}`, importable }));
  return [
    ...groupsOf(
      'Serving',
      topology.endpoints.map((endpoint) => `/aws/sagemaker/Endpoints/${endpoint.name}`),
      // An endpoint takes its group with it, whatever else is kept.
      false,
    ),
    ...(database.enabled
      ? groupsOf(
          'Data',
          DATABASE_LOGS.map((log) => databaseLogGroup(name, log)),
        )
      : []),
    ...(platform.enabled
      ? groupsOf('Platform', [
          clusterLogGroup(name),
          ...(hasWebAcl(environment) ? [webAclLogGroup(name)] : []),
          ...agentLogGroups(prefix, observedOf(environment)),
        ])
      : []),
  ];
}
