import { ENVIRONMENTS } from '../../../lib/config/environments';
import { parseEnvironment } from '../../../lib/config/load-environment';
import { capacityShortage } from '../../../lib/config/workloads/workload-capacity';
import { environmentWith, patched, refusals } from '../../support/plan/plan-fixtures';

const image = { image: `sha256:${'a'.repeat(64)}`, architectures: ['amd64' as const] };
const IMAGES = { backend: image, frontend: image, migration: image };

interface Given {
  readonly vcpus: number;
  readonly backend?: number;
  readonly frontend?: number;
  readonly images?: Partial<typeof IMAGES>;
  readonly zones?: string[];
}

const patchOf = ({ vcpus, backend, frontend, images = IMAGES, zones = ['a', 'b'] }: Given) => ({
  network: { natGateways: 1, zones },
  platform: {
    enabled: true,
    peakNodeVcpus: vcpus,
    workloads: { images, maxReplicas: { backend, frontend } },
  },
});

/** The fewest vCPUs that a refusal names. */
const least = (given: Given): number =>
  Number(/at least (\d+),/.exec(refusals(patchOf(given)).join('\n'))?.[1] ?? given.vcpus);

describe('the workloads of an environment', () => {
  it.each(Object.entries(ENVIRONMENTS))(
    'all fit into the nodes of %s as it ships, once it has images, and not into half of them',
    (_name, shipped) => {
      const withImages = patched(shipped, { platform: { workloads: { images: IMAGES } } });
      expect(capacityShortage(parseEnvironment('with images', withImages))).toBeUndefined();
      const halved = patched(withImages, { platform: { peakNodeVcpus: 2 } });
      expect(() => parseEnvironment('halved', halved)).toThrow(
        /peakNodeVcpus: given 2; allowed is at least 4/,
      );
    },
  );

  it('are not counted where there is no image or no platform', () => {
    expect(refusals(patchOf({ vcpus: 2, images: {} }))).toEqual([]);
    const { platform, network } = patchOf({ vcpus: 2 });
    expect(refusals({ network, platform: { ...platform, enabled: false } })).toEqual([]);
  });

  it('are refused with what they ask for, what there is, and the least that would do', () => {
    const [line, ...others] = refusals(patchOf({ vcpus: 4, backend: 8 }));

    expect(others).toEqual([]);
    // 9 backend pods of 500m and 1024 MiB, 5 frontend pods of 100m and 256, one migration of 250m and 512, and
    // metrics-server twice with 100m and 200; the operator of the agents with 100m and 64; two nodes of 2000m - 70m and
    // 8192 MiB * 0.925 - 1565, less the agents of each, 125m and 153 MiB.
    expect(line).toContain('platform.peakNodeVcpus: given 4; allowed is at least 8,');
    expect(line).toContain('18 pods, scaled out and during a rollout, ask for 5550m CPU and 11472 MiB');
    expect(line).toContain('offer 3610m CPU and 11718 MiB in pieces of 1805m CPU and 5859 MiB');
    expect(line).toMatch(/or lower platform\.workloads\.maxReplicas \(backend 8, frontend 4\)$/);
  });

  it.each([
    [{ vcpus: 4, backend: 4, frontend: 4 }, 4],
    [{ vcpus: 4, backend: 5, frontend: 4 }, 6],
    [{ vcpus: 4, backend: 6, frontend: 2 }, 6],
    [{ vcpus: 5, backend: 6, frontend: 2 }, 6],
    [{ vcpus: 4, backend: 10, frontend: 10 }, 8],
    [{ vcpus: 4, zones: ['a', 'b', 'c'] }, 6],
    [{ vcpus: 4, backend: 2, frontend: 100 }, 16],
  ])('%j take %d vCPUs at least', (given, expected) => {
    expect(least(given)).toBe(expected);
    expect(refusals(patchOf({ ...given, vcpus: expected }))).toEqual([]);
  });

  it('are pods that are whole: what is left of two nodes is no place for one', () => {
    // 7 backend pods of 500m are 3500m of 3860m, but three are all that one node of 1930m holds.
    const images = { backend: image };
    expect(least({ vcpus: 4, backend: 6, images })).toBe(6);
    expect(least({ vcpus: 4, backend: 5, images })).toBe(4);
  });

  it('need memory as well: of nodes of the category c, with 2 GiB a vCPU, the planned ones would be too few', async () => {
    const { NODES, ...sizes } = await import('../../../lib/config/workloads/pod-sizes');
    const environment = environmentWith(patchOf({ vcpus: 4 }));
    await jest.isolateModulesAsync(async () => {
      jest.doMock('../../../lib/config/workloads/pod-sizes', () => ({
        ...sizes,
        NODES: { ...NODES, memoryMiPerVcpu: 2048 },
      }));
      const { capacityShortage: shortageOnC } =
        await import('../../../lib/config/workloads/workload-capacity');
      expect(shortageOnC(environment)).toMatchObject({ sufficientVcpus: 8 });
    });
  });

  it.each([
    [{ logs: false, metrics: false }, '1930m CPU and 6012 MiB'],
    [{ logs: true, metrics: false }, '1880m CPU and 5987 MiB'],
    [{ logs: true, metrics: true }, '1805m CPU and 5859 MiB'],
  ])('leave room on every node for what sends logs and metrics: %j', (observability, piece) => {
    const patch = patchOf({ vcpus: 4, backend: 8 });
    const [line] = refusals({ ...patch, platform: { ...patch.platform, observability } });
    expect(line).toContain(`in pieces of ${piece}`);
  });

  it('stand in equal numbers in each zone: a node that has room in the other one is no help', () => {
    const images = { backend: image };
    expect(least({ vcpus: 4, backend: 7, images, zones: ['a', 'b'] })).toBe(8);
    expect(least({ vcpus: 4, backend: 7, images, zones: ['a', 'b', 'c'] })).toBe(6);
  });

  it.each([
    [1, /maxReplicas\.backend: given 1; allowed is a number of at least 2/],
    [1e9, /maxReplicas\.backend: given 1000000000; allowed is a number of at most 100/],
    [2.5, /maxReplicas\.backend: given 2\.5; allowed is a whole number/],
  ])('cannot be told to be %d at most', (backend, expected) => {
    expect(refusals(patchOf({ vcpus: 100, backend }))).toEqual([expect.stringMatching(expected)]);
  });
});
