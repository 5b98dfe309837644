import { stripVTControlCharacters } from 'node:util';
import type { RequestResult } from './request-increases';
import type { RequestState } from './request-status';

/** Columns of the narrowest terminal that the text is written for. */
const LINE = 80;

/** What was asked for and for whom; the version is that of the JSON. */
export interface RequestsDocument {
  readonly schemaVersion: 1;
  readonly environment: string;
  readonly region: string;
  /** Whether requests were filed, or only shown. */
  readonly filing: boolean;
  readonly headroomPercent: number;
  readonly requests: readonly {
    readonly service: string;
    readonly code: string;
    readonly name: string;
    readonly from: number;
    readonly desired: number;
    readonly outcome: RequestResult['outcome'];
    readonly note: string;
    readonly requestId: string | null;
    readonly justification: string;
  }[];
  /** Quotas whose limit or usage is not known, so neither is whether more is needed. */
  readonly undetermined: readonly string[];
}

/** What became of requests; the version is that of the JSON. */
export interface StatusDocument {
  readonly schemaVersion: 1;
  readonly environment: string;
  readonly region: string;
  readonly requests: readonly RequestState[];
}

/** Wraps a text with an indent; words longer than a line are broken, as what is cut off cannot be looked up. */
function wrapped(text: string, indent: string): string {
  const width = LINE - indent.length;
  const words = stripVTControlCharacters(text)
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const OUTCOMES: Readonly<Record<RequestResult['outcome'], string>> = {
  shown: 'not asked yet',
  filed: 'asked',
  'already-open': 'asked before',
  'in-force': 'granted already',
  'by-hand': 'not asked: ask AWS Support',
  impossible: 'not asked: AWS does not grant it',
  'account-full': 'not asked: too many requests are open',
  refused: 'refused',
  undetermined: 'undetermined',
};

function requestText(request: RequestsDocument['requests'][number]): string {
  const { service, code, name, from, desired, outcome, note, requestId, justification } = request;
  const id = requestId === null ? '' : ` (request ${requestId})`;
  return [
    wrapped(`${name} (${service}/${code}): ${from} → ${desired}`, '  '),
    wrapped(`${OUTCOMES[outcome]}${id}${note === '' ? '' : `: ${note}`}`, '    '),
    wrapped(justification, '    '),
  ].join('\n');
}

/** Requests for a terminal: how many in the first line, then each with its reasons. */
export function renderRequests(document: RequestsDocument): string {
  const { environment, region, requests, filing, undetermined } = document;
  const filed = requests.filter(({ outcome }) => outcome === 'filed').length;
  const head = filing
    ? `${environment}: ${filed} of ${plural(requests.length, 'increase')} asked for in ${region}`
    : `${environment}: ${plural(requests.length, 'increase')} to ask for in ${region}`;
  const asks = requests.some(({ outcome }) => outcome === 'shown');
  return `${[
    wrapped(head, ''),
    ...requests.map(requestText),
    ...(undetermined.length === 0
      ? []
      : [
          wrapped(
            `Not determined, so perhaps more is needed: ${undetermined.join(', ')}. Record the account's quotas again.`,
            '',
          ),
        ]),
    ...(asks ? [wrapped('Nothing was asked for. Add --yes to file these requests.', '')] : []),
  ].join('\n\n')}\n`;
}

const DECISIONS: Readonly<Record<RequestState['decision'], string>> = {
  pending: 'pending',
  'case-opened': 'with AWS Support',
  approved: 'approved',
  denied: 'denied',
  closed: 'case closed',
  unknown: 'of unknown status',
};

function stateText(state: RequestState): string {
  const { key, name, decision, desired, applied, inForce, requestId, created, caseId, note } = state;
  const force = { true: 'in force', false: 'not in force', undefined: `not known whether in force: ${note}` };
  const limit = applied === undefined ? '' : ` (limit ${applied})`;
  const support = caseId === undefined || caseId === '' ? '' : `, case ${caseId}`;
  const date = created === undefined ? '' : ` of ${created.slice(0, 10)}`;
  return [
    wrapped(`${name} (${key}): ${desired ?? '?'}`, '  '),
    wrapped(`${DECISIONS[decision]}, ${force[`${inForce}`]}${limit}`, '    '),
    wrapped(`request ${requestId}${date}${support}`, '    '),
  ].join('\n');
}

/** What became of requests, for a terminal. */
export function renderStatus({ environment, region, requests }: StatusDocument): string {
  const head =
    requests.length === 0
      ? `${environment}: no increase was asked for in ${region} of any quota that it draws on`
      : `${environment}: ${plural(requests.length, 'quota')} with a request in ${region}`;
  return `${[wrapped(head, ''), ...requests.map(stateText)].join('\n\n')}\n`;
}
