import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPECIALISTS } from '../../../models/catalogue';
import { parseGolden, parseModelContract } from '../../../models/contract/model-contract';
import { ContractError } from '../../../models/contract/contract-error';
import { readSpecialistFolder } from '../../../models/contract/specialist-folder';
import {
  contractOf,
  copyOf,
  editContract,
  editGolden,
  goldenOf,
  removeFolders,
  shipped,
} from '../../support/models/specialist';

afterAll(removeFolders);

function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ContractError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the contract of a specialist', () => {
  it.each(SPECIALISTS)('%s ships files that keep it', (name) => {
    const { model, golden } = readSpecialistFolder(shipped(name));
    expect(model.name).toBe(name);
    expect(model.reference).toBe(true);
    expect(model.features).toHaveLength(78);
    expect(golden.vectors.length).toBeGreaterThanOrEqual(10);
  });

  it('gives general its seven classes in order, and the others two', () => {
    expect(contractOf('general').classes).toEqual([
      'Normal',
      'DDoS/DoS',
      'Network Reconnaissance',
      'Brute Force',
      'Web Application Attack',
      'Malware/Botnet',
      'Advanced Persistent Threat',
    ]);
    for (const name of ['ddos', 'bruteforce', 'webattacks'] as const) {
      expect(contractOf(name).classes).toEqual(['Normal', 'Attack']);
    }
  });

  it('tells every problem of model.json at once: file, key, value and what is allowed', () => {
    const { version, ...rest } = contractOf('ddos');
    const broken = {
      ...rest,
      reference: 'yes',
      scaler: 'scaler.pkl',
      graph: { ...rest.graph, sha256: 'short' },
      features: ['a', 7],
    };
    const problems = problemsOf(() => parseModelContract('ddos/model.json', broken));
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(problems).toEqual(
      expect.arrayContaining([
        'ddos/model.json: version: given nothing; allowed is a value of type string',
        'ddos/model.json: reference: given "yes"; allowed is a value of type boolean',
        'ddos/model.json: graph.sha256: given "short"; allowed is 64 lower-case hexadecimal digits',
        'ddos/model.json: features[1]: given 7; allowed is a value of type string',
        'ddos/model.json: scaler: given "scaler"; allowed is no such key',
      ]),
    );
    expect(problems).toHaveLength(5);
  });

  it('refuses a feature or a class that is named twice', () => {
    const model = contractOf('ddos');
    const twice = { ...model, features: model.features.map(() => 'Flow Duration') };
    expect(problemsOf(() => parseModelContract('ddos/model.json', twice))[0]).toMatch(
      /features: given .+; allowed is names that differ from each other/,
    );
  });

  it('refuses an untrained class, a label or a figure that is none of the classes', () => {
    const model = contractOf('ddos');
    const broken = { ...model, untrained: ['Worm'] };
    expect(problemsOf(() => parseModelContract('ddos/model.json', broken))).toEqual([
      'ddos/model.json: untrained: given "Worm"; allowed is one of Normal, Attack',
    ]);
  });

  it('refuses figures of other classes, or that count another number of them', () => {
    const model = contractOf('ddos');
    const { evaluation } = model;
    if (evaluation === undefined) throw new Error('no figures');
    const [line, ...lines] = evaluation.heldOut.perClass;
    if (line === undefined) throw new Error('no classes');
    const againstNormal = {
      ...evaluation.heldOut,
      calibration: undefined,
      perClass: [{ ...line, class: 'Worm' }, ...lines],
      confusion: [[1, 2], [3]],
    };
    const broken = { ...model, evaluation: { ...evaluation, againstNormal } };
    Reflect.deleteProperty(againstNormal, 'calibration');
    expect(problemsOf(() => parseModelContract('ddos/model.json', broken))).toEqual([
      'ddos/model.json: evaluation.againstNormal.perClass: given "Worm"; allowed is one of Normal, Attack',
      'ddos/model.json: evaluation.againstNormal.confusion: given "2 rows of 2, 1"; allowed is 2 rows of 2 counts, one a class',
    ]);
  });

  it('asks where a model comes from: trained with figures, or imported, and never both', () => {
    const { training, evaluation, ...model } = contractOf('ddos');
    const imported = {
      checkpoint: { file: 'ddos.pth', sha256: 'ab'.repeat(32) },
      forward: 'interaction added',
      chosenBy: 'expected outputs' as const,
      scaler: 'inside the checkpoint',
      parity: { rows: 3, largestDifference: 1e-7 },
    };
    const of = (parts: object) => problemsOf(() => parseModelContract('m', { ...model, ...parts }));
    const where = 'allowed is exactly one of "training" and "imported": where the model comes from';
    expect(of({ imported })).toEqual([]);
    expect(of({ training, evaluation })).toEqual([]);
    expect(of({})).toEqual([`m: training: given nothing; ${where}`]);
    expect(of({ training, evaluation, imported })[0]).toContain(where);
    expect(of({ training })).toEqual([
      'm: evaluation: given nothing; allowed is figures on flows that the model was not trained on',
    ]);
  });

  it('refuses golden vectors that are too short, or whose class is not their most probable one', () => {
    const golden = goldenOf('ddos');
    const [first, second] = golden.vectors;
    if (first === undefined || second === undefined) throw new Error('no vectors');
    const vectors = [
      { ...first, row: first.row.slice(1) },
      { ...second, expected: { ...second.expected, class: 'Attack' } },
    ];
    expect(problemsOf(() => parseGolden('ddos/golden.json', { ...golden, vectors }))).toEqual([
      'ddos/golden.json: vectors[0].row: given "77 values"; allowed is 78 values, one a feature',
      'ddos/golden.json: vectors[1].expected.class: given "Attack"; allowed is the class of the highest expected probability',
    ]);
  });

  it('refuses a tolerance so wide that a wrong model would pass', () => {
    const problems = problemsOf(() => parseGolden('g', { ...goldenOf('ddos'), tolerance: 0.5 }));
    expect(problems).toEqual(['g: tolerance: given 0.5; allowed is at most 0.01']);
  });

  it('refuses golden vectors that leave out a class which the model was trained on', () => {
    const folder = copyOf('ddos');
    editGolden(folder, (golden) => {
      golden.vectors = golden.vectors.filter(({ expected }) => expected.class === 'Normal');
    });
    expect(problemsOf(() => readSpecialistFolder(folder))).toEqual([
      'ddos/golden.json: vectors: given nothing; allowed is a vector of class Attack',
    ]);
    editContract(folder, (model) => {
      model.untrained = ['Attack'];
    });
    expect(problemsOf(() => readSpecialistFolder(folder))).toEqual([]);
  });

  it('names a file that is missing or no JSON', () => {
    const folder = copyOf('ddos');
    const text = readFileSync(join(folder, 'golden.json'), 'utf8');
    writeFileSync(join(folder, 'golden.json'), text.slice(0, 100));
    expect(problemsOf(() => readSpecialistFolder(folder))[0]).toMatch(
      /^ddos\/golden\.json: given .+; allowed is JSON$/,
    );
    expect(problemsOf(() => readSpecialistFolder(join(folder, 'nowhere')))).toEqual([
      'nowhere/model.json: given "ENOENT"; allowed is a readable file',
    ]);
  });
});
