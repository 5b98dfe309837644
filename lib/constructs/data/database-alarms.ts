import { databaseMaxConnections, databaseMemoryBytes } from '../../config/data/database-class';
import type { Environment } from '../../config/environment';
import type { Database } from './database';
import type { AlarmSpec } from '../common/alarm-spec';

const GIB = 1024 ** 3;

/**
 * Of the connections that the memory of the class as advertised would allow. RDS reckons with less, without telling how
 * much: users count 60 to 80 on 1 GiB, where the formula says 112. Half of that goes off in time on every class.
 */
const CONNECTIONS_SHARE = 0.5;

/** What is left for the page cache of the operating system; with less the instance is about to swap. */
const FREE_MEMORY_SHARE = 0.05;

/** Of the storage that the instance is made with: RDS grows it at the same share. One that has grown says so once more. */
const FREE_STORAGE_SHARE = 0.1;

function memoryWatches(database: Database, instanceType: string): AlarmSpec[] {
  const memory = databaseMemoryBytes(instanceType);
  if (memory === undefined) {
    throw new Error(`The memory of ${instanceType} is not known; add its family to database-classes.json`);
  }
  const connections = Math.floor(CONNECTIONS_SHARE * databaseMaxConnections(memory));
  return [
    {
      id: 'DatabaseConnections',
      metric: database.metricConnections(),
      threshold: connections,
      says: `The database has more than ${connections} connections open, half of what the memory of ${instanceType} allows`,
      runbook: 'database-connections',
    },
    {
      id: 'DatabaseMemory',
      metric: database.metricFreeableMemory(),
      threshold: FREE_MEMORY_SHARE * memory,
      below: true,
      says: 'The database has less than a twentieth of its memory left',
      runbook: 'database-memory',
    },
  ];
}

/**
 * What to watch of the database. Replica lag is none of it: RDS publishes `ReplicaLag` for read replicas and for
 * Multi-AZ clusters of three, while the standby of a Multi-AZ instance is written to synchronously and has no metrics.
 */
export function databaseAlarms(
  database: Database,
  { instanceType, storageGb }: Environment['database'],
): AlarmSpec[] {
  return [
    {
      id: 'DatabaseCpu',
      metric: database.metricCpu(),
      threshold: 80,
      says: 'The database has used more than 80 % of its CPU for ten minutes',
      runbook: 'database-cpu',
    },
    ...memoryWatches(database, instanceType),
    {
      id: 'DatabaseStorage',
      metric: database.metricFreeStorage(),
      threshold: FREE_STORAGE_SHARE * storageGb * GIB,
      below: true,
      says: 'The database has less than a tenth of its storage left',
      runbook: 'database-storage',
    },
  ];
}
