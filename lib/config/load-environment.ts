import { UserError } from '../util/user-error';
import { ENVIRONMENTS } from './environments';
import { explainIssues } from '../util/schema-issues';
import { type Environment, environmentSchema } from './environment';

/** Where an environment lives: the account stays undefined for a synth that no account is known for. */
export interface Target {
  readonly account?: string;
  readonly region: string;
}

/** Names of the environments that exist, in the order in which they are promoted. */
export function environmentNames(): string[] {
  return Object.keys(ENVIRONMENTS);
}

/**
 * Checks raw configuration against the schema.
 *
 * @param label how the configuration is called in an error, such as `environment dev`
 * @throws UserError with every error at once: key, value given, what is allowed
 */
export function parseEnvironment(label: string, input: unknown): Environment {
  const parsed = environmentSchema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const lines = explainIssues(environmentSchema, parsed.error);
  throw new UserError(
    `${label} is not valid (${lines.length} error${lines.length === 1 ? '' : 's'}):\n${lines
      .map((line) => `  - ${line}`)
      .join('\n')}`,
  );
}

/**
 * The environment of that name, validated.
 *
 * @throws UserError when no such environment exists or its values are not valid
 */
export function loadEnvironment(name: string): Environment {
  const input = Object.hasOwn(ENVIRONMENTS, name) ? ENVIRONMENTS[name] : undefined;
  if (input === undefined) {
    throw new UserError(`there is no environment "${name}"; there are: ${environmentNames().join(', ')}`);
  }
  return parseEnvironment(`environment ${name}`, input);
}

/**
 * Account and region that an environment is for: its own values first, then those of the CDK environment
 * (`CDK_DEFAULT_ACCOUNT`, `CDK_DEFAULT_REGION`), which the entry points hand in.
 *
 * @throws UserError when neither names a region: prices, quotas and zones depend on it
 */
export function resolveTarget(environment: Environment, cdk: { account?: string; region?: string }): Target {
  const region = environment.region ?? cdk.region;
  if (region === undefined || region === '') {
    throw new UserError(
      `environment ${environment.name} names no region and the CDK environment gives none: set "region" in its file, or AWS_REGION`,
    );
  }
  const account = environment.account ?? cdk.account;
  return account === undefined || account === '' ? { region } : { account, region };
}
