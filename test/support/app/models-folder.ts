import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../../lib/util/project-path';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { TemplateJson } from './template';

/** A copy of the shipped specialists in which one has a new version. The caller removes the folder. */
export function modelsWithNew(specialist: Specialist): string {
  const folder = mkdtempSync(join(tmpdir(), 'mini-xdr-models-'));
  for (const name of SPECIALISTS) {
    cpSync(projectPath('models', name), join(folder, name), { recursive: true });
  }
  const file = join(folder, specialist, 'model.json');
  const model = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...model, version: '99.0.0' }));
  return folder;
}

/** Logical ids of what differs between two templates: added, removed or changed in any way. */
export function changedIds(before: TemplateJson, after: TemplateJson): string[] {
  const ids = new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)]);
  return [...ids]
    .filter((id) => JSON.stringify(before.Resources[id]) !== JSON.stringify(after.Resources[id]))
    .sort();
}
