import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { type Patch, planFor } from '../../support/plan/plan-fixtures';

const image = { image: `sha256:${'a'.repeat(64)}`, architectures: ['amd64' as const] };
const PLATFORM = {
  enabled: true,
  peakNodeVcpus: 4,
  workloads: { images: { backend: image, frontend: image } },
};

function amountsOf(platform: Patch<EnvironmentInput['platform']>) {
  const environment = { network: { natGateways: 1 }, platform: { ...PLATFORM, ...platform } };
  const line = planFor({ environment }).cost.lines.find(({ part }) => part === 'clusterLogs');
  return Object.fromEntries((line?.inputs ?? []).map((input) => [input.price, input]));
}

describe('logs and metrics of pods and nodes', () => {
  it('cost by the lines that health checks and requests write, and by the nodes', () => {
    const logs = amountsOf({})['logs.ingest'];
    const idle = (4 * 0.4 * 730 * 3600 * 1.2) / 1024 ** 2 + 2 * 1.5;
    // Four specialists with one request a second each on average, and two at peak.
    const request = (rps: number) => (rps * 730 * 3600 * 1.2) / 1024 ** 2;

    expect(logs?.idle).toBeCloseTo(idle, 6);
    expect(logs?.expected).toBeCloseTo(idle + request(4), 6);
    expect(logs?.max).toBeCloseTo(idle * 2 - 2 * 1.5 + request(8), 6);
  });

  it('cost by what is observed of each pod, each node and the cluster', () => {
    const observed = amountsOf({})['cloudwatch.observation'];
    const minutes = 730 * 60;
    // Four pods of services, three of the cluster and two on each of two nodes.
    expect(observed?.expected).toBeCloseTo(((500 + 2 * 54 + 11 * 182) * minutes) / 1e6, 6);
    expect(observed?.max).toBeCloseTo(((500 + 2 * 54 + 15 * 182) * minutes) / 1e6, 6);
  });

  it('cost nothing where they are off, or where nothing runs', () => {
    expect(amountsOf({ observability: { logs: false, metrics: false } })).toEqual({});
    expect(Object.keys(amountsOf({ observability: { metrics: false } }))).toEqual(['logs.ingest']);
    expect(amountsOf({ workloads: { images: { backend: undefined, frontend: undefined } } })).toEqual({});
  });
});
