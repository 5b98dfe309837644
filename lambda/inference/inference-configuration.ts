import * as z from 'zod';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import { parseVariable } from '../configuration-variable';

const endpointRoute = z.strictObject({
  endpointName: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'the name of a SageMaker endpoint'),
  targetModel: z
    .string()
    .min(1)
    .optional()
    .describe("the model's key below the prefix of a multi-model endpoint"),
  maxPayloadBytes: z
    .int()
    .min(1024)
    .describe('largest request that the endpoint takes; larger ones are split'),
  patienceMs: z
    .int()
    .min(1)
    .describe('how long the endpoint may take, a cold start included where there are any'),
});
const embeddedRoute = z.strictObject({ embedded: z.literal(true) });
const route = z.union([endpointRoute, embeddedRoute]);

const share = z.number().min(0).max(1);

const configurationSchema = z.strictObject({
  environment: z.string().min(1).describe('dimension of every metric'),
  routes: z
    .partialRecord(z.enum(SPECIALISTS), route)
    .refine((routes) => Object.keys(routes).length > 0, 'at least one specialist'),
  fallback: z.boolean().describe('whether the function answers itself when an endpoint fails'),
  challengers: z.partialRecord(z.enum(SPECIALISTS), z.strictObject({ share, shadow: z.boolean() })),
  capture: z
    .strictObject({ bucket: z.string().min(3), sampleRate: share })
    .optional()
    .describe('where samples of rows and answers go; none are kept when absent'),
});

/** An endpoint that serves a specialist. */
export type EndpointRoute = z.infer<typeof endpointRoute>;

/** Where a specialist is served. */
export type Route = z.infer<typeof route>;

/** Where each deployed specialist is served. */
export type Routes = Readonly<Partial<Record<Specialist, Route>>>;

/** All that the function is told when it is deployed. */
export type InferenceConfiguration = z.infer<typeof configurationSchema>;

function explain(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is no key here`;
  return issue.code === 'invalid_union'
    ? 'must be { endpointName, targetModel?, maxPayloadBytes, patienceMs } or { embedded: true }'
    : undefined;
}

/**
 * Reads the function's whole configuration.
 *
 * @param text the variable INFERENCE: JSON
 * @throws Error that names every key that is wrong and what is allowed there
 */
export function parseConfiguration(text: string | undefined): InferenceConfiguration {
  const mustBe = 'say where each specialist is served';
  return parseVariable({ name: 'INFERENCE', schema: configurationSchema, mustBe, explain }, text);
}
