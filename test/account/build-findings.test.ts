import { buildFindings, readBuildFacts } from '../../lib/account/build-findings';
import { ACCOUNT_LIMITS } from '../../lib/account/account-findings-registry';
import { SPECIALISTS } from '../../models/catalogue';

describe('what is built', () => {
  const artifacts = (bytes: number) => [{ name: 'general', bytes }];
  const limit = ACCOUNT_LIMITS.uploadDiskBytes.value;

  it.each([
    ['artifacts that fill the disk', { artifacts: artifacts(limit / 2), imageBytes: 1 }, []],
    [
      'artifacts a byte larger',
      { artifacts: artifacts(limit / 2 + 1), imageBytes: 1 },
      ['artifact-too-large'],
    ],
    ['a full function', { artifacts: [], functionBytes: 262_144_000, imageBytes: 1 }, []],
    [
      'a function a byte larger',
      { artifacts: [], functionBytes: 262_144_001, imageBytes: 1 },
      ['function-package-too-large'],
    ],
    ['an image of 10 GB', { artifacts: [], imageBytes: 1e10 }, []],
    ['an image a byte larger', { artifacts: [], imageBytes: 1e10 + 1 }, ['image-too-large']],
    ['an image that was not built', { artifacts: [] }, ['image-size-unknown']],
  ])('is judged for %s', (_name, facts, expected) => {
    expect(buildFindings({ serverless: true }, facts).map(({ id }) => id)).toEqual(expected);
  });

  it('may have a larger image where nothing is serverless', () => {
    expect(buildFindings({ serverless: false }, { artifacts: [], imageBytes: 2e10 })).toEqual([]);
  });

  it('is measured on the shipped specialists, which fit', () => {
    const facts = readBuildFacts();

    expect(facts.artifacts.map(({ name }) => name)).toEqual([...SPECIALISTS]);
    expect(facts.artifacts.every(({ bytes }) => bytes > 1000)).toBe(true);
    expect(buildFindings({ serverless: false }, facts)).toEqual([]);
  });
});
