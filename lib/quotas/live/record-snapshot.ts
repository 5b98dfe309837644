import { writeNamedFile } from '../../util/write-file';
import { quotaKey } from '../quota-catalogue';
import type { RecordedQuota, Snapshot } from '../snapshot-schema';

function inOrder({ service, code, name, value, origin, usage, own, assumed, missing }: RecordedQuota) {
  const { value: used, by, asOf } = usage;
  return { service, code, name, value, origin, usage: { value: used, by, asOf }, own, assumed, missing };
}

/** A snapshot as text: quotas in order of their key, one a line, so that a change is a changed line. */
export function snapshotText(snapshot: Snapshot): string {
  const { schemaVersion, account, region, takenAt, source, running, quotas } = snapshot;
  const head = Object.entries({ schemaVersion, account, region, takenAt, source });
  const rows = quotas
    .toSorted((a, b) => (quotaKey(a) < quotaKey(b) ? -1 : 1))
    .map((quota) => `    ${JSON.stringify(inOrder(quota))}`);
  return [
    '{',
    ...head.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`),
    ...(running === undefined ? [] : [`  "running": ${JSON.stringify(running.toSorted())},`]),
    '  "quotas": [',
    rows.join(',\n'),
    '  ]',
    '}',
    '',
  ].join('\n');
}

/**
 * Writes a snapshot to a file, ready to be committed and compared.
 *
 * @throws UserError when the file cannot be written
 */
export function recordSnapshot(file: string, snapshot: Snapshot): void {
  writeNamedFile(file, snapshotText(snapshot));
}
