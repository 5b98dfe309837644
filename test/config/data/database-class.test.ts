import {
  DATABASE_FAMILIES,
  databaseMaxConnections,
  databaseMemoryBytes,
} from '../../../lib/config/data/database-class';
import { dev } from '../../../lib/config/environments/dev';
import { environmentSchema } from '../../../lib/config/environment';

const GIB = 1024 ** 3;

describe('the memory of an RDS class', () => {
  // Figures of the RDS user guide's table of hardware specifications.
  it.each([
    ['db.t3.micro', 1],
    ['db.t4g.small', 2],
    ['db.t4g.2xlarge', 32],
    ['db.m8g.large', 8],
    ['db.m5.24xlarge', 384],
    ['db.r6g.xlarge', 32],
    ['db.r5b.4xlarge', 128],
    ['db.x2g.large', 32],
    ['db.x2iedn.xlarge', 128],
  ])('of %s is %d GiB', (instanceClass, gib) => {
    expect(databaseMemoryBytes(instanceClass)).toBe(gib * GIB);
  });

  it.each([
    't4g.micro',
    'db.t4g',
    'db.t4g.24xlarge',
    'db.t9.micro',
    'db.m8g.micro',
    'db.r5.large.tpc1',
    'db.m5.0xlarge',
  ])('of %s is not known', (instanceClass) => {
    expect(databaseMemoryBytes(instanceClass)).toBeUndefined();
  });

  it('is known for a size of every family', () => {
    for (const family of DATABASE_FAMILIES) {
      expect(databaseMemoryBytes(`db.${family}.xlarge`)).toBeGreaterThan(0);
    }
  });
});

describe('an environment', () => {
  it('takes no class whose memory is not known, and says which families there are', () => {
    const asked = { ...dev, database: { ...dev.database, instanceType: 'db.t9.micro' } };

    expect(() => environmentSchema.parse(asked)).toThrow(
      /an RDS class such as db\.t4g\.micro, of the families t3, t4g, m5/,
    );
  });
});

describe('the connections that RDS allows', () => {
  it.each([
    [1, 112],
    [2, 225],
    [16, 1802],
    [64, 5000],
  ])('follow its formula: with %d GiB at most %d', (gib, connections) => {
    expect(databaseMaxConnections(gib * GIB)).toBe(connections);
  });
});
