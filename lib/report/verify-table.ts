import { isDeepStrictEqual } from 'node:util';
import type { Check, CheckKind } from '../verify/check-outcome';
import type { VerifyDocument } from '../verify/verify-deployment';
import { wrap } from '../util/text-layout';
import { counted } from './words';

const TITLES: Readonly<Record<CheckKind, string>> = {
  stack: 'Stacks',
  image: 'Images',
  endpoint: 'Endpoints',
  scaling: 'Scaling',
  cluster: 'Cluster',
  'load-balancer': 'Load balancer',
  workload: 'Workloads (targets of the load balancer)',
  database: 'Database',
  door: 'Front door',
  golden: 'Answers (golden vectors through the Function URL)',
};

const WORD = { ok: 'ok', failed: 'FAILED', undetermined: 'unknown' } as const;

const INDENT = ' '.repeat(10);

/** wrap() leaves its first line unindented, and reckons it as if it were. */
const beside = (text: string): string => INDENT + wrap(text, INDENT);

const saysTheSame = (one: Check, other: Check | undefined): boolean =>
  isDeepStrictEqual([one.outcome, one.details, one.remedy], [other?.outcome, other?.details, other?.remedy]);

/** Where one after the other has the same to say, it is said once, below the last. */
function checkLines(check: Check, next: Check | undefined): string[] {
  const { subject, outcome, details, remedy } = check;
  const head = `  ${WORD[outcome].padEnd(7)} ${wrap(subject, INDENT)}`;
  if (saysTheSame(check, next)) return [head];
  return [head, ...details.map(beside), ...(remedy === null ? [] : [beside(`To do: ${remedy}.`)])];
}

function sectionLines(kind: CheckKind, checks: readonly Check[]): string[] {
  const own = checks.filter((check) => check.kind === kind);
  return own.length === 0
    ? []
    : [[TITLES[kind], ...own.flatMap((check, at) => checkLines(check, own[at + 1]))].join('\n')];
}

function conclusion({ environment, checks }: VerifyDocument): string {
  const count = (wanted: Check['outcome']) => checks.filter(({ outcome }) => outcome === wanted).length;
  const [wrong, open] = [count('failed'), count('undetermined')];
  if (wrong + open === 0) {
    return wrap(`${environment} runs as planned: all of ${counted(checks.length, 'check')} are ok.`);
  }
  const parts = [
    ...(wrong > 0 ? [`${counted(wrong, 'check')} failed`] : []),
    ...(open > 0 ? [`${counted(open, 'check')} could not be made`] : []),
  ];
  return wrap(`${environment}, of ${counted(checks.length, 'check')}: ${parts.join(', ')}.`);
}

/** Every check of a deployment with what was found and what to do, on at most 80 columns. */
export function renderVerify(document: VerifyDocument): string {
  const kinds = Object.keys(TITLES) as CheckKind[];
  const sections = kinds.flatMap((kind) => sectionLines(kind, document.checks));
  return `${[...sections, conclusion(document)].join('\n\n')}\n`;
}
