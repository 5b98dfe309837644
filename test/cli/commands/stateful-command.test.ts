import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainStateful, readReviewed } from '../../../lib/cli/commands/stateful-command';
import { compareStateful } from '../../../lib/compliance/stateful/index';
import { UserError } from '../../../lib/util/user-error';
import { resource, stateOf } from '../../compliance/stateful/stateful-fixture';

const folder = mkdtempSync(join(tmpdir(), 'stateful-'));

const fileWith = (name: string, content: string) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('the reviewed file', () => {
  it('says the same after it was written and read', () => {
    const state = stateOf();

    expect(compareStateful(readReviewed(fileWith('state.json', JSON.stringify(state))), state)).toEqual({
      losses: [],
      unreviewed: [],
    });
  });

  it('is empty where nothing was reviewed yet, so that everything waits for its review', () => {
    const state = stateOf();
    const { losses, unreviewed } = compareStateful(readReviewed(join(folder, 'none.json')), state);

    expect(losses).toEqual([]);
    expect(unreviewed).toEqual(Object.keys(state));
  });

  it.each([
    ['cut off', '{"Data.Key1": {'],
    ['of another shape', '{"Data.Key1": {"type": "AWS::KMS::Key"}}'],
  ])('is refused when it is %s: it would let anything pass', (_name, content) => {
    expect(() => readReviewed(fileWith('broken.json', content))).toThrow(UserError);
  });
});

it('says of an open change which environment it stops, and how it is accepted', () => {
  const changes = compareStateful(
    stateOf(),
    stateOf(({ Data }) => {
      resource(Data.Resources, 'Instance1').Properties['Port'] = '5432';
    }),
  );
  const text = explainStateful('prod', changes);

  expect(text).toContain('Data/Database/Instance would be replaced');
  expect(text).toContain('npm run -s xdr -- stateful --env prod --write');
});
