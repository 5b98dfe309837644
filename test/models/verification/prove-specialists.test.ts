import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProofOptions, proveSpecialists } from '../../../models/verification/prove-specialists';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Verification } from '../../../models/verification/verify-specialist';
import { FAULTS } from '../../support/models/faults';
import { ROOT, copyOf, editContract, newFolder, removeFolders } from '../../support/models/specialist';
import { QUICK_WASM } from '../../support/models/quick-wasm';

afterAll(removeFolders);

/** A folder of all four specialists, some of them made otherwise. */
function modelsWith(made: Partial<Record<Specialist, (specialist: Specialist) => string>> = {}): string {
  const models = newFolder();
  for (const name of SPECIALISTS) renameSync((made[name] ?? copyOf)(name), join(models, name));
  return models;
}

/** A proof whose runtime says what the test wants, and that counts who was asked. */
const candidatesIn = (models: string) =>
  SPECIALISTS.map((specialist) => ({ specialist, folder: join(models, specialist) }));

function asking(options: Partial<ProofOptions> = {}, wrong: readonly Specialist[] = []) {
  const asked: Specialist[] = [];
  const memory = options.memory ?? join(newFolder(), 'proofs');
  const verify = (_folder: string, specialist: Specialist) => {
    asked.push(specialist);
    const outcome = wrong.includes(specialist) ? 'failed' : 'passed';
    const verification: Verification = { specialist, outcome, version: '1.0.0', reference: true, checks: [] };
    return Promise.resolve({ verification });
  };
  const prove = async (models: string) => {
    const from = asked.length;
    const unproven = await proveSpecialists(candidatesIn(models), {
      runtime: 'a 1.0',
      verify,
      ...options,
      memory,
    });
    return { asked: asked.slice(from), unproven: unproven.map(({ specialist }) => specialist) };
  };
  return { prove, memory };
}

const ALL = { asked: [...SPECIALISTS], unproven: [] };
const NONE = { asked: [], unproven: [] };

describe('a proof that specialists answer right', () => {
  it('is made once for the same bytes, wherever they lie', async () => {
    const { prove } = asking();
    expect(await prove(modelsWith())).toEqual(ALL);
    expect(await prove(modelsWith())).toEqual(NONE);
  });

  it.each(['model.json', 'golden.json', 'model.onnx'])(
    'is made again when a byte of %s changes',
    async (file) => {
      const { prove } = asking();
      const models = modelsWith();
      await prove(models);
      const path = join(models, 'ddos', file);
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from(' ')]));
      expect(await prove(models)).toEqual({ asked: ['ddos'], unproven: [] });
    },
  );

  it('is made again for another runtime', async () => {
    const { prove, memory } = asking();
    const models = modelsWith();
    await prove(models);
    expect(await asking({ memory, runtime: 'a 1.1' }).prove(models)).toEqual(ALL);
    expect(await asking({ memory }).prove(models)).toEqual(NONE);
  });

  it('is not remembered when it failed', async () => {
    const { prove, memory } = asking({}, ['bruteforce']);
    const models = modelsWith();
    expect(await prove(models)).toEqual({ ...ALL, unproven: ['bruteforce'] });
    expect(await asking({ memory }).prove(models)).toEqual({ asked: ['bruteforce'], unproven: [] });
  });

  it('of one specialist says nothing of another with the same bytes', async () => {
    const { prove } = asking();
    const models = modelsWith();
    await prove(models);
    rmSync(join(models, 'ddos'), { recursive: true });
    renameSync(copyOf('bruteforce'), join(models, 'ddos'));
    expect((await prove(models)).asked).toEqual(['ddos']);
  });

  it('is not believed when its file was copied from another, emptied or cut off', async () => {
    const { prove, memory } = asking();
    const models = modelsWith();
    await prove(models);
    const [first = '', second = '', third = '', fourth = ''] = readdirSync(memory);
    writeFileSync(join(memory, first), readFileSync(join(memory, second)));
    writeFileSync(join(memory, third), '');
    writeFileSync(join(memory, fourth), readFileSync(join(memory, fourth)).subarray(0, 50));
    expect((await prove(models)).asked).toHaveLength(3);
    expect(await prove(models)).toEqual(NONE);
  });

  it('of a good model, put in the place of a changed one’s, does not help the changed one', async () => {
    const { prove, memory } = asking();
    const models = modelsWith();
    await prove(models);
    editContract(join(models, 'ddos'), (model) => (model.description += '.'));
    const elsewhere = asking();
    await elsewhere.prove(models);
    const proofs = (of: string) =>
      readdirSync(of).filter((name) => readFileSync(join(of, name), 'utf8').includes('"ddos"'));
    const [good = '', forged = ''] = [...proofs(memory), ...proofs(elsewhere.memory)];
    writeFileSync(join(memory, forged), readFileSync(join(memory, good)));
    expect((await prove(models)).asked).toEqual(['ddos']);
  });

  it('is not remembered for files that were others while they were asked', async () => {
    const { memory } = asking();
    const models = modelsWith();
    const verify: ProofOptions['verify'] = (folder, specialist) => {
      editContract(folder, (model) => (model.description += '.'));
      return Promise.resolve({
        verification: { specialist, outcome: 'passed', version: '1.0.0', reference: true, checks: [] },
      });
    };
    await proveSpecialists(candidatesIn(models), { memory, runtime: 'a 1.0', verify });
    expect(await asking({ memory }).prove(modelsWith())).toEqual(ALL);
  });

  it('needs no memory that can be written', async () => {
    const file = join(newFolder(), 'a-file');
    writeFileSync(file, '');
    const { prove } = asking({ memory: join(file, 'proofs') });
    expect(await prove(modelsWith())).toEqual(ALL);
    expect(await prove(modelsWith())).toEqual(ALL);
  });
});

