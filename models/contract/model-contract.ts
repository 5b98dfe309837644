import * as z from 'zod';
import { type ContractProblem, ContractError } from './contract-error';
import { parseWith } from './contract-file';
import { digest, label, orderedNames, share } from './value-schemas';
import { decisionSchema, misfits, populationSchema } from './population';
import { type Figures, evaluationSchema, importedSchema, trainingSchema } from './provenance';

/** Every set of figures of a contract, with the way to it. */
function figuresOf(model: {
  readonly evaluation?: z.infer<typeof evaluationSchema> | undefined;
  readonly imported?: z.infer<typeof importedSchema> | undefined;
}): [path: string[], figures: Figures][] {
  const { heldOut, againstNormal, withoutDestinationPort, otherCapture } = model.evaluation ?? {};
  const all: [string[], Figures | undefined][] = [
    [['evaluation', 'heldOut'], heldOut],
    [['evaluation', 'againstNormal'], againstNormal],
    [['evaluation', 'withoutDestinationPort'], withoutDestinationPort],
    [['evaluation', 'otherCapture'], otherCapture],
    [['imported', 'labelledRows'], model.imported?.labelledRows],
  ];
  return all.flatMap(([path, figures]) => (figures === undefined ? [] : [[path, figures]]));
}

/** Schema of `model.json`: what a specialist takes, what it answers, and where it comes from. */
export const modelContractSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    name: z.string().regex(/^[a-z][a-z0-9]*$/, 'lower-case letters and digits'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0'),
    reference: z.boolean().describe('true for a model that this project trained on public data'),
    description: label,
    graph: z.strictObject({
      file: z.literal('model.onnx'),
      sha256: digest,
      input: label,
      output: label,
    }),
    features: orderedNames(1),
    classes: orderedNames(2),
    untrained: z.array(label).describe('classes that had no training data and are never answered'),
    decision: decisionSchema.optional(),
    training: trainingSchema.optional().describe('of a model that this project trained'),
    evaluation: evaluationSchema.optional(),
    imported: importedSchema.optional().describe('of a model that came as a checkpoint'),
    population: populationSchema.optional(),
  })
  .superRefine((model, ctx) => {
    for (const misfit of misfits(model)) ctx.addIssue({ code: 'custom', ...misfit });
    const strangers = (names: readonly string[]) => names.filter((name) => !model.classes.includes(name));
    const mustBeClasses = (path: (string | number)[], names: readonly string[]) => {
      for (const name of strangers(names)) {
        ctx.addIssue({ code: 'custom', path, input: name, message: `one of ${model.classes.join(', ')}` });
      }
    };
    mustBeClasses(['untrained'], model.untrained);
    if ((model.training === undefined) === (model.imported === undefined)) {
      const message = 'exactly one of "training" and "imported": where the model comes from';
      ctx.addIssue({ code: 'custom', path: ['training'], input: model.training, message });
    }
    if (model.training !== undefined && model.evaluation === undefined) {
      const message = 'figures on flows that the model was not trained on';
      ctx.addIssue({ code: 'custom', path: ['evaluation'], input: undefined, message });
    }
    mustBeClasses(['training', 'labels'], Object.values(model.training?.labels ?? {}));
    for (const [path, { perClass, confusion }] of figuresOf(model)) {
      mustBeClasses(
        [...path, 'perClass'],
        perClass.map((line) => line.class),
      );
      const width = model.classes.length;
      if (confusion.length !== width || confusion.some((row) => row.length !== width)) {
        const message = `${width} rows of ${width} counts, one a class`;
        const input = `${confusion.length} rows of ${confusion.map((row) => row.length).join(', ')}`;
        ctx.addIssue({ code: 'custom', path: [...path, 'confusion'], input, message });
      }
    }
  });

/** A validated `model.json`. */
export type ModelContract = z.infer<typeof modelContractSchema>;

/** Schema of `golden.json`: raw rows with the answer that the model must give. */
export const goldenSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    model: label,
    features: orderedNames(1),
    classes: orderedNames(2),
    tolerance: z
      .number()
      .positive()
      .max(0.01)
      .describe('how far a probability may be off, for kernels that round differently'),
    vectors: z
      .array(
        z.strictObject({
          id: label,
          row: z.array(z.number()),
          expected: z.strictObject({ class: label, probabilities: z.array(share) }),
        }),
      )
      .min(1),
  })
  .superRefine((golden, ctx) => {
    golden.vectors.forEach(({ row, expected }, index) => {
      const at = (...rest: string[]) => ['vectors', index, ...rest];
      const { probabilities } = expected;
      if (row.length !== golden.features.length) {
        const message = `${golden.features.length} values, one a feature`;
        ctx.addIssue({ code: 'custom', path: at('row'), input: `${row.length} values`, message });
      }
      if (probabilities.length !== golden.classes.length) {
        const path = at('expected', 'probabilities');
        const message = `${golden.classes.length} values, one a class`;
        ctx.addIssue({ code: 'custom', path, input: `${probabilities.length} values`, message });
      } else if (golden.classes[probabilities.indexOf(Math.max(...probabilities))] !== expected.class) {
        const message = 'the class of the highest expected probability';
        ctx.addIssue({ code: 'custom', path: at('expected', 'class'), input: expected.class, message });
      }
    });
  });

/** A validated `golden.json`. */
export type Golden = z.infer<typeof goldenSchema>;

/**
 * Validates the content of a `model.json`.
 *
 * @param file how the file is called in an error, such as `general/model.json`
 * @throws ContractError with every problem at once
 */
export function parseModelContract(file: string, input: unknown): ModelContract {
  return parseWith(modelContractSchema, file, input);
}

/**
 * Validates the content of a `golden.json`.
 *
 * @param file how the file is called in an error, such as `general/golden.json`
 * @throws ContractError with every problem at once
 */
export function parseGolden(file: string, input: unknown): Golden {
  return parseWith(goldenSchema, file, input);
}

function firstDifference(left: readonly string[], right: readonly string[]): number {
  const length = Math.max(left.length, right.length);
  for (let i = 0; i < length; i++) if (left[i] !== right[i]) return i;
  return -1;
}

/**
 * Checks that golden vectors belong to a model: same name, same order of features and classes, and
 * at least one vector for every class that the model was trained on.
 *
 * The order is written down in both files, so a change in one of them alone is caught even where the
 * swapped features are equal in every golden row.
 *
 * @param file how the golden file is called in an error
 * @throws ContractError with every problem at once
 */
export function checkGoldenMatches(file: string, model: ModelContract, golden: Golden): void {
  const problems: ContractProblem[] = [];
  if (golden.model !== model.name) {
    problems.push({ file, key: 'model', given: golden.model, allowed: `${model.name}, as in model.json` });
  }
  for (const key of ['features', 'classes'] as const) {
    const at = firstDifference(golden[key], model[key]);
    if (at >= 0) {
      const allowed = `${model[key][at] ?? 'nothing'}, as in model.json`;
      problems.push({ file, key: `${key}[${at}]`, given: golden[key][at], allowed });
    }
  }
  const covered = new Set(golden.vectors.map((vector) => vector.expected.class));
  for (const name of model.classes) {
    if (!covered.has(name) && !model.untrained.includes(name)) {
      problems.push({ file, key: 'vectors', given: undefined, allowed: `a vector of class ${name}` });
    }
  }
  if (problems.length > 0) throw new ContractError(problems);
}
