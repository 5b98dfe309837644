import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsPackage, modelsVerify } from '../../../lib/cli/commands/models-command';
import { run } from '../../../lib/cli/program';
import { UserError } from '../../../lib/util/user-error';
import {
  type VerificationDependencies,
  verifySpecialist,
} from '../../../models/verification/verify-specialist';
import { packArtifact } from '../../../models/packaging/model-artifact';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import { sha256 } from '../../../models/contract/contract-file';
import { GraphError } from '../../../models/contract/model-errors';
import { constantOf } from '../../support/models/onnx';
import {
  ROOT,
  contractOf,
  copyOf,
  editContract,
  editGraph,
  goldenOf,
  newFolder,
  removeFolders,
  shipped,
} from '../../support/models/specialist';
import { QUICK_WASM } from '../../support/models/quick-wasm';

// Whatever loads the runtime in this process finds none: lists and inspections must not, verifications must cope.
jest.mock('onnxruntime-web', () => {
  throw new Error('Cannot find module onnxruntime-web');
});

afterAll(removeFolders);

/** A folder of all four specialists, some of them broken. */
function modelsWith(broken: Partial<Record<Specialist, (folder: string) => void>> = {}): string {
  const models = newFolder();
  for (const name of SPECIALISTS) {
    const folder = copyOf(name);
    broken[name]?.(folder);
    renameSync(folder, join(models, name));
  }
  return models;
}

function recorder() {
  const said = { out: '', err: '' };
  const io = {
    out: (text: string) => (said.out += text),
    err: (text: string) => (said.err += text),
    color: false,
    variables: {},
    now: () => new Date(0),
  };
  return { said, io };
}

async function models(...args: string[]) {
  const { said, io } = recorder();
  const code = await run(['models', ...args], io);
  return { code, ...said };
}

/** The command as a user runs it, with the real runtime. */
function child(...args: string[]): Promise<{ code: number; out: string }> {
  const command = [...QUICK_WASM, '--import', 'tsx', join(ROOT, 'bin/xdr.ts'), 'models', ...args];
  return new Promise((done) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, out) => {
      done({ code: error === null ? 0 : Number(error.code), out });
    });
  });
}

const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

function evaluationOf(name: Specialist) {
  const { evaluation } = contractOf(name);
  if (evaluation === undefined) throw new Error(`${name} has no figures`);
  return evaluation;
}

/** Makes a specialist one that came as a checkpoint, of which no held-out figures are known. */
function makeImported(folder: string): void {
  editContract(folder, (model) => {
    const { heldOut } = model.evaluation ?? {};
    if (heldOut === undefined) throw new Error('no figures to take over');
    const { calibration: _, ...labelledRows } = heldOut;
    delete model.training;
    delete model.evaluation;
    model.reference = false;
    model.description = 'The team’s own detector.';
    model.imported = {
      checkpoint: { file: 'bruteforce_detector.pth', sha256: 'ab'.repeat(32) },
      forward: 'interaction added, attention added, skips added',
      chosenBy: 'labelled rows',
      scaler: 'StandardScaler beside the checkpoint',
      parity: { rows: 200, largestDifference: 2.4e-7 },
      labelledRows,
    };
  });
}

interface ShownCheck {
  readonly check: string;
  readonly outcome: string;
  readonly details: readonly string[];
  readonly remedy: string | null;
}
type Shown = Readonly<Record<string, Readonly<Record<string, ShownCheck>>>>;

/** Checks by specialist and name. */
function checksOf(verifications: readonly { specialist: string; checks: readonly ShownCheck[] }[]): Shown {
  return Object.fromEntries(
    verifications.map(({ specialist, checks }) => [
      specialist,
      Object.fromEntries(checks.map((check) => [check.check, check])),
    ]),
  );
}

