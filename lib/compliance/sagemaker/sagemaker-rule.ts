import type { RenderedResource } from '../rendered-resource';
import type { ResourceTree } from './resource-tree';

/** One fault of a resource. */
export interface Breach {
  /**
   * What is at fault, such as `Image::repository:latest`; stands in brackets behind the rule's id. It determines
   * problem and fix: cdk-nag describes a rule id once for all its resources.
   */
  readonly key: string;
  /** What is wrong, as a full sentence. */
  readonly problem: string;
  /** What to change, as a full sentence. */
  readonly fix: string;
}

/** A rule of this project: a pure function of one resource and of the tree it stands in. */
export interface Rule {
  /** Name behind the pack's own, such as `NarrowInvoke`. */
  readonly id: string;
  /** CloudFormation types that the rule looks at. */
  readonly types: readonly string[];
  /** Why the rule exists, as a full sentence. */
  readonly why: string;
  /** Faults of the resource; none when it complies. */
  readonly check: (resource: RenderedResource, tree: ResourceTree) => readonly Breach[];
}
