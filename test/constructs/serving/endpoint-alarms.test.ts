import { servingOf, servingOnce } from '../../support/app/serving-app';
import { type TemplateJson, flat, resourceOf, resourcesOf } from '../../support/app/template';
import { TOPOLOGIES, dedicated, serverless, shared, topologyOf } from '../../support/app/topologies';

const INSTANCES = '/aws/sagemaker/Endpoints';

interface Figures {
  readonly threshold: unknown;
  readonly statistic: unknown;
}

/** Alarms on metrics of endpoints, by metric; of one endpoint at a time. */
function alarmsOn(operations: TemplateJson, endpoint: string): Record<string, Figures> {
  return Object.fromEntries(
    resourcesOf(operations, 'AWS::CloudWatch::Alarm')
      .filter(({ properties }) => JSON.stringify(properties['Dimensions'] ?? '').includes(`"${endpoint}"`))
      .map(({ properties: { Namespace, MetricName, Threshold, Statistic, ExtendedStatistic } }) => [
        `${String(Namespace)} ${String(MetricName)}`,
        { threshold: Threshold, statistic: Statistic ?? ExtendedStatistic },
      ]),
  );
}

const everyMode = topologyOf([
  serverless('general'),
  dedicated('ddos'),
  shared(['bruteforce', 'webattacks']),
]);
const { operations } = servingOf(everyMode, { changes: { latency: { p95Ms: 200 } } });
const [onDemand = '', single = '', multi = ''] = everyMode.endpoints.map(({ name }) => name);

const SERVING = {
  'AWS/SageMaker Invocation5XXErrors': { threshold: 0, statistic: 'Sum' },
  'AWS/SageMaker Invocation4XXErrors': { threshold: 0, statistic: 'Sum' },
  'AWS/SageMaker ModelLatency': { threshold: 200_000, statistic: 'p95' },
};
/** Both types have two vCPUs, on which SageMaker's CPU figure reaches 200. */
const ON_INSTANCES = {
  [`${INSTANCES} CPUUtilization`]: { threshold: 160, statistic: 'Average' },
  [`${INSTANCES} MemoryUtilization`]: { threshold: 85, statistic: 'Average' },
  [`${INSTANCES} DiskUtilization`]: { threshold: 80, statistic: 'Average' },
};

describe('an endpoint is watched', () => {
  it('for errors, refusals and latency where it is serverless', () => {
    expect(alarmsOn(operations, onDemand)).toEqual(SERVING);
  });

  it('and for CPU by the vCPUs of its type, memory and disk where it has instances', () => {
    expect(alarmsOn(operations, single)).toEqual({ ...SERVING, ...ON_INSTANCES });
  });

  it('and for waits of microseconds for a model where it holds several', () => {
    expect(alarmsOn(operations, multi)).toEqual({
      ...SERVING,
      ...ON_INSTANCES,
      'AWS/SageMaker ModelLoadingWaitTime': { threshold: 200_000, statistic: 'Average' },
    });
  });
});

interface Widget {
  readonly type: string;
  readonly width: number;
  readonly y: number;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly metrics?: unknown };
}

function widgetsOf(template: TemplateJson): Widget[] {
  const body = flat(resourceOf(template, 'AWS::CloudWatch::Dashboard').properties['DashboardBody']);
  return (JSON.parse(String(body)) as { widgets: Widget[] }).widgets;
}

/** The graphs between the heading of an endpoint and the next heading. */
function rowOf(endpoint: string): Widget[] {
  const widgets = widgetsOf(operations);
  const start = widgets.findIndex(({ properties }) => properties.markdown === `## Endpoint ${endpoint}`);
  const rest = widgets.slice(start + 1);
  const end = rest.findIndex(({ type }) => type === 'text');
  return end < 0 ? rest : rest.slice(0, end);
}

describe('the row of an endpoint on the dashboard', () => {
  it('is one row below its name, as wide as the dashboard, whatever the endpoint shows', () => {
    for (const { name } of everyMode.endpoints) {
      const row = rowOf(name);
      expect(new Set(row.map(({ y }) => y)).size).toBe(1);
      expect(row.reduce((sum, { width }) => sum + width, 0)).toBe(24);
    }
  });

  it('shows its instances in percent of all vCPUs, and the loading of models where it holds several', () => {
    const titles = (endpoint: string) => rowOf(endpoint).map(({ properties }) => properties.title);
    const requests = ['Requests and errors', 'p95 model latency (µs)'];

    expect(titles(onDemand)).toEqual(requests);
    expect(titles(single)).toEqual([...requests, 'Instances (%)']);
    expect(titles(multi)).toEqual([...requests, 'Instances (%)', 'Models']);
    const instances = JSON.stringify(rowOf(multi)[2]?.properties.metrics);
    expect(instances).toContain('cpu / 2');
    for (const metric of ['CPUUtilization', 'MemoryUtilization', 'DiskUtilization']) {
      expect(instances).toContain(`"${INSTANCES}","${metric}","EndpointName","${multi}"`);
    }
    const models = JSON.stringify(rowOf(multi)[3]?.properties.metrics);
    for (const metric of ['ModelLoadingWaitTime', 'LoadedModelCount']) expect(models).toContain(metric);
  });

  it('is missing where nothing is hosted on SageMaker', () => {
    const { operations: embedded } = servingOnce(TOPOLOGIES['no endpoint, everything embedded']);

    expect(JSON.stringify(widgetsOf(embedded))).not.toMatch(/SageMaker|Endpoint/);
  });
});
