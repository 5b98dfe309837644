import { markdownTable } from './markdown-table';

/** A value that was replaced for a what-if, as a report shows it. */
export interface ShownSetting {
  readonly path: string;
  /** Undefined where there was none. */
  readonly from: unknown;
  /** Undefined where it was taken away. */
  readonly to: unknown;
}

/** A value in words: a list with commas, and what stands for none. */
export function spellValue(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(spellValue).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `traffic.ddos.peakRps: 10 → 50`. */
export function spellSetting({ path, from, to }: ShownSetting): string {
  const [before, after] = [spellValue(from), spellValue(to)];
  return before === after ? `${path}: ${after}, as before` : `${path}: ${before} → ${after}`;
}

/** What was set, as Markdown blocks. */
export function markdownSettings(environment: string, settings: readonly ShownSetting[]): string[] {
  const rows = settings.map(({ path, from, to }) => [`\`${path}\``, spellValue(from), spellValue(to)]);
  return [`## What if, against ${environment} as configured`, markdownTable(['Setting', 'From', 'To'], rows)];
}
