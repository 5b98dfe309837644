import { shippedPlan, shippedTemplates } from '../support/app/environment-app';
import { countsOf, shapeOf } from '../support/app/shape';

/** What production alone has, each with the reason why staging does without. */
const PRODUCTION_ALONE = {
  paths: {} as Readonly<Record<string, string>>,
  resources: {
    'Network AWS::EC2::NatGateway': {
      more: 1,
      reason: 'one in each zone, to outlive the loss of a zone; staging has one for both, at half the cost',
    },
    'Network AWS::EC2::EIP': { more: 1, reason: 'the address of that gateway' },
  },
} as const;

const missing = (from: ReadonlySet<string>, to: ReadonlySet<string>) =>
  [...from].filter((line) => !to.has(line)).sort();

describe('staging rehearses production', () => {
  const [staging, prod] = [shippedTemplates('staging'), shippedTemplates('prod')];

  it('with the same resource types and properties in every stack, but for what production alone has', () => {
    const [ofStaging, ofProd] = [shapeOf(staging), shapeOf(prod)];

    expect(ofProd.size).toBeGreaterThan(400);
    expect(missing(ofProd, ofStaging)).toEqual(Object.keys(PRODUCTION_ALONE.paths).sort());
    expect(missing(ofStaging, ofProd)).toEqual([]);
  });

  it('with as many resources of each type, but for what production alone has', () => {
    const [ofStaging, ofProd] = [countsOf(staging), countsOf(prod)];
    const types = [...new Set([...ofStaging.keys(), ...ofProd.keys()])];
    const more = types.flatMap((type) => {
      const difference = (ofProd.get(type) ?? 0) - (ofStaging.get(type) ?? 0);
      return difference === 0 ? [] : [[type, difference] as const];
    });

    expect(Object.fromEntries(more)).toEqual(
      Object.fromEntries(
        Object.entries(PRODUCTION_ALONE.resources).map(([type, { more: by }]) => [type, by]),
      ),
    );
  });

  it('with the same hosting, architecture, scaling and way to update', () => {
    const hostingOf = (environment: string) =>
      shippedPlan(environment).topology.endpoints.map((endpoint) => ({
        mode: endpoint.mode,
        specialists: endpoint.specialists,
        architecture: endpoint.mode === 'serverless' ? 'x86_64' : endpoint.architecture,
        type: endpoint.mode === 'serverless' ? undefined : endpoint.instanceType,
        scaling: endpoint.scaling.kind,
        updateStrategy: endpoint.updateStrategy,
      }));

    expect(hostingOf('staging')).toEqual(hostingOf('prod'));
    expect(shippedPlan('staging').topology.embedded).toEqual(shippedPlan('prod').topology.embedded);
  });

  it('for less money and traffic', () => {
    const [ofStaging, ofProd] = [shippedPlan('staging'), shippedPlan('prod')];

    expect(ofStaging.cost.total.expected).toBeLessThan(ofProd.cost.total.expected);
    for (const [specialist, { peakRps }] of Object.entries(ofStaging.environment.traffic)) {
      const name = specialist as keyof typeof ofProd.environment.traffic;
      expect(peakRps).toBeLessThan(ofProd.environment.traffic[name].peakRps);
    }
  });
});
