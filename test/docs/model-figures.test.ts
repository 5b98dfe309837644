import { readFileSync } from 'node:fs';
import { projectPath } from '../../lib/util/project-path';
import { SPECIALISTS } from '../../models/catalogue';
import { readSpecialistFolder } from '../../models/contract/specialist-folder';

describe('the figures of the reference models in the README', () => {
  const readme = readFileSync(projectPath('README.md'), 'utf8');

  it.each(SPECIALISTS)('are those of the contract of %s', (name) => {
    const { heldOut } = readSpecialistFolder(projectPath('models', name)).model.evaluation ?? {};
    const line = readme.split('\n').find((text) => text.includes(`models/${name}/MODEL_CARD.md`));
    const cells = line?.split('|').map((cell) => cell.trim());
    expect(cells?.slice(2, 4)).toEqual([String(heldOut?.rows), heldOut?.macroF1.toFixed(4)]);
  });
});