describe('with the real runtime', () => {
  const packages = join(newFolder(), 'made/on/the/way');
  let good: { code: number; out: string };
  let bad: { code: number; out: string };
  let packed: { code: number; out: string };

  beforeAll(async () => {
    const faulty = modelsWith({
      ddos: (folder) => editGraph(folder, (graph) => constantOf(graph, 'scaler.mean').fill(0)),
      bruteforce: (folder) =>
        editContract(folder, (model) => {
          model.version = 'one';
          if (model.training !== undefined) model.training.rows = -1;
        }),
      webattacks: (folder) => editGraph(folder, (graph) => graph.subarray(0, 900)),
    });
    [good, bad, packed] = await Promise.all([
      child('verify'),
      child('verify', '--models', faulty, '--format', 'json'),
      child('package', '--models', faulty, '--out', packages, '--format', 'json'),
    ]);
  });

  it('every specialist that ships verifies, a line a check', () => {
    expect(good.out.match(/^ {2}ok +(contract|golden|artifact) /gm)).toHaveLength(3 * SPECIALISTS.length);
    expect(good.out).toContain(`${goldenOf('general').vectors.length} vectors answered right`);
    expect(good.out).toContain('4 specialists verified');
    expect(longest(good.out)).toBeLessThanOrEqual(80);
    expect(good.code).toBe(0);
  });

  it('verify finds a scaler that was zeroed, names a golden vector, and says where to look', () => {
    const { golden, contract, artifact } = checksOf(JSON.parse(bad.out).specialists)['ddos'] ?? {};
    expect(golden?.outcome).toBe('failed');
    expect(golden?.details.join()).toMatch(/fails its self-test on \d+ of \d+ .+"\d\d .+": expected .+, got/);
    expect(golden?.remedy).toContain('missing or doubled scaler');
    expect([contract?.outcome, artifact?.outcome]).toEqual(['passed', 'passed']);
  });

  it('verify shows the failures of all specialists, and every broken key of a contract', () => {
    const { general, bruteforce, webattacks } = checksOf(JSON.parse(bad.out).specialists);
    expect(bruteforce?.['contract']?.details).toEqual([
      'bruteforce/model.json: version: given "one"; allowed is a version such as 1.0.0',
      'bruteforce/model.json: training.rows: given -1; allowed is at least 0',
    ]);
    expect(bruteforce?.['golden']).toMatchObject({ outcome: 'skipped', details: ['the contract is broken'] });
    expect(webattacks?.['golden']?.outcome).toBe('failed');
    expect(webattacks?.['golden']?.details.join()).toContain('the graph of webattacks cannot be loaded');
    expect(webattacks?.['golden']?.remedy).toContain('export the graph again');
    expect(general?.['golden']?.outcome).toBe('passed');
    expect(bad.code).toBe(1);
  });

  it('package refuses what does not verify, with the reason, and writes the others', () => {
    const { packaged, refused } = JSON.parse(packed.out);
    const { key, sha256: hash, bytes } = packArtifact(shipped('general'));
    const { version } = contractOf('general');
    const file = join(packages, key);
    expect(packaged).toEqual([
      { specialist: 'general', version, reference: true, file, bytes: bytes.length, sha256: hash },
    ]);
    expect(readdirSync(packages)).toEqual(['general']);
    expect(Object.keys(checksOf(refused))).toEqual(['ddos', 'bruteforce', 'webattacks']);
    expect(checksOf(refused)['ddos']?.['golden']?.details.join()).toContain('fails its self-test');
    expect(packed.code).toBe(1);
  });

  it('package writes the bytes that the stacks upload, whose hash is in the name', () => {
    const [file = ''] = readdirSync(join(packages, 'general'));
    const bytes = readFileSync(join(packages, 'general', file));
    expect(file).toBe(`${sha256(bytes).slice(0, 16)}.tar.gz`);
    expect(bytes.equals(packArtifact(shipped('general')).bytes)).toBe(true);
  });
});

