import type { FleetReport } from './fleet-schema';
import { drawColumns } from './text-layout';
import { size } from './words';

type Hosting = NonNullable<FleetReport['hosting']>;
type Endpoint = Hosting['endpoints'][number];
type Row = readonly [name: string, mode: string, size: string, models: string, p95: string, usd: string];

/** Endpoints of one kind that are listed one by one; more are summed up. */
const MOST_ROWS = 5;
const MOST_NAMES = 3;

/** `12: a, b, c, …`: how many, and the first of them. */
function models(names: readonly string[], verbose: boolean): string {
  const shown = verbose ? names : names.slice(0, MOST_NAMES);
  return `${names.length}: ${[...shown, ...(shown.length < names.length ? ['…'] : [])].join(', ')}`;
}

/** `90 ms`, or `60–90 ms` for several. */
function p95(of: readonly { readonly p95Ms: number }[]): string {
  const all = of.map(({ p95Ms }) => p95Ms);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? `${most} ms` : `${least}–${most} ms`;
}

const bill = (of: readonly { readonly monthlyUsd: number }[]): string =>
  of.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0).toFixed(2);

function row(endpoint: Endpoint, verbose: boolean): Row {
  const { name, mode, models: names } = endpoint;
  return [name, mode, size(endpoint), models(names, verbose), p95([endpoint]), bill([endpoint])];
}

/** Serverless endpoints, which have a model each: one by one where they are few. */
function serverless(endpoints: readonly Endpoint[], verbose: boolean): Row[] {
  if (verbose || endpoints.length <= MOST_ROWS) return endpoints.map((endpoint) => row(endpoint, verbose));
  const names = endpoints.flatMap((endpoint) => endpoint.models);
  const memory = [...new Set(endpoints.map(({ memoryMb = 0 }) => memoryMb))].sort((a, b) => a - b);
  const concurrency = endpoints.reduce((sum, { maxConcurrency = 0 }) => sum + maxConcurrency, 0);
  const spelled = `${memory.join(', ')} MB, concurrency ${concurrency} in all`;
  return [
    [
      `${endpoints.length} endpoints`,
      'serverless',
      spelled,
      models(names, verbose),
      p95(endpoints),
      bill(endpoints),
    ],
  ];
}

function embedded(hosted: Hosting['embedded'], verbose: boolean): Row[] {
  const line = (of: Hosting['embedded']): Row => [
    'inference Lambda',
    'embedded',
    '',
    models(
      of.map(({ model }) => model),
      verbose,
    ),
    p95(of),
    bill(of),
  ];
  if (hosted.length === 0) return [];
  return verbose ? hosted.map((one) => line([one])) : [line(hosted)];
}

/** Where the fleet's models are hosted: every endpoint on instances, the others summed up unless asked for. */
export function fleetHosts({ hosting }: FleetReport, verbose: boolean): string[] {
  if (hosting === null) return [];
  const onInstances = hosting.endpoints.filter(({ mode }) => mode !== 'serverless');
  const onDemand = hosting.endpoints.filter(({ mode }) => mode === 'serverless');
  return [
    drawColumns(
      [
        { title: 'Endpoint', width: 20 },
        { title: 'Mode', width: 10 },
        { title: 'Size', width: 15 },
        { title: 'Models', width: 15 },
        { title: 'p95', width: 6, right: true },
        { title: 'USD', width: 9, right: true },
      ],
      [
        ...onInstances.map((endpoint) => row(endpoint, verbose)),
        ...serverless(onDemand, verbose),
        ...embedded(hosting.embedded, verbose),
      ],
    ),
  ];
}
