import { createHash } from 'node:crypto';
import { FINDINGS } from '../plan/findings';
import type { Report } from './schema';

type Finding = Report['findings'][number];

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Facts that differ from run to run although the finding is the same. */
const VOLATILE = new Set(['asOf', 'takenAt', 'others', 'items']);

/** `quota-exceeded` as `Quota exceeded`. */
function inWords(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function ruleOf(id: string) {
  return {
    id,
    name: inWords(id).replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: inWords(id) },
    fullDescription: { text: `Pre-flight of an environment against its AWS account: ${inWords(id)}` },
    help: {
      text: 'The result says what to do. Figures: npm run -s preflight -- --env ENVIRONMENT. Steps: docs/runbook.md.',
    },
    properties: { tags: ['aws', 'preflight'] },
  };
}

/**
 * What makes a finding the same one in the next run: its id, the environment and the names in it. Figures are left
 * out, as a shortfall that grows is no new alert.
 */
function identity(environment: string, { id, facts }: Finding): string {
  const names = Object.entries(facts)
    .filter(([key, value]) => typeof value === 'string' && !VOLATILE.has(key))
    .map(([key, value]) => `${key}=${value}`)
    .sort();
  return createHash('sha256')
    .update([environment, id, ...names].join('\n'))
    .digest('hex')
    .slice(0, 32);
}

function resultsOf({ environment, findings }: Report, ruleIds: readonly string[]) {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const hash = identity(environment, finding);
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    return {
      ruleId: finding.id,
      ruleIndex: ruleIds.indexOf(finding.id),
      level: LEVEL[finding.severity],
      message: { text: `${finding.title}. ${finding.remedy}.` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: {
              uri: `lib/config/environments/${encodeURIComponent(environment)}.ts`,
              uriBaseId: '%SRCROOT%',
            },
            region: { startLine: 1 },
          },
        },
      ],
      // The key by which GitHub code scanning tells alerts apart.
      partialFingerprints: { primaryLocationLineHash: `${hash}:${nth}` },
    };
  });
}

/** The findings as SARIF 2.1.0, for code scanning; every finding there is stands as a rule. */
export function renderSarif(report: Report): string {
  const ids = [...new Set([...Object.keys(FINDINGS), ...report.findings.map(({ id }) => id)])];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Mini-XDR pre-flight', rules: ids.map(ruleOf) } },
        // One category an environment: uploads of several do not replace each other.
        automationDetails: { id: `preflight/${report.environment}/` },
        columnKind: 'utf16CodeUnits',
        results: resultsOf(report, ids),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