describe('models list', () => {
  it('shows what model.json states of each specialist, and loads no runtime', async () => {
    const { code, out } = await models('list', '--format', 'json');
    const { specialists, broken } = JSON.parse(out);
    expect(specialists.map(({ specialist }: { specialist: string }) => specialist)).toEqual([...SPECIALISTS]);
    const { version, reference, features, classes } = contractOf('general');
    const { rows, accuracy, macroF1 } = evaluationOf('general').heldOut;
    const { key, sha256: hash, bytes } = packArtifact(shipped('general'));
    expect(specialists[0]).toEqual({
      specialist: 'general',
      version,
      reference,
      origin: 'reference',
      features: features.length,
      classes: classes.length,
      graphBytes: readFileSync(join(shipped('general'), 'model.onnx')).length,
      artifact: { key, sha256: hash, bytes: bytes.length },
      heldOut: { rows, accuracy, macroF1 },
    });
    expect([code, broken]).toEqual([0, []]);
  });

  it('is a table of 80 columns with whole hashes, and says what reference means', async () => {
    const { out } = await models('list');
    expect(longest(out)).toBeLessThanOrEqual(80);
    for (const name of SPECIALISTS) expect(out).toContain(packArtifact(shipped(name)).sha256);
    expect(out).toContain('not to detect threats in production');
  });

  it('tells reference models, trained ones and imported ones apart', async () => {
    const folder = modelsWith({
      ddos: (ddos) => editContract(ddos, (model) => (model.reference = false)),
      bruteforce: makeImported,
    });
    const { out } = await models('list', '--models', folder);
    expect(out).toMatch(/^general +\d\.0\.0 +reference /m);
    expect(out).toMatch(/^ddos +\d\.0\.0 +trained /m);
    expect(out).toMatch(/^bruteforce +\d\.0\.0 +imported +78 +2 +\d+ +unknown +unknown$/m);
    expect(longest(out)).toBeLessThanOrEqual(80);
  });

  it('fails for specialists that are missing, broken, or in another’s folder, and lists the others', async () => {
    const folder = modelsWith({
      bruteforce: (bruteforce) => editContract(bruteforce, (model) => (model.version = 'one')),
    });
    rmSync(join(folder, 'general'), { recursive: true });
    rmSync(join(folder, 'ddos'), { recursive: true });
    cpSync(join(folder, 'webattacks'), join(folder, 'ddos'), { recursive: true });
    const { code, out } = await models('list', '--models', folder, '--format', 'json');
    const { specialists, broken } = JSON.parse(out);
    expect(specialists).toHaveLength(1);
    expect(broken).toEqual([
      { specialist: 'general', reasons: [expect.stringContaining('given "ENOENT"')] },
      { specialist: 'ddos', reasons: [expect.stringContaining('name: given "webattacks"; allowed is ddos')] },
      { specialist: 'bruteforce', reasons: [expect.stringContaining('version: given "one"')] },
    ]);
    expect(code).toBe(1);
    const table = await models('list', '--models', folder);
    expect(table.out).toContain('general is missing or breaks its contract:');
    expect(longest(table.out)).toBeLessThanOrEqual(80);
  });
});

