import * as fc from 'fast-check';
import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { COST_PARTS, type CostPart, partCosts } from '../../../lib/plan/cost/cost-parts';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { account, environment as environments } from '../../support/plan/arbitraries';
import { type Patch, patched, planFor } from '../../support/plan/plan-fixtures';

type Environment = Patch<EnvironmentInput>;

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const image = (reference = DIGEST) => ({ image: reference, architectures: ['amd64' as const] });
const IMAGES = { backend: image(), frontend: image() };
const PUBLIC = { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] };

/** Everything that can be switched on. */
const FULL: Environment = {
  inference: { capture: { sampleRate: 0.1, retentionDays: 7 } },
  network: { natGateways: 1, interfaceEndpoints: ['ecr.api'] },
  platform: {
    enabled: true,
    peakNodeVcpus: 16,
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c',
    loadBalancer: PUBLIC,
    workloads: { images: IMAGES },
  },
  database: { enabled: true },
  workbench: { notebook: true, trainer: true, notebookHoursPerMonth: 10, trainerHoursPerMonth: 10 },
};

const INTERNAL = { internetFacing: false, allowedCidrs: [] };
const NOTHING_INSIDE: Environment = {
  platform: { enabled: false, loadBalancer: INTERNAL },
  database: { enabled: false },
  workbench: { notebook: false, trainer: false },
};

interface Throw {
  /** What has to be so for the switch to be thrown at all. @default - everything is on */
  readonly before?: Environment;
  readonly off: Environment;
}

/** How each switch is thrown. */
const OFF: Readonly<Record<string, Throw>> = {
  'hosting.modes': { off: { hosting: { modes: ['embedded'] } } },
  'inference.capture': { off: { inference: { capture: undefined } } },
  // What is inside the network reaches AWS by NAT or by endpoints.
  'network.natGateways': { before: NOTHING_INSIDE, off: { network: { natGateways: 0 } } },
  'network.interfaceEndpoints': { off: { network: { interfaceEndpoints: [] } } },
  'platform.enabled': { off: { platform: { enabled: false, loadBalancer: INTERNAL } } },
  'platform.loadBalancer.internetFacing': { off: { platform: { loadBalancer: INTERNAL } } },
  'platform.workloads.images': {
    off: { platform: { workloads: { images: { backend: undefined, frontend: undefined } } } },
  },
  'platform.observability': { off: { platform: { observability: { logs: false, metrics: false } } } },
  'database.enabled': { off: { database: { enabled: false } } },
  'workbench.notebook': { off: { workbench: { notebook: false } } },
  'workbench.trainer': { off: { workbench: { trainer: false } } },
};

