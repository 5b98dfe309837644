import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import { FAULTS } from '../../support/models/faults';
import { PackageProcess } from '../../support/models/package';
import { ServerProcess, bundledServer, endServers } from '../../support/models/server';
import { copyOf, newFolder, removeFolders } from '../../support/models/specialist';

/** A folder of models with one specialist in it. */
interface Planted {
  readonly specialist: Specialist;
  readonly models: string;
  readonly folder: string;
}

function plant(specialist: Specialist, make: (specialist: Specialist) => string): Planted {
  const models = newFolder();
  const folder = join(models, specialist);
  renameSync(make(specialist), folder);
  return { specialist, models, folder };
}

/** Every fault in the specialist of seven classes, and in one of the others in turn. */
const [FIRST, ...OTHERS] = SPECIALISTS;
const planted = new Map(
  FAULTS.map((fault, at) => {
    const specialists = [FIRST, OTHERS[at % OTHERS.length] ?? FIRST];
    return [fault, specialists.map((specialist) => plant(specialist, fault.plant))];
  }),
);
const plantedIn = (fault: (typeof FAULTS)[number]) => planted.get(fault) ?? [];

/** Starts of a server, one a fault: a process costs more than all else here. */
const starts = new Map<string, Promise<ServerProcess>>();
let packaging: PackageProcess;
let shelf: ServerProcess;
const out = join(newFolder(), 'out');

// Processes start in seconds where other work fills the machine; what hangs is found all the same.
beforeAll(async () => {
  packaging = new PackageProcess();
  const bundle = bundledServer();
  const twoAtOnce = pLimit(2);
  FAULTS.forEach((fault, at) => {
    const folder = plantedIn(fault)[at % 2]?.folder ?? '';
    starts.set(
      fault.name,
      twoAtOnce(() => ServerProcess.start(bundle, { MODEL_FOLDER: folder })),
    );
  });
  mkdirSync(out);
  const roots = join(out, '..', '..');
  shelf = await ServerProcess.start(bundle, { SAGEMAKER_MULTI_MODEL: 'true', MODEL_FOLDER: roots });
});
afterAll(async () => {
  packaging.stop();
  await Promise.all(starts.values());
  endServers();
  removeFolders();
});

describe.each(FAULTS)('$name', (fault) => {
  it('is refused at packaging, with the reason, and nothing is written', async () => {
    for (const { specialist, models } of plantedIn(fault)) {
      const { code, out: said } = await packaging.run(models, specialist, out);
      const { packaged, refused } = JSON.parse(said);
      expect(packaged).toEqual([]);
      expect(refused.map((each: { specialist: string }) => each.specialist)).toEqual([specialist]);
      const details = refused[0].checks.flatMap((check: { details: string[] }) => check.details);
      expect(details.join('\n')).toMatch(fault.reason);
      expect(code).toBe(1);
    }
    expect(readdirSync(out)).toEqual([]);
  });

  it('ends the model server before its port opens, with the reason in the log', async () => {
    const server = await starts.get(fault.name);
    expect(server?.lines).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'cannot serve',
        cause: expect.stringMatching(fault.reason),
      }),
    ]);
    expect(await server?.exitCode()).toBe(1);
  });

  it('is refused by a server of several models, which stays up without it', async () => {
    for (const { specialist, folder } of plantedIn(fault)) {
      const { status, json } = await shelf.send('POST', '/models', { model_name: specialist, url: folder });
      expect(json).toMatchObject({
        error: { code: 'model_refused', message: expect.stringMatching(fault.reason) },
      });
      expect(status).toBe(500);
      expect((await shelf.send('POST', `/models/${specialist}/invoke`, { instances: [] })).status).toBe(404);
    }
    expect((await shelf.send('GET', '/models')).json).toEqual({ models: [] });
    expect((await shelf.send('GET', '/ping')).status).toBe(200);
  });
});

describe('without a fault', () => {
  it.each(SPECIALISTS)('%s is packaged and loaded', async (specialist) => {
    const { models, folder } = plant(specialist, copyOf);
    const { code, out: said } = await packaging.run(models, specialist, newFolder());
    expect(JSON.parse(said).packaged).toMatchObject([{ specialist }]);
    expect(code).toBe(0);
    const load = { model_name: specialist, url: folder };
    expect((await shelf.send('POST', '/models', load)).status).toBe(200);
    expect((await shelf.send('DELETE', `/models/${specialist}`)).status).toBe(200);
  });
});
