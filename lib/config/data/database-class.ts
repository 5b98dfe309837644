import data from './database-classes.json';

const GIB = 1024 ** 3;

/** vCPUs of the smallest fixed-performance size; each step of `xlarge` is four. */
const LARGE_VCPUS = 2;
const XLARGE_VCPUS = 4;

const BURSTABLE_GIB: Readonly<Record<string, number>> = data.burstable.memoryGib;
const GIB_PER_VCPU: Readonly<Record<string, number>> = data.gibPerVcpu.families;

/** Families of RDS classes whose memory is known, such as `t4g`. */
export const DATABASE_FAMILIES: readonly string[] = [
  ...data.burstable.families,
  ...Object.keys(GIB_PER_VCPU),
];

function vcpusOf(size: string): number | undefined {
  if (size === 'large') return LARGE_VCPUS;
  const match = /^([1-9]\d?)?xlarge$/.exec(size);
  return match === null ? undefined : XLARGE_VCPUS * Number(match[1] ?? 1);
}

/**
 * Memory of an RDS class in bytes, as AWS advertises it; the source stands in `database-classes.json`. What
 * PostgreSQL gets is less: the operating system and RDS itself take their share first.
 *
 * @param instanceClass such as `db.t4g.micro`
 * @returns undefined for a class that is not known
 */
export function databaseMemoryBytes(instanceClass: string): number | undefined {
  const [prefix, family = '', size = '', ...rest] = instanceClass.split('.');
  if (prefix !== 'db' || rest.length > 0) return undefined;
  if (data.burstable.families.includes(family)) {
    const gib = BURSTABLE_GIB[size];
    return gib === undefined ? undefined : gib * GIB;
  }
  const perVcpu = GIB_PER_VCPU[family];
  const vcpus = vcpusOf(size);
  return perVcpu === undefined || vcpus === undefined ? undefined : perVcpu * vcpus * GIB;
}

/**
 * The most connections that RDS's formula for `max_connections` gives a memory. A ceiling: RDS puts the smaller
 * memory that is left to PostgreSQL into the same formula.
 *
 * @param memoryBytes of the class, as {@link databaseMemoryBytes} gives it
 */
export function databaseMaxConnections(memoryBytes: number): number {
  const { bytesPerConnection, atMost } = data.maxConnections;
  return Math.min(Math.floor(memoryBytes / bytesPerConnection), atMost);
}
