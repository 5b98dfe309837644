import { readdirSync } from 'node:fs';
import { Yaml } from 'cdk8s';
import { projectPath } from '../../lib/util/project-path';
import { textOf } from '../docs/documents';

/** A step of a job, or of an action. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

export interface Workflow {
  /** What starts it. The reader takes the key `on` for the truth value that it is in YAML 1.1. */
  readonly true: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Action {
  readonly runs: { readonly steps: readonly Step[] };
}

function parsed(file: string): unknown {
  return Yaml.load(projectPath(file))[0];
}

/** Files of the workflows, by name. */
export const WORKFLOW_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(projectPath('.github/workflows')).map((file) => [
    file.replace(/\.yml$/, ''),
    `.github/workflows/${file}`,
  ]),
);

const ACTION = '.github/actions/prepare/action.yml';

export const WORKFLOWS: Readonly<Record<string, Workflow>> = Object.fromEntries(
  Object.entries(WORKFLOW_FILES).map(([name, file]) => [name, parsed(file) as Workflow]),
);

/** Steps of the action that both jobs of a deployment start with. */
export const PREPARATION: readonly Step[] = (parsed(ACTION) as Action).runs.steps;

/** Text of every file of workflows and actions. */
export const TEXTS: readonly string[] = [...Object.values(WORKFLOW_FILES), ACTION].map(textOf);

/** Every step of every workflow and action. */
export const STEPS: readonly Step[] = [
  ...Object.values(WORKFLOWS).flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps)),
  ...PREPARATION,
];
