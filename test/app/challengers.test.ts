import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { challengersOf, mustBeComparable } from '../../lib/config/challengers';
import { projectPath } from '../../lib/util/project-path';
import { newFolder } from '../support/models/specialist';
import { environmentWith } from '../support/stacks/infrastructure';

const MODELS = projectPath('models');

/** A copy of ddos, renamed throughout as given. */
function changed(from: string, to: string): string {
  const folder = join(newFolder(), 'ddos');
  cpSync(join(MODELS, 'ddos'), folder, { recursive: true });
  for (const name of ['model.json', 'golden.json']) {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`"${from}"`, `"${to}"`));
  }
  return folder;
}

describe('a version on trial', () => {
  it('is found by its folder in the project', () => {
    const trial = { folder: 'models/ddos', share: 0.5, shadow: false };
    const environment = environmentWith();
    expect(
      challengersOf({ ...environment, inference: { fallback: true, challengers: { ddos: trial } } }),
    ).toEqual([{ specialist: 'ddos', folder: join(MODELS, 'ddos') }]);
    expect(challengersOf(environment)).toEqual([]);
  });

  it('with the features and classes of the first is taken', () => {
    const folder = join(MODELS, 'ddos');
    expect(() => mustBeComparable(MODELS, [{ specialist: 'ddos', folder }])).not.toThrow();
  });

  it.each([
    ['Flow Duration', 'Flow Length', /inference\.challengers\.ddos: given a model that takes Flow Length/],
    [
      'Attack',
      'Threat',
      /inference\.challengers\.ddos: given the classes Normal, Threat; allowed are Normal, Attack/,
    ],
  ])('that says %s otherwise is refused, with what differs', (from, to, message) => {
    const folder = changed(from, to);
    expect(() => mustBeComparable(MODELS, [{ specialist: 'ddos', folder }])).toThrow(message);
  });
});
