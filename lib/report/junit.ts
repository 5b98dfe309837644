import { EXIT } from '../util/user-error';
import type { Report } from './schema';
import { limitWithOrigin, othersWithOrigin, shortfall, units } from './words';
import { xmlElement, xmlText } from './xml';

type Quota = Report['quotas'][number];
type Finding = Report['findings'][number];

interface TestCase {
  readonly failed: boolean;
  readonly xml: string;
}

function testCase(
  classname: string,
  name: string,
  failure: { readonly type: string; readonly message: string; readonly details: string } | undefined,
  output: string | undefined,
): TestCase {
  const content = [
    ...(failure === undefined
      ? []
      : [
          xmlElement('failure', { type: failure.type, message: failure.message }, [xmlText(failure.details)]),
        ]),
    ...(output === undefined ? [] : [xmlElement('system-out', {}, [xmlText(output)])]),
  ];
  return { failed: failure !== undefined, xml: xmlElement('testcase', { classname, name }, content) };
}

function figures(quota: Quota): string {
  return [
    `limit ${limitWithOrigin(quota)}`,
    `used by others ${othersWithOrigin(quota)}`,
    `average ${units(quota.steady)}`,
    `peak ${units(quota.peak)}`,
    `updating ${units(quota.updatePeak)}`,
    `left ${units(quota.headroom)}`,
  ].join(', ');
}

function quotaCase(environment: string, quota: Quota): TestCase {
  const { service, code, name, verdict } = quota;
  const short = shortfall(quota) ?? '';
  const failed = verdict === 'blocked' || verdict === 'unknown';
  const failure = failed ? { type: `quota-${verdict}`, message: short, details: figures(quota) } : undefined;
  // What deploys but cannot be updated is no failure, yet it is said.
  const output = failed ? undefined : [figures(quota), short].filter((line) => line !== '').join('; ');
  return testCase(`${environment}.quotas`, `${service}/${code} ${name}`, failure, output);
}

function findingCase(environment: string, { id, title, remedy }: Finding): TestCase {
  const failure = { type: id, message: title, details: `${remedy}.` };
  return testCase(`${environment}.findings`, `${id}: ${title}`, failure, undefined);
}

/**
 * The report as JUnit XML: one suite, a test case a quota and one, failed, a finding that decides the exit code:
 * errors, and warnings where the exit code says that they count. It holds no times, so equal reports are equal files.
 */
export function renderJunit(report: Report): string {
  const { environment, exitCode } = report;
  const decisive = report.findings.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && exitCode === EXIT.warnings),
  );
  const cases = [
    ...report.quotas.map((quota) => quotaCase(environment, quota)),
    ...decisive.map((finding) => findingCase(environment, finding)),
  ];
  const counts = { tests: cases.length, failures: cases.filter(({ failed }) => failed).length, errors: 0 };
  const suite = xmlElement('testsuite', { name: `preflight.${environment}`, ...counts, skipped: 0 }, [
    '',
    ...cases.map(({ xml }) => xml),
    '',
  ]);
  const suites = xmlElement('testsuites', { name: 'preflight', ...counts }, ['', suite, '']);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suites}\n`;
}
