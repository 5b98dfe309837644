import { createColors } from 'picocolors';
import { fleetHosts } from './fleet-hosts';
import type { FleetReport } from './fleet-schema';
import { quotaSection } from './table';
import { drawColumns, wrap } from './text-layout';
import { counted, units, usd } from './words';

export interface FleetTableOptions {
  readonly color: boolean;
  /** Whether to list every endpoint, model and quota. @default false */
  readonly verbose?: boolean | undefined;
}

const list = (parts: readonly string[]): string =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '');

/** Quotas that the plan needs and nobody knows. */
const unknownRows = ({ quotas }: FleetReport) => quotas.filter(({ verdict }) => verdict === 'unknown');

/** What keeps a fleet from a verdict of `fits`, in a clause. */
function obstacle(report: FleetReport): string {
  const { verdict, missing, homeless, unpriced } = report;
  if (verdict === 'blocked') {
    const quotas = missing.filter(({ kind }) => kind === 'quota').length;
    const short = [
      ...(quotas > 0 ? [counted(quotas, 'quota')] : []),
      ...(missing.length > quotas ? ['the budget'] : []),
    ];
    if (short.length > 0) return `${list(short)} ${missing.length === 1 ? 'is' : 'are'} short`;
    if (homeless.length > 0) {
      return `no increase brings ${counted(homeless.length, 'model')} a home`;
    }
    return 'what is missing at the least could not be determined';
  }
  const open = [
    ...(unknownRows(report).length > 0 ? [`${counted(unknownRows(report).length, 'quota')} unknown`] : []),
    ...(unpriced.length > 0 ? [`${counted(unpriced.length, 'price')} unknown`] : []),
  ];
  return open.length > 0 ? list(open) : 'nothing was found or excluded in time; --deadline gives it more';
}

function headline(report: FleetReport): string {
  const { environment, models, verdict, budgetUsd, hosting } = report;
  const subject = `${environment} with a fleet of ${counted(models, 'model')}`;
  const budget = `of a budget of ${usd(budgetUsd)}`;
  const bill = hosting && `${usd(hosting.cost.monthlyUsd)} a month ${budget}`;
  if (verdict === 'fits') return `${subject} fits: ${bill ?? budget}`;
  return `${subject} is ${verdict === 'blocked' ? 'blocked' : 'undecided'}: ${obstacle(report)}`;
}

const SUPPOSED = {
  nothing: undefined,
  'missing granted': 'Once exactly that is granted',
  'unknown ample': 'Supposing that what could not be determined is ample',
  'missing granted, unknown ample':
    'Once exactly that is granted, and supposing that what could not be determined is ample',
} as const;

/** What the plan costs, on what supposition, and whether a better one may exist. */
function standing({ hosting, verdict, budgetUsd }: FleetReport): string[] {
  if (hosting === null) return [];
  const { supposes, cost } = hosting;
  const supposed = SUPPOSED[supposes];
  const amount = `${usd(cost.monthlyUsd)} a month (idle ${usd(cost.idleMonthlyUsd)}, at most ${usd(cost.maxMonthlyUsd)})`;
  const bill =
    supposed === undefined
      ? `${verdict === 'fits' ? 'It costs' : 'It would cost'} ${amount}.`
      : `${supposed}, it would cost ${amount} of a budget of ${usd(budgetUsd)}.`;
  const proof = cost.proven
    ? 'Proven: no plan that hosts and updates as many models costs less.'
    : `Not proven to be the best: no plan costs less than ${usd(cost.leastUsd)}, so one may save up to ${usd(cost.monthlyUsd - cost.leastUsd)}.`;
  return [wrap(`${bill} ${proof}`)];
}

