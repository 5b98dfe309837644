import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SPECIALISTS } from '../../../models/catalogue';
import { readSpecialistFolder } from '../../../models/contract/specialist-folder';
import { bundleDrift } from '../../../lambda/drift/bundle-drift';
import { ALARMING_PSI } from '../../../lambda/drift/drift-metrics';
import { captureKey } from '../../../lambda/inference/capture/capture-format';
import { projectPath } from '../../../lib/util/project-path';
import { type S3StandIn, startS3StandIn } from '../../support/aws/s3-stand-in';
import { asTrained } from './days';

let folder: string;
let s3: S3StandIn;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drift-'));
  bundleDrift(folder, { root: projectPath(), modelsFolder: projectPath('models') });
  s3 = await startS3StandIn();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await s3.close();
});

/** Runs the bundle as Lambda does: on its own, with nothing of the project beside it. */
async function run(event: object, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const script = `import(process.argv[1]).then(({ handler }) => handler(${JSON.stringify(event)}))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, join(folder, 'index.mjs')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: s3.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      DRIFT: JSON.stringify({ environment: 'test', bucket: 'captures-of-a-test' }),
      ...variables,
    },
  });
  return stdout;
}

describe('the bundle of the drift function', () => {
  it('is one module and the contract of every specialist as it ships', () => {
    expect(readdirSync(folder).sort()).toEqual(['contracts', 'index.mjs']);
    expect(readdirSync(join(folder, 'contracts')).sort()).toEqual(
      SPECIALISTS.map((name) => `${name}.json`).sort(),
    );
    for (const name of SPECIALISTS) {
      const shipped = readFileSync(projectPath('models', name, 'model.json'));
      expect(readFileSync(join(folder, 'contracts', `${name}.json`)).equals(shipped)).toBe(true);
    }
  });

  it('runs alone, and tells flows like the shipped models’ training data from others', async () => {
    const at = new Date('2026-11-20T10:00:00Z');
    const keepDay = (specialist: (typeof SPECIALISTS)[number], move: (row: number[]) => number[]) => {
      const { model } = readSpecialistFolder(projectPath('models', specialist));
      const { version, classes } = model;
      const [label = ''] = classes;
      const lines = asTrained(model, 1000).map((row) =>
        JSON.stringify({
          at,
          specialist,
          version,
          variant: 'champion',
          label,
          confidence: 1,
          row: move(row),
        }),
      );
      for (let from = 0; from < lines.length; from += 100) {
        s3.objects.set(captureKey(specialist, at, `part-${from}`), lines.slice(from, from + 100).join('\n'));
      }
    };
    for (const name of SPECIALISTS) keepDay(name, (row) => row);
    // As when an exporter changes from microseconds to seconds.
    keepDay('ddos', (row) => row.map((value) => value / 1e6));

    const lines = (await run({ time: '2026-11-21T01:00:00Z' }))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

    const psi = Object.fromEntries(
      lines.filter(({ _aws }) => _aws !== undefined).map((line) => [line['Specialist'], line['LargestPsi']]),
    );
    expect(Object.keys(psi).sort()).toEqual([...SPECIALISTS].sort());
    for (const name of SPECIALISTS) {
      if (name === 'ddos') expect(psi[name]).toBeGreaterThan(ALARMING_PSI);
      else expect(psi[name]).toBeLessThan(0.1);
    }
  });

  it('says what is wrong with its configuration before it does anything', async () => {
    await expect(run({}, { DRIFT: '{"bucket":"captures","region":"x"}' })).rejects.toThrow(
      /DRIFT\.environment: .*\nDRIFT: .*"region"/,
    );
  });
});
