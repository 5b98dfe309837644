import { databaseSchema } from '../../../lib/config/data/database-schema';
import { environmentNames, loadEnvironment } from '../../../lib/config/load-environment';
import { type Patch, planFor, refusals } from '../../support/plan/plan-fixtures';
import type { EnvironmentInput } from '../../../lib/config/environment-input';

/** The error lines of a database, without their bullets. */
const refused = (database: Patch<EnvironmentInput['database']>): string[] =>
  refusals({ database }).map((line) => line.replace('  - ', ''));

describe('the windows of a database', () => {
  it('have defaults that do not meet', () => {
    expect(refused({})).toEqual([]);
    expect(loadEnvironment('dev').database).toMatchObject({
      backupWindow: '05:00-06:00',
      maintenanceWindow: 'sun:07:00-sun:08:00',
    });
  });

  it.each([
    ['05:00-06:00', 'sun:06:00-sun:07:00'],
    ['05:00-06:00', 'mon:06:30-tue:04:30'],
    ['23:45-00:15', 'sun:00:15-sun:23:45'],
    ['05:00-05:30', 'sun:23:45-mon:00:15'],
  ])('may be %s and %s', (backupWindow, maintenanceWindow) => {
    expect(refused({ backupWindow, maintenanceWindow })).toEqual([]);
  });

  it.each([
    ['05:00-06:00', 'sun:05:30-sun:06:30'],
    ['05:00-06:00', 'wed:04:00-wed:05:01'],
    ['05:00-06:00', 'mon:06:30-tue:06:30'],
    ['05:00-06:00', 'mon:05:10-mon:05:45'],
    ['23:30-00:30', 'thu:00:00-thu:00:30'],
    ['23:30-00:30', 'mon:00:00-mon:00:30'],
    ['00:00-00:30', 'sun:23:50-mon:00:20'],
    ['05:00-06:00', 'mon:00:00-sun:00:00'],
  ])('may not meet: %s and %s', (backupWindow, maintenanceWindow) => {
    expect(refused({ backupWindow, maintenanceWindow })).toEqual([
      `database.maintenanceWindow: given "${maintenanceWindow}"; allowed is a window that does not meet database.backupWindow, which is ${backupWindow} on every day`,
    ]);
  });

  it.each([
    [{ backupWindow: '05:00-05:29' }, /^database\.backupWindow: .+at least 30 minutes$/],
    [{ backupWindow: '05:00-05:00' }, /at least 30 minutes$/],
    [{ maintenanceWindow: 'sun:23:50-mon:00:19' }, /^database\.maintenanceWindow: .+at least 30 minutes$/],
    [{ backupWindow: '24:00-01:00' }, /hours and minutes of UTC, such as 05:00-06:00$/],
    [{ backupWindow: '5:00-6:00' }, /such as 05:00-06:00$/],
    [{ maintenanceWindow: 'Sun:07:00-Sun:08:00' }, /such as sun:07:00-sun:08:00$/],
    [{ maintenanceWindow: '07:00-08:00' }, /such as sun:07:00-sun:08:00$/],
  ])('are refused: %j', (database, message) => {
    expect(refused(database)).toEqual([expect.stringMatching(message)]);
  });
});

describe('the storage of a database', () => {
  it.each([22, 40, 65_536, undefined])('may grow from 20 to %p GB', (maxStorageGb) => {
    expect(refused({ storageGb: 20, maxStorageGb })).toEqual([]);
  });

  it.each([
    [20, 21, 22],
    [100, 109, 110],
    [25, 27, 28],
  ])('may not grow from %p to %p GB, as RDS asks for %p', (storageGb, maxStorageGb, least) => {
    expect(refused({ storageGb, maxStorageGb })).toEqual([
      `database.maxStorageGb: given ${maxStorageGb}; allowed is at least ${least}, which is a tenth more than database.storageGb`,
    ]);
  });

  it('counts as far as it may grow, in the peak of its quota and in the greatest cost', () => {
    const counted = (maxStorageGb?: number) => {
      const database = { enabled: true, storageGb: 50, maxStorageGb, multiAz: true };
      const plan = planFor({ environment: { database } });
      const row = plan.ledger.find(({ code }) => code === 'L-7ADDB58A');
      const line = plan.cost.lines.flatMap(({ inputs }) => inputs).find(({ price }) => price === 'rds.gp3');
      return [row?.steady, row?.peak, line?.expected, line?.max];
    };
    expect(counted(80)).toEqual([50, 80, 100, 160]);
    expect(counted()).toEqual([50, 50, 100, 100]);
  });

  it('grows to twice its size in the environments that ship', () => {
    for (const name of environmentNames()) {
      const { storageGb, maxStorageGb } = databaseSchema.parse(loadEnvironment(name).database);
      expect(maxStorageGb).toBe(2 * storageGb);
    }
  });
});