function missing({ missing: items }: FleetReport): string[] {
  if (items.length === 0) return [];
  const rows = items.map((item) =>
    item.kind === 'quota'
      ? [
          item.name,
          `${item.service}/${item.code}`,
          units(item.limit),
          units(item.left),
          units(item.by),
          units(item.to),
        ]
      : [
          'Budget, USD a month',
          'budget.monthlyUsd',
          item.budgetUsd.toFixed(2),
          '',
          item.byUsd.toFixed(2),
          item.toUsd.toFixed(2),
        ],
  );
  return [
    drawColumns(
      [
        { title: 'Missing at the least', width: 26 },
        { title: 'Code', width: 18 },
        { title: 'Limit', width: 8, right: true },
        { title: 'Left', width: 5, right: true },
        { title: 'Missing', width: 8, right: true },
        { title: 'Needed', width: 9, right: true },
      ],
      rows,
    ),
  ];
}

const MOST_REASONS = 5;

function homeless({ homeless: models }: FleetReport, verbose: boolean): string[] {
  if (models.length === 0) return [];
  const shown = verbose ? models : models.slice(0, MOST_REASONS);
  const rest = models.length - shown.length;
  return [
    [
      'Models that no increase brings a home',
      ...shown.map(({ model, reason }) => `  ${wrap(`${model}: ${reason}`, '    ')}`),
      ...(rest > 0 ? [`  ${rest} more; --verbose lists them`] : []),
    ].join('\n'),
  ];
}

/** What nobody knows: quotas of the plan and prices; of a plan that is missing, what it was taken for. */
function undetermined(report: FleetReport): string[] {
  const rows = unknownRows(report);
  const lines = [
    ...rows.map(({ service, code, name, missing: why }) => {
      const reason = why === undefined ? '' : ` (missing: ${why})`;
      return `${name} (${service}/${code}): needed, and could not be determined${reason}`;
    }),
    ...report.unpriced.map(
      ({ item, price }) => `${item} cannot be priced: the book of ${report.region} has no ${price}`,
    ),
    ...(report.verdict === 'blocked' && report.undetermined.length > 0
      ? [
          `${counted(report.undetermined.length, 'quota')} could not be determined; what is missing, is missing even if they are ample`,
        ]
      : []),
  ];
  return lines.length > 0 ? [lines.map((line) => wrap(line, '  ')).join('\n')] : [];
}

function subject({ environment, inPlaceOf, platformUsd }: FleetReport): string {
  return `Capacity planning, which nothing deploys: the fleet stands in place of ${environment}'s own models (${inPlaceOf.join(', ')}), beside the rest of the environment (${usd(platformUsd)} a month), under its promises, modes, quotas and budget.`;
}

function notUpdatable({ quotas }: FleetReport): string[] {
  const blocked = quotas.filter(({ verdict }) => verdict === 'update-blocked');
  if (blocked.length === 0) return [];
  const names = blocked.map(({ name, service, code }) => `${name} (${service}/${code})`);
  return [wrap(`It deploys, but could not be updated: ${names.join(', ')}`, '  ')];
}

/** What is drawn on; where there is no plan, by the rest of the environment alone. */
function quotas({ quotas: rows, hosting }: FleetReport, verbose: boolean): string[] {
  if (rows.length === 0) return [];
  const section = quotaSection(rows, verbose);
  return [hosting === null ? `Without the fleet, which has no plan:\n${section}` : section];
}

/** The report on a fleet for a terminal of 80 columns: the verdict first, then what is wrong, then the figures. */
export function renderFleet(report: FleetReport, { color, verbose = false }: FleetTableOptions): string {
  const paint = createColors(color);
  const verdictColor = { fits: paint.green, blocked: paint.red, unknown: paint.yellow }[report.verdict];
  const { name, takenAt } = report.snapshot;
  const origin = `${report.region}, snapshot ${name} of ${takenAt.slice(0, 10)}`;
  return `${[
    `${verdictColor(wrap(headline(report), '  '))}\n${paint.dim(wrap(origin, '  '))}`,
    ...missing(report),
    ...homeless(report, verbose),
    ...undetermined(report).map((text) => paint.yellow(text)),
    ...standing(report),
    ...fleetHosts(report, verbose),
    ...notUpdatable(report).map((text) => paint.yellow(text)),
    ...quotas(report, verbose),
    paint.dim(wrap(subject(report))),
  ].join('\n\n')}\n`;
}