/** Beginnings of the switches of what goes with a part. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  'platform.enabled': ['platform.'],
  'platform.workloads.images': ['platform.observability'],
};

const KEYS = Object.keys(COST_PARTS) as CostPart[];
const switchOf = (part: CostPart): string | undefined => {
  const found: { readonly name: string; readonly switch?: string } = COST_PARTS[part];
  return found.switch;
};
const planOf = (...patches: readonly Environment[]): DeploymentPlan =>
  planFor({ environment: patches.reduce((all, patch) => patched(all, patch), FULL) });
const partsIn = ({ cost }: DeploymentPlan): Set<CostPart> => new Set(cost.lines.map(({ part }) => part));
const amountOf = ({ cost }: DeploymentPlan, part: CostPart, price: string): number =>
  cost.lines
    .filter((line) => line.part === part)
    .flatMap(({ inputs }) => inputs)
    .filter((input) => input.price === price)
    .reduce((sum, { expected }) => sum + expected, 0);

const full = planOf();

describe('the parts of a bill', () => {
  it('are all there where everything is switched on', () => {
    expect([...partsIn(full)]).toEqual(KEYS);
  });

  it('add up to the totals to the cent, whatever is planned', () => {
    const toggles = fc.record({
      nat: fc.boolean(),
      inside: fc.subarray(['platform', 'database', 'notebook', 'trainer'] as const),
    });
    fc.assert(
      fc.property(environments, account, toggles, (settings, quotas, { nat, inside }) => {
        const on = {
          network: { natGateways: nat || inside.length > 0 ? 1 : 0 },
          platform: {
            enabled: inside.includes('platform'),
            peakNodeVcpus: 16,
            workloads: { images: IMAGES },
          },
          database: { enabled: inside.includes('database') },
          workbench: { notebook: inside.includes('notebook'), trainer: inside.includes('trainer') },
        };
        const { cost } = planFor({ environment: { ...settings, ...on }, account: quotas });
        for (const figure of ['expected', 'idle', 'max'] as const) {
          const inCents = partCosts(cost.lines).reduce(
            (sum, part) => sum + Math.round(part.cost[figure] * 100),
            0,
          );
          expect(inCents).toBe(Math.round(cost.total[figure] * 100));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('have no sum of nothing: a part without a line is left out', () => {
    const bare = planFor({});
    expect(partCosts(bare.cost.lines).map(({ name }) => name)).toEqual(
      [...partsIn(bare)].map((part) => COST_PARTS[part].name),
    );
  });
});

describe('a switch', () => {
  it('is known to these tests, each of them', () => {
    expect(Object.keys(OFF).sort()).toEqual(
      [...new Set(KEYS.flatMap((part) => switchOf(part) ?? []))].sort(),
    );
  });

  it.each(Object.entries(OFF))(
    'takes its parts off the bill, and no other: %s',
    (key, { before = {}, off }) => {
      const on = planOf(before);
      const without = planOf(before, off);
      const gone = [...partsIn(on)].filter((part) => !partsIn(without).has(part));
      const within = WITHIN[key] ?? [];
      const own = [...partsIn(on)].filter(
        (part) => switchOf(part) === key || within.some((prefix) => switchOf(part)?.startsWith(prefix)),
      );
      expect(gone).toEqual(own);
      expect(gone.length).toBeGreaterThan(0);
      // Endpoints do not vanish: the function answers in their place and costs more for it.
      if (key === 'hosting.modes') return;
      const saved = on.cost.total.expected - without.cost.total.expected;
      const sum = on.cost.lines
        .filter(({ part }) => gone.includes(part))
        .reduce((usd, { expected }) => usd + expected, 0);
      expect(saved).toBeGreaterThanOrEqual(sum - 0.005);
    },
  );

  it('leaves the key of the workbench until both of its parts are off', () => {
    const keys = (workbench: Environment['workbench'] & object) =>
      amountOf(planOf({ workbench }), 'operations', 'kms.key');
    expect(keys({ notebook: false })).toBe(keys({}));
    expect(keys({ trainer: false })).toBe(keys({}));
    expect(keys({ notebook: false, trainer: false })).toBe(keys({}) - 1);
  });
});

describe('workloads', () => {
  const gb = (plan: DeploymentPlan) => amountOf(plan, 'workloads', 'ecr.storage');
  const withImages = (images: object, imageGb?: number) =>
    planOf({
      platform: { workloads: { images } },
      ...(imageGb === undefined ? {} : { estimates: { imageGb } }),
    });

  it('cost the estimated GB of images, five unless said otherwise', () => {
    expect(gb(full)).toBe(5);
    expect(gb(withImages({}, 12))).toBe(12);
  });

  it('cost no storage where their images lie in other registries', () => {
    const elsewhere = image(`registry.example.com/xdr/backend@${DIGEST}`);
    const plan = withImages({ backend: elsewhere, frontend: elsewhere });
    expect(gb(plan)).toBe(0);
    expect(amountOf(plan, 'workloads', 'cloudwatch.alarm')).toBe(2);
  });

  it('bring an alarm of unhealthy hosts each for backend and frontend, and a certificate one of 5xx answers', () => {
    expect(amountOf(full, 'workloads', 'cloudwatch.alarm')).toBe(2);
    expect(amountOf(full, 'loadBalancer', 'cloudwatch.alarm')).toBe(1);
    const silent = { platform: { certificateArn: undefined, loadBalancer: INTERNAL } as object };
    expect(amountOf(planOf(silent), 'loadBalancer', 'cloudwatch.alarm')).toBe(0);
  });
});
