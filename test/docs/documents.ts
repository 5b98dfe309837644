import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectPath } from '../../lib/util/project-path';

/** Text of a file of the project. */
export function textOf(file: string): string {
  return readFileSync(projectPath(file), 'utf8');
}

/** Anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const outsideCode = text.replaceAll(/^ *```[^]*?^ *```/gm, '');
  return [...outsideCode.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links of a document, but for those to other places, that lead to no file or to no heading of it. */
export function brokenLinks(file: string): string[] {
  const links = [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const found = path === '' ? file : join(dirname(file), path);
    if (!existsSync(projectPath(found))) return true;
    return anchor !== undefined && !anchorsOf(textOf(found)).includes(anchor);
  });
}

/** A table as rows of cells without padding, the header first, by a heading of its first or second column. */
export function tableWith(text: string, header: string): string[][] {
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .map((line) => (line.startsWith('|') ? line.split('|').slice(1, -1) : undefined))
    .map((cells) => cells?.map((cell) => cell.trim()));
  const start = rows.findIndex((cells) => cells?.slice(0, 2).includes(header));
  if (start < 0) throw new Error(`no table with a column ${header}`);
  const end = rows.findIndex((cells, index) => index > start && cells === undefined);
  return rows.slice(start, end < 0 ? undefined : end).flatMap((cells, index) => {
    return cells === undefined || index === 1 ? [] : [cells];
  });
}

/** A value as a document writes it. */
export function written(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
