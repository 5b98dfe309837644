import type { Cause, Loss, StatefulChanges } from './stateful-model';

const HEADLINES = {
  deleted: 'would be deleted',
  replaced: 'would be replaced',
  rekeyed: 'would encrypt under another key',
  weakened: 'would be protected less',
} as const;

/** Long values, such as a key's whole definition, are cut. */
const LONGEST = 160;

/** Writes a comparison for people: each loss with its resource, what changed, what is lost and what to do. */
export function renderStateful({ losses, unreviewed }: StatefulChanges): string {
  const parts = losses.map((loss) => renderLoss(loss));
  if (unreviewed.length > 0) {
    parts.push(
      [
        'New, or changed without losing anything, and not reviewed yet:',
        ...unreviewed.map((id) => `  ${id}`),
      ].join('\n'),
    );
  }
  return parts.join('\n');
}

function renderLoss({ kind, path, type, id, causes, lost, advice }: Loss): string {
  return [
    `${path} ${HEADLINES[kind]} (${type}, ${id})`,
    ...causes.map((cause) => `  changed: ${renderCause(cause)}`),
    `  lost: ${lost}`,
    `  what to do: ${advice}`,
  ].join('\n');
}

function renderCause({ property, from, to, through }: Cause): string {
  if (through !== undefined) return `${property} points to ${through}, which would be replaced`;
  return `${property}: ${short(from)} → ${short(to)}`;
}

function short(value: string | undefined): string {
  if (value === undefined) return 'not set';
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}
