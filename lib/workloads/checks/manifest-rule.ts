import { type Json, listOf, recordOf, textOf } from '../../util/json';
import type { Architecture } from '../../config/workloads/workloads-schema';
import type { Manifest } from '../manifest';

/** One fault of one object. */
export interface ManifestFinding {
  /** Id of the rule, such as `PinnedImage`. */
  readonly rule: string;
  /** Kind, namespace and name of the object. */
  readonly resource: string;
  /** What is wrong, as a full sentence. */
  readonly problem: string;
  /** What to change, as a full sentence. */
  readonly fix: string;
}

export interface CheckOptions {
  /** Architecture of the nodes. @default - any, as long as all pods ask for the same one */
  readonly architecture?: Architecture;
  /** Paths at which images hold models. @default MODEL_PATHS */
  readonly modelPaths?: readonly string[];
}

export type Fault = Pick<ManifestFinding, 'problem' | 'fix'>;

/** A rule: a pure function of one object and of all that are applied with it. */
export interface ManifestRule {
  readonly id: string;
  readonly check: (manifest: Manifest, all: readonly Manifest[], options: CheckOptions) => readonly Fault[];
}

/** The pods of an object: of itself or of its template. */
export interface PodsOf {
  readonly labels: Manifest;
  readonly spec: Manifest;
}

const at = (value: Json, ...path: readonly string[]): Json =>
  path.reduce<Json>((inner, key) => recordOf(inner)[key], value);

/** The value at a path of properties; undefined where the path ends early. */
export { at };

/** Pods that an object runs; undefined when it runs none. */
export function podsOf(manifest: Manifest): PodsOf | undefined {
  const template = templateOf(manifest);
  if (template === undefined) return undefined;
  return { labels: recordOf(at(template, 'metadata', 'labels')), spec: recordOf(at(template, 'spec')) };
}

function templateOf(manifest: Manifest): Json {
  switch (manifest['kind']) {
    case 'Pod':
      return manifest;
    case 'CronJob':
      return at(manifest, 'spec', 'jobTemplate', 'spec', 'template');
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'Job':
      return at(manifest, 'spec', 'template') ?? {};
    default:
      return undefined;
  }
}

/** Containers of all sorts. */
export function containersOf({ spec }: PodsOf): Manifest[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    listOf(spec[field]).map(recordOf),
  );
}

/** A container's name, for messages. */
export const nameOf = (container: Manifest): string => textOf(container['name']) ?? 'without a name';

/** Namespace of an object; `default` when it names none. */
export const namespaceOf = (manifest: Manifest): string =>
  textOf(at(manifest, 'metadata', 'namespace')) ?? 'default';

/** Whether a label selector picks these labels (kubernetes.io/docs/concepts/overview/working-with-objects/labels). */
export function selects(selector: Json, labels: Manifest): boolean {
  const exact = Object.entries(recordOf(at(selector, 'matchLabels')));
  const expressions = listOf(at(selector, 'matchExpressions')).map(recordOf);
  return (
    exact.every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => meets(expression, labels))
  );
}

function meets(expression: Manifest, labels: Manifest): boolean {
  const value = labels[textOf(expression['key']) ?? ''];
  const among = listOf(expression['values']).includes(value);
  switch (expression['operator']) {
    case 'In':
      return value !== undefined && among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