describe('models verify', () => {
  const answersRight: VerificationDependencies = { load: () => Promise.resolve({ release: async () => {} }) };

  it('cannot say, and says so, where the runtime is not installed', async () => {
    const { code, out } = await models('verify', '--specialist', 'ddos');
    expect(out).toMatch(/^ {2}unknown +golden +Cannot find module onnxruntime-web$/m);
    expect(out).toContain('npm ci');
    expect(out).toContain('1 specialist undetermined: ddos.');
    expect(code).toBe(3);
  });

  it('does not blame the graph for a runtime that does not start', async () => {
    const load = () => Promise.reject(new GraphError('no available backend found. ERR: [wasm] missing'));
    const { verification } = await verifySpecialist(shipped('ddos'), 'ddos', { load });
    expect(verification.outcome).toBe('undetermined');
  });

  it('looks at one specialist alone, by any name that the backend knows it by', async () => {
    for (const word of ['bruteforce', 'brute_force', 'Credential_Stuffing']) {
      const { said, io } = recorder();
      await modelsVerify({ specialist: word, format: 'json' }, io, answersRight);
      expect(JSON.parse(said.out).specialists).toMatchObject([
        { specialist: 'bruteforce', outcome: 'passed' },
      ]);
    }
  });

  it('fails a folder that holds another specialist than its name says', async () => {
    const folder = modelsWith();
    rmSync(join(folder, 'ddos'), { recursive: true });
    cpSync(shipped('bruteforce'), join(folder, 'ddos'), { recursive: true });
    const { said, io } = recorder();
    const code = await modelsVerify({ models: folder, format: 'json' }, io, answersRight);
    const { ddos } = checksOf(JSON.parse(said.out).specialists);
    expect(ddos?.['contract']?.details).toEqual([
      'ddos/model.json: name: given "bruteforce"; allowed is ddos, as its folder',
    ]);
    expect(code).toBe(1);
  });

  it('fails an archive whose bytes differ from one packing to the next', async () => {
    let packings = 0;
    const pack = (folder: string) => {
      const artifact = packArtifact(folder);
      const bytes = Buffer.concat([artifact.bytes, Buffer.from([packings++])]);
      return { ...artifact, bytes, sha256: sha256(bytes) };
    };
    const { verification, artifact } = await verifySpecialist(shipped('ddos'), 'ddos', {
      ...answersRight,
      pack,
    });
    expect(verification.checks[2]).toMatchObject({
      outcome: 'failed',
      details: [expect.stringMatching(/packed twice, two archives: SHA-256 [0-9a-f]{64} and [0-9a-f]{64}/)],
    });
    expect(artifact).toBeUndefined();
  });

  it.each([
    ['is cut off', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 600), /unexpected end of file/],
    ['is damaged', (bytes: Uint8Array) => bytes.with(700, (bytes[700] ?? 0) ^ 1), /incorrect data check/],
  ])('fails an archive that %s', async (_case, spoil, reason) => {
    const pack = (folder: string) => {
      const artifact = packArtifact(folder);
      const bytes = spoil(artifact.bytes);
      return { ...artifact, bytes, sha256: sha256(bytes) };
    };
    const { verification, artifact } = await verifySpecialist(shipped('ddos'), 'ddos', {
      ...answersRight,
      pack,
    });
    expect(verification.checks[2]?.outcome).toBe('failed');
    expect(verification.checks[2]?.details.join()).toMatch(reason);
    expect(artifact).toBeUndefined();
  });

  it('fails files that change while the golden vectors are asked', async () => {
    const folder = join(modelsWith(), 'ddos');
    const load = () => {
      editContract(folder, (model) => (model.description = 'another'));
      return Promise.resolve({ release: async () => {} });
    };
    const { verification } = await verifySpecialist(folder, 'ddos', { load });
    expect(verification.checks[2]?.outcome).toBe('failed');
  });
});

describe('models package', () => {
  it('writes nothing of a specialist that could not be asked its golden vectors', async () => {
    const out = join(newFolder(), 'out');
    const { code, out: said } = await models('package', '--specialist', 'ddos', '--out', out);
    expect(said).toContain('Refused, because it does not verify: ddos.');
    expect(() => readdirSync(out)).toThrow('ENOENT');
    expect(code).toBe(3);
  });

  it('prints path, bytes and hash of each archive, each whole on its line', async () => {
    const out = join(
      newFolder(),
      'a-folder-with-a-name-that-no-line-of-eighty-columns-could-ever-hold-whole',
    );
    mkdirSync(out);
    const { said, io } = recorder();
    const load = () => Promise.resolve({ release: async () => {} });
    const code = await modelsPackage({ out, specialist: 'dos', format: 'table' }, io, { load });
    const { key, sha256: hash, bytes } = packArtifact(shipped('ddos'));
    const title = `ddos ${contractOf('ddos').version} (reference)`;
    expect(said.out).toBe(`${title}\n  ${join(out, key)}\n  ${bytes.length} bytes\n  SHA-256 ${hash}\n`);
    expect(readdirSync(join(out, 'ddos'))).toEqual([`${hash.slice(0, 16)}.tar.gz`]);
    expect(code).toBe(0);
  });

  it('says which archive could not be written', async () => {
    const out = join(newFolder(), 'a-file');
    writeFileSync(out, '');
    const load = () => Promise.resolve({ release: async () => {} });
    const failing = modelsPackage({ out, specialist: 'ddos', format: 'table' }, recorder().io, { load });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(/cannot write .+a-file.+--out/);
  });
});

