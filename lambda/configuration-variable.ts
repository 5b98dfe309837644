import type * as z from 'zod';

/** An environment variable that holds a function's whole configuration as JSON. */
export interface ConfigurationVariable<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** What it must be, for when it is not set. */
  readonly mustBe: string;
  /** What is wrong, in words of one's own. @default - the schema's message */
  readonly explain?: (issue: z.core.$ZodIssue) => string | undefined;
}

/**
 * Reads a function's whole configuration at its cold start.
 *
 * @param text of the variable; undefined where it is not set
 * @throws Error that names every key that is wrong and what is allowed there
 */
export function parseVariable<T>(variable: ConfigurationVariable<T>, text: string | undefined): T {
  const { name, schema, mustBe, explain } = variable;
  if (text === undefined) throw new Error(`${name} is not set; it must ${mustBe}`);
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `${[name, ...issue.path.map(String)].join('.')}: ${explain?.(issue) ?? issue.message}`,
  );
  throw new Error(lines.join('\n'));
}
