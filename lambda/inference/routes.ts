import * as z from 'zod';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';

const endpointRoute = z.strictObject({
  endpointName: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'the name of a SageMaker endpoint'),
  targetModel: z
    .string()
    .min(1)
    .optional()
    .describe("the model's key below the prefix of a multi-model endpoint"),
});
const embeddedRoute = z.strictObject({ embedded: z.literal(true) });
const route = z.union([endpointRoute, embeddedRoute]);

const routesSchema = z
  .partialRecord(z.enum(SPECIALISTS), route)
  .refine((routes) => Object.keys(routes).length > 0, 'at least one specialist');

/** Where a specialist is served. */
export type Route = z.infer<typeof route>;

/** Where each deployed specialist is served. */
export type Routes = Readonly<Partial<Record<Specialist, Route>>>;

/**
 * Reads the function's whole configuration.
 *
 * @param text JSON: `{ "<specialist>": { "endpointName", "targetModel"? } | { "embedded": true } }`
 * @throws Error that names every key that is wrong and what is allowed there
 */
export function parseRoutes(text: string | undefined): Routes {
  if (text === undefined) throw new Error('ROUTES is not set; it must say where each specialist is served');
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new Error(`ROUTES is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = routesSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const at = ['ROUTES', ...issue.path.map(String)].join('.');
    if (issue.code === 'unrecognized_keys') {
      return `${at}: ${issue.keys.join(', ')} is no specialist; there are ${SPECIALISTS.join(', ')}`;
    }
    return issue.code === 'invalid_union'
      ? `${at}: must be { endpointName, targetModel? } or { embedded: true }`
      : `${at}: ${issue.message}`;
  });
  throw new Error(lines.join('\n'));
}