describe('models inspect', () => {
  it.each(SPECIALISTS)('shows the contract of %s in full on 80 columns', async (name) => {
    const { code, out } = await models('inspect', name);
    const { features, classes, training, graph } = contractOf(name);
    const evaluation = evaluationOf(name);
    features.forEach((feature, at) =>
      expect(out).toMatch(new RegExp(`(^| ) *${at} ${escaped(feature)}( |$)`, 'm')),
    );
    classes.forEach((label, at) => expect(out).toMatch(new RegExp(`^ +${at} ${escaped(label)} +\\d+$`, 'm')));
    for (const { class: label, precision, recall, f1, support } of evaluation.heldOut.perClass) {
      const figures = [precision, recall, f1].map((figure) => figure.toFixed(4)).join(' +');
      expect(out).toMatch(new RegExp(`^ *${escaped(label)} +${figures} +${support}$`, 'm'));
    }
    for (const text of [graph.sha256, training?.file ?? '', ...Object.keys(training?.labels ?? {})]) {
      expect(text).not.toBe('');
      expect(out).toContain(text);
    }
    expect(out).toContain(`Golden vectors: ${goldenOf(name).vectors.length}`);
    expect(out).toContain('(reference)');
    expect(out).toContain('not to detect threats');
    expect(longest(out)).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it.each(SPECIALISTS)(
    'shows when %s flags a row, when it is unsure, and what that leads to',
    async (name) => {
      const { out } = await models('inspect', name);
      const { decision, features, evaluation, population = [] } = contractOf(name);
      const [text = ''] = out.match(/Thresholds: [^]+?of low\s+confidence\./) ?? [];
      expect(text.replaceAll(/\s+/g, ' ')).toContain(
        `any attack of ${decision?.attackAt} on; an answer with a confidence below ${decision?.confidentAt} is`,
      );
      expect(out).toContain(`Population: limits of ${features.length} features`);
      const constant = population.filter(({ shares: [first, ...rest] }) => first === 1 && rest[0] === 0);
      expect(constant.length).toBeGreaterThan(0);
      expect(out).toMatch(
        new RegExp(`features\\s+that\\s+never\\s+changed\\s+in\\s+training: ${constant.length}\\.`),
      );
      const { heldOut, otherCapture } = evaluation?.atWork ?? {};
      for (const [title, figures] of [
        ['Held-out flows', heldOut],
        ['Another capture', otherCapture],
      ] as const) {
        const cells = Object.values(figures ?? {}).map(
          (part) => `${(100 * (part ?? Number.NaN)).toFixed(2)} %`,
        );
        expect(cells).toHaveLength(5);
        expect(out).toMatch(new RegExp(`^  ${title} +${cells.map(escaped).join(' +')}$`, 'm'));
      }
    },
  );

  it('says of a contract without thresholds or population that there are none', async () => {
    const folder = modelsWith({
      ddos: (ddos) =>
        editContract(ddos, (model) => {
          delete model.decision;
          delete model.population;
        }),
    });
    const { out } = await models('inspect', 'ddos', '--models', folder);
    expect(out).toContain('Thresholds: none; the most probable class is the answer.');
    expect(out).not.toContain('Population');
    expect(longest(out)).toBeLessThanOrEqual(80);
  });

  it('gives model.json unchanged as JSON, and counts the golden vectors', async () => {
    const { out } = await models('inspect', 'web-attacks', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      contract: contractOf('webattacks'),
      golden: { vectors: goldenOf('webattacks').vectors.length },
    });
  });

  it('shows every further figure that a contract has, each by what it was measured on', async () => {
    const folder = modelsWith({
      ddos: (ddos) =>
        editContract(ddos, (model) => {
          if (model.evaluation === undefined) throw new Error('no figures');
          const { calibration: _, ...heldOut } = model.evaluation.heldOut;
          model.evaluation = {
            heldOut: {
              ...heldOut,
              calibration: {
                expectedCalibrationError: 0.0123,
                brier: 0.0456,
                bins: [
                  { from: 0.5, to: 0.6, rows: 0, confidence: 0, accuracy: 0 },
                  { from: 0.9, to: 1, rows: 41, confidence: 0.9876, accuracy: 0.9756 },
                ],
              },
            },
            againstNormal: { ...heldOut, macroF1: 0.1111 },
            withoutDestinationPort: { ...heldOut, macroF1: 0.2222 },
            otherCapture: { ...heldOut, macroF1: 0.3333, file: 'another.csv.gz' },
            caveats: [],
          };
        }),
    });
    const { out } = await models('inspect', 'ddos', '--models', folder);
    const [calibration] = out.match(/Calibration[^]+?\n\n/) ?? [];
    expect(calibration).toContain('error 0.0123, Brier score 0.0456');
    expect(calibration).toMatch(/0\.90–1\.00 +41 +0\.9876 +0\.9756/);
    expect(calibration).not.toContain('0.50–0.60');
    expect(out).toMatch(/^Held-out flows without attacks of other kinds\n.+macro-F1 0\.1111$/m);
    expect(out).toMatch(/Destination Port set to zero\n.+macro-F1 0\.2222$/m);
    expect(out).toMatch(/^Another capture \(another\.csv\.gz\)\n.+macro-F1 0\.3333$/m);
    expect(out).not.toContain('Caveats');
    expect(longest(out)).toBeLessThanOrEqual(80);
  });

  it('says of an imported model where it came from, and that its figures are not held-out ones', async () => {
    const folder = modelsWith({ bruteforce: makeImported });
    const { code, out } = await models('inspect', 'bruteforce', '--models', folder);
    expect(out).toContain(`Checkpoint: bruteforce_detector.pth, SHA-256\n    ${'ab'.repeat(32)}`);
    expect(out).toContain('Forward pass: interaction added, attention added, skips added; chosen by');
    expect(out).toContain('Scaler: StandardScaler beside the checkpoint');
    expect(out).toMatch(/no probability differs by more than\s+2\.4e-7 on\s+200 rows/);
    expect(out).toContain('Labelled rows that the import was given');
    expect(out).toContain('the contract has no evaluation');
    expect(out).not.toMatch(/^Training$|reference|^Held-out/im);
    expect(longest(out)).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it('marks a class that is never answered', async () => {
    const folder = modelsWith({
      general: (general) => editContract(general, (model) => model.untrained.push('Malware/Botnet')),
    });
    const { out } = await models('inspect', 'general', '--models', folder);
    expect(out).toMatch(/Malware\/Botnet +2 no training data, never answered$/m);
  });

  it('fails for a broken contract, with every reason', async () => {
    const folder = modelsWith({
      ddos: (ddos) =>
        editContract(ddos, (model) => {
          model.version = 'one';
          if (model.training !== undefined) model.training.rows = -1;
        }),
    });
    const { code, out, err } = await models('inspect', 'ddos', '--models', folder);
    expect(err).toContain('ddos/model.json: version: given "one"');
    expect(err).toContain('ddos/model.json: training.rows: given -1');
    expect([code, out]).toEqual([1, '']);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

describe('wrong usage of models', () => {
  it.each([
    [['inspect', 'nobody']],
    [['verify', '--specialist', 'nobody']],
    [['package', '--out', 'unused', '--specialist', 'nobody']],
  ])('says for %j which specialists there are', async (args) => {
    const { code, out, err } = await models(...args);
    for (const name of SPECIALISTS) expect(err).toContain(name);
    expect(err).toContain('there is no specialist "nobody"');
    expect([code, out]).toEqual([64, '']);
  });

  it.each([
    ['a folder that is not there', ['list', '--models', '/nowhere/at/all']],
    ['a file in place of the folder', ['verify', '--models', join(ROOT, 'package.json')]],
    ['no folder to write to', ['package']],
    ['an unknown format', ['list', '--format', 'xml']],
    ['an inspection of nothing', ['inspect']],
  ])('exits with 64 for %s', async (_case, args) => {
    const { code, out, err } = await models(...args);
    expect([code, out]).toEqual([64, '']);
    expect(err).not.toBe('');
  });
});
