import { z } from 'zod';
import { DATABASE_FAMILIES, databaseMemoryBytes } from './database-class';
import { DAILY_WINDOW, WEEKLY_WINDOW, checkWindows } from './database-windows';

/** The most that RDS allots to an instance, in GiB. */
const MOST_STORAGE_GB = 65_536;

/**
 * Percent of the storage that its maximum has to be at least. (Amazon RDS user guide, "Managing capacity automatically
 * with Amazon RDS storage autoscaling".)
 */
const LEAST_MAXIMUM = 110;

interface Storage {
  readonly storageGb: number;
  readonly maxStorageGb?: number | undefined;
}

function checkStorage({ storageGb, maxStorageGb }: Storage, ctx: z.RefinementCtx): void {
  const least = Math.ceil((storageGb * LEAST_MAXIMUM) / 100);
  if (maxStorageGb === undefined || maxStorageGb >= least) return;
  ctx.addIssue({
    code: 'custom',
    path: ['maxStorageGb'],
    message: `at least ${least}, which is a tenth more than database.storageGb`,
    input: maxStorageGb,
  });
}

/** The database of an environment. Times are UTC, in the form that RDS takes. */
export const databaseSchema = z
  .strictObject({
    enabled: z.boolean(),
    instanceType: z
      .string()
      .refine(
        (name) => databaseMemoryBytes(name) !== undefined,
        `an RDS class such as db.t4g.micro, of the families ${DATABASE_FAMILIES.join(', ')}`,
      ),
    storageGb: z.int().min(20).max(MOST_STORAGE_GB),
    maxStorageGb: z
      .int()
      .max(MOST_STORAGE_GB)
      .optional()
      .describe('GiB up to which RDS grows the storage when it runs short; it never grows when absent'),
    multiAz: z.boolean(),
    backupDays: z.int().min(1).max(35),
    backupWindow: z
      .string()
      .regex(DAILY_WINDOW, 'hours and minutes of UTC, such as 05:00-06:00')
      .default('05:00-06:00')
      .describe('when RDS backs up, every day'),
    maintenanceWindow: z
      .string()
      .regex(WEEKLY_WINDOW, 'days, hours and minutes of UTC, such as sun:07:00-sun:08:00')
      .default('sun:07:00-sun:08:00')
      .describe('when AWS maintains the instance, every week; a deployment does not wait for it'),
    slowStatementMs: z
      .int()
      .min(-1)
      .max(2_147_483_647)
      .default(1000)
      .describe('milliseconds from which a statement is logged with its text; 0 logs all of them, -1 none'),
  })
  .superRefine(checkStorage)
  .superRefine(checkWindows);