describe('the app with models of one’s own', () => {
  /** The app as the CDK command line runs it, from sources. */
  function app(models: string): Promise<{ code: number; said: string; stacks: number }> {
    const folder = newFolder();
    const variables = { CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ env: 'dev', models }) };
    return new Promise((done) => {
      execFile(
        process.execPath,
        [...QUICK_WASM, '--import', 'tsx', join(ROOT, 'bin/app.ts')],
        { cwd: ROOT, env: { ...process.env, ...variables } },
        (error, _out, said) => {
          const stacks = readdirSync(folder, { recursive: true }).filter((name) =>
            String(name).endsWith('.template.json'),
          );
          done({ code: error === null ? 0 : Number(error.code), said, stacks: stacks.length });
        },
      );
    });
  }

  it('ends with 1 and every reason, without a stack trace or a stack', async () => {
    const [noScaler, , otherPass] = FAULTS;
    const models = modelsWith({
      ddos: noScaler?.plant ?? copyOf,
      webattacks: otherPass?.plant ?? copyOf,
    });
    rmSync(join(models, 'general', 'golden.json'));
    const [wrong, nowhere] = await Promise.all([app(models), app(join(models, 'nowhere'))]);
    expect(wrong.said).toContain(`The specialists in ${models} are not proven to answer right`);
    expect(wrong.said).toMatch(/- ddos, golden: ddos fails its self-test on \d+ of \d+ golden vectors/);
    expect(wrong.said).toMatch(/- webattacks, golden: webattacks fails its self-test/);
    expect(wrong.said).toContain('- general, contract: general/golden.json: given "ENOENT"');
    expect(wrong.said).toContain('missing or doubled scaler');
    expect(wrong.said).not.toMatch(/bruteforce|^\s+at /m);
    expect([wrong.code, wrong.stacks]).toEqual([1, 0]);
    expect(nowhere.said).toMatch(/models: given .+nowhere, which is no folder/);
    expect([nowhere.code, nowhere.stacks]).toEqual([64, 0]);
  });
});
