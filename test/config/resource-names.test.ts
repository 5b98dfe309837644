import * as fc from 'fast-check';
import { endpointName } from '../../lib/config/resource-names';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';

/** As candidates name themselves: an endpoint of one model is a dedicated one. */
const named = (...models: string[]) =>
  endpointName('prod', models as Specialist[], `${models.length === 1 ? 'dedicated' : 'shared'}-m6g-large`);

describe('the name of an endpoint', () => {
  it('says who is on it, and says `all` of the four specialists together', () => {
    expect(named('ddos', 'bruteforce')).toBe('mini-xdr-prod-ddos-bruteforce-shared-m6g-large');
    expect(named(...SPECIALISTS)).toBe('mini-xdr-prod-all-shared-m6g-large');
  });

  it('says `all` of no other four', () => {
    expect(named('a', 'b', 'c', 'd')).toBe('mini-xdr-prod-a-b-c-d-shared-m6g-large');
    expect(named('general', 'ddos', 'bruteforce', 'other')).not.toContain('all');
  });

  it('tells groups apart whose names run together', () => {
    expect(named('a-b', 'c')).not.toBe(named('a', 'b-c'));
    expect(named('a', 'b', 'c')).not.toBe(named('a-b', 'c'));
    expect(named('tenant-1', 'tenant-2')).toBe('mini-xdr-prod-tenant-1--tenant-2-shared-m6g-large');
  });

  it('is one that SageMaker takes, and no two groups have the same in any letter case', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '1'), minLength: 1, maxLength: 3 });
    const model = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));
    const group = fc.uniqueArray(model, { minLength: 1, maxLength: 30 });
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(group, (members) => {
        const name = named(...members);
        expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
        const who = JSON.stringify(members);
        expect(seen.get(name.toLowerCase()) ?? who).toBe(who);
        seen.set(name.toLowerCase(), who);
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBeGreaterThan(1000);
  });
});
