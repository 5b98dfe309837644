import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { explainIssues } from '../../config/issues';
import { environmentSchema } from '../../config/schema';
import { UserError } from '../../errors';
import { specialistProfile } from '../profile';
import type { FleetModel } from './problem-of';

/** Most models of a file: about what the solver proves in seconds. */
const MOST_MODELS = 500;

/** SageMaker answers a request within a minute or not at all (InvokeEndpoint). */
const MOST_SERVICE_MS = 60_000;

/** Orders of magnitude beyond what endpoints of one account carry, within which the solver's numbers stay exact. */
const MOST_RPS = 100_000;
const LEAST_SERVICE_MS = 0.01;
const LEAST_MEMORY_MB = 0.1;
const MOST_MEMORY_MB = 10_000_000;

/** SageMaker's limit for the name of a model. */
const MAX_NAME = 63;

const traffic = environmentSchema.shape.traffic.shape.general;

const model = traffic.safeExtend({
  name: z
    .string()
    .max(MAX_NAME)
    .regex(
      /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
      'letters, digits and single hyphens between them, as SageMaker takes them',
    ),
  averageRps: traffic.shape.averageRps.max(MOST_RPS),
  peakRps: traffic.shape.peakRps.max(MOST_RPS),
  serviceMs: specialistProfile.shape.serviceMs.min(LEAST_SERVICE_MS).max(MOST_SERVICE_MS),
  memoryMb: specialistProfile.shape.memoryMb.min(LEAST_MEMORY_MB).max(MOST_MEMORY_MB),
});

/** A file of models, version 1. */
export const modelsFileSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    models: z.array(model).min(1).max(MOST_MODELS),
  })
  .superRefine(({ models }, ctx) => {
    const first = new Map<string, number>();
    for (const [index, { name }] of models.entries()) {
      // SageMaker tells names of endpoints apart whatever their letter case.
      const key = name.toLowerCase();
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, index);
      else {
        ctx.addIssue({
          code: 'custom',
          path: ['models', index, 'name'],
          message: `a name that no other model has in any letter case; models[${earlier}] has it`,
          input: name,
        });
      }
    }
  });

/**
 * Checks the content of a file of models.
 *
 * @param label how it is called in an error: its file
 * @throws UserError with every error at once
 */
export function parseModels(label: string, input: unknown): FleetModel[] {
  const parsed = modelsFileSchema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data.models;
  const lines = explainIssues(modelsFileSchema, parsed.error);
  throw new UserError(
    `models ${label} are not valid (schema version 1):\n${lines.map((line) => `  - ${line}`).join('\n')}`,
  );
}

/**
 * Reads a file of models.
 *
 * @throws UserError when it does not exist, is no JSON, or does not keep to the schema
 */
export function loadModels(file: string): FleetModel[] {
  if (!existsSync(file)) {
    throw new UserError(
      `there is no file of models ${file}: give one such as {"schemaVersion": 1, "models": [{"name": "tenant-1", "averageRps": 0.2, "peakRps": 2, "serviceMs": 5, "memoryMb": 32}]}`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`models ${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  return parseModels(file, content);
}
