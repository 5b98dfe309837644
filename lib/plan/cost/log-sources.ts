import type { Environment } from '../../config/environment';
import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import type { CostPart } from './cost-parts';
import { nodeCounts } from './cluster-cost';
import { type Item, requests } from './cost-items';
import { keptGb } from './log-retention';

const BYTES_PER_GB = 1024 ** 3;
const KB_PER_GB = 1024 ** 2;
const MINUTES_PER_HOUR = 60;
const MILLION = 1e6;

/** Network interfaces that EKS puts into the VPC for the control plane (Amazon EKS user guide, network requirements: 2 to 4). */
const CONTROL_PLANE_INTERFACES = 2;

/** Days for which RDS itself keeps the log group of Enhanced Monitoring (Amazon RDS user guide). */
const OS_METRICS_DAYS = 30;

/** What the volume of a log depends on, in one of the three cases of the bill. */
interface LogCase {
  readonly nodes: number;
  /** A month. */
  readonly requests: number;
}

/** A log that CloudWatch ingests and keeps. One entry is one line of the bill. */
export interface LogSource {
  readonly item: string;
  /** Part of the environment that writes it; where that is off, there is no such log. */
  readonly part: CostPart;
  /** `logs.vended` for logs that AWS sells as such: flow logs, EKS control plane, web ACL. */
  readonly price: 'logs.ingest' | 'logs.vended';
  /** Days for which it is kept. @default - `operations.logRetentionDays` */
  readonly days?: number;
  readonly present: (environment: Environment) => boolean;
  /** Amounts that the volume follows from, for the reader of the bill, such as `2 nodes`. */
  readonly from: (context: PlanningContext, of: LogCase) => string;
  /** GB a month. */
  readonly gb: (context: PlanningContext, of: LogCase) => number;
}

const minutes = ({ prices }: PlanningContext): number => prices.hoursPerMonth * MINUTES_PER_HOUR;

/** Network interfaces that stand all month. The load balancer has one in each zone, and a standby database another. */
function interfaces({ network, platform, database }: Environment, nodes: number): number {
  const zones = network.zones.length;
  return (
    network.natGateways +
    network.interfaceEndpoints.length * zones +
    (platform.enabled ? zones + CONTROL_PLANE_INTERFACES + nodes : 0) +
    (database.enabled ? (database.multiAz ? 2 : 1) : 0)
  );
}

const millions = (count: number): string => `${Number((count / MILLION).toPrecision(3))} million requests`;

const FLOW_LOG: LogSource = {
  item: 'VPC flow log',
  part: 'operations',
  price: 'logs.vended',
  present: () => true,
  from: ({ environment }, { nodes, requests: count }) =>
    `${interfaces(environment, nodes)} interfaces, ${millions(count)}`,
  gb: (context, { nodes, requests: count }) => {
    const { logs } = context.environment.estimates;
    const standing = interfaces(context.environment, nodes) * logs.flowRecordsPerInterfaceMinute;
    const records = standing * minutes(context) + count * logs.flowRecordsPerRequest;
    return (records * logs.flowRecordBytes) / BYTES_PER_GB;
  },
};

const CONTROL_PLANE_LOG: LogSource = {
  item: 'EKS control plane log',
  part: 'cluster',
  price: 'logs.vended',
  present: ({ platform }) => platform.enabled,
  from: (_context, { nodes }) => `${nodes} nodes`,
  gb: ({ environment: { estimates } }, { nodes }) => {
    const { auditGb, auditGbPerNode, controlPlaneGb } = estimates.logs;
    return auditGb + nodes * auditGbPerNode + controlPlaneGb;
  },
};

const WEB_ACL_LOG: LogSource = {
  item: 'Web ACL log',
  part: 'webAcl',
  price: 'logs.vended',
  present: ({ platform }) => platform.enabled && platform.loadBalancer.internetFacing,
  from: (_context, { requests: count }) => millions(count),
  gb: ({ environment: { estimates } }, { requests: count }) =>
    (count * estimates.logs.webAclLoggedShare * estimates.logs.webAclRecordKb) / KB_PER_GB,
};

const DATABASE_LOG: LogSource = {
  item: 'PostgreSQL log',
  part: 'database',
  price: 'logs.ingest',
  present: ({ database }) => database.enabled,
  from: ({ environment }) =>
    `${environment.estimates.logs.databaseConnectionsPerMinute} connections a minute`,
  gb: (context) => {
    const { databaseConnectionsPerMinute, databaseConnectionBytes } = context.environment.estimates.logs;
    return (databaseConnectionsPerMinute * minutes(context) * databaseConnectionBytes) / BYTES_PER_GB;
  },
};

const DATABASE_MONITORING_LOG: LogSource = {
  item: 'Enhanced Monitoring log',
  part: 'database',
  price: 'logs.ingest',
  days: OS_METRICS_DAYS,
  present: ({ database }) => database.enabled,
  from: () => 'a sample a minute',
  gb: (context) => (minutes(context) * context.environment.estimates.logs.databaseMonitoringKb) / KB_PER_GB,
};

/** Every log that does not depend on how the models are hosted; those of calls stand with the calls. */
export const LOG_SOURCES: readonly LogSource[] = [
  FLOW_LOG,
  CONTROL_PLANE_LOG,
  WEB_ACL_LOG,
  DATABASE_LOG,
  DATABASE_MONITORING_LOG,
];

/** Requests that come through the platform; others do not touch the VPC. */
function cases(context: PlanningContext): Readonly<Record<'expected' | 'idle' | 'max', LogCase>> {
  const { environment } = context;
  const { peak, idle } = nodeCounts(environment);
  const through = (of: 'averageRps' | 'peakRps') =>
    environment.platform.enabled ? requests(context, of) : 0;
  return {
    expected: { nodes: peak, requests: through('averageRps') },
    idle: { nodes: idle, requests: 0 },
    max: { nodes: peak, requests: through('peakRps') },
  };
}

/** Lines of the bill for logs: what is ingested, and what is kept. */
export function logItems(context: PlanningContext): Item[] {
  const { expected, idle, max } = cases(context);
  const { logRetentionDays } = context.environment.operations;
  return LOG_SOURCES.filter(({ present }) => present(context.environment)).map(
    ({ item, part, price, days = logRetentionDays, from, gb }): Item => {
      const [now, least, most] = [expected, idle, max].map((of) => gb(context, of)) as [
        number,
        number,
        number,
      ];
      const kept = (of: number) => keptGb(context, of, days);
      const amounts: Amount[] = [
        {
          price,
          what: `GB estimated from ${from(context, expected)}`,
          expected: now,
          idle: least,
          max: most,
        },
        {
          price: 'logs.storage',
          what: `GB kept for ${days} days`,
          expected: kept(now),
          idle: kept(least),
          max: kept(most),
        },
      ];
      return [part, item, amounts];
    },
  );
}
