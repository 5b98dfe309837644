import type { z } from 'zod';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** RDS takes no shorter window. (Amazon RDS API reference, "CreateDBInstance".) */
const SHORTEST = 30;

const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d';
/** A window of every day, such as `05:00-06:00`. */
export const DAILY_WINDOW = new RegExp(`^${TIME}-${TIME}$`);
/** A window of every week, such as `sun:07:00-sun:08:00`. */
export const WEEKLY_WINDOW = new RegExp(`^(?:${DAYS.join('|')}):${TIME}-(?:${DAYS.join('|')}):${TIME}$`);

interface Windows {
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
}

/** Minutes since the start of the day or week, and how long the window is. */
interface Interval {
  readonly start: number;
  readonly length: number;
}

function minutes(point: string): number {
  const day = DAYS.indexOf(point.slice(0, 3));
  const [hour, minute] = [point.slice(-5, -3), point.slice(-2)].map(Number) as [number, number];
  return Math.max(day, 0) * DAY + hour * HOUR + minute;
}

/** @param period in which the window comes again: one that ends before it starts ends in the next */
function interval(window: string, period: number): Interval {
  const [start = 0, end = 0] = window.split('-').map(minutes);
  return { start, length: (end - start + period) % period };
}

/** Whether a window of every day meets one of every week, over midnight and over the end of the week too. */
function meet(daily: Interval, weekly: Interval): boolean {
  const days = Array.from({ length: (2 * WEEK) / DAY + 1 }, (_, index) => (index - 1) * DAY + daily.start);
  return days.some((start) => start < weekly.start + weekly.length && weekly.start < start + daily.length);
}

/**
 * Adds an issue for a window that is too short, and where the two windows of a database meet: RDS refuses both.
 * (Amazon RDS API reference, "CreateDBInstance", PreferredBackupWindow and PreferredMaintenanceWindow.)
 */
export function checkWindows({ backupWindow, maintenanceWindow }: Windows, ctx: z.RefinementCtx): void {
  const backup = interval(backupWindow, DAY);
  const maintenance = interval(maintenanceWindow, WEEK);
  const refuse = (path: keyof Windows, message: string, input: string) =>
    ctx.addIssue({ code: 'custom', path: [path], message, input });
  const shortest = `a window of at least ${SHORTEST} minutes`;
  if (backup.length < SHORTEST) refuse('backupWindow', shortest, backupWindow);
  if (maintenance.length < SHORTEST) refuse('maintenanceWindow', shortest, maintenanceWindow);
  if (meet(backup, maintenance)) {
    refuse(
      'maintenanceWindow',
      `a window that does not meet database.backupWindow, which is ${backupWindow} on every day`,
      maintenanceWindow,
    );
  }
}
