/** What becomes of a resource that leaves the template or is replaced. */
export type Fate = 'Delete' | 'Snapshot' | 'Retain' | 'RetainExceptOnCreate';

/** A resource as the review knows it: only what decides whether an update keeps it. */
export interface ReviewedResource {
  readonly type: string;
  /** Its place in the tree of constructs, such as `Data/Database/Instance`. */
  readonly path: string;
  /** Whether losing it loses something; the others stand here because a stateful one is built on them. */
  readonly stateful: boolean;
  /** Its `DeletionPolicy`, or what CloudFormation does without one. */
  readonly onRemoval: Fate;
  /** Its `UpdateReplacePolicy`, or what CloudFormation does without one. */
  readonly onReplacement: Fate;
  /**
   * Values by property, functions written as text (`${Stack.LogicalId.Attribute}`, also across stacks), account
   * numbers and content hashes taken out. Properties that are not set are absent.
   */
  readonly properties: Readonly<Record<string, string>>;
}

/** An environment's stateful resources and what they are built on, by `Stack.LogicalId`. */
export type StatefulState = Readonly<Record<string, ReviewedResource>>;

/** Why a resource does not stay as it is. */
export interface Cause {
  /** Property, or `DeletionPolicy`, `UpdateReplacePolicy`, `logical id`, `type`. */
  readonly property: string;
  /** Before; undefined where it was not set. */
  readonly from: string | undefined;
  /** After; undefined where it is not set any more. */
  readonly to: string | undefined;
  /** A resource that the property points to and that is replaced itself, with the reason. */
  readonly through?: string;
}

/**
 * What a change does to a stateful resource. `deleted`: it leaves the template. `replaced`: CloudFormation makes a
 * new one. `rekeyed`: it stays, and what it holds already stays under the key of before. `weakened`: it stays, and
 * a later change or removal may take its content along.
 */
export interface Loss {
  readonly kind: 'deleted' | 'replaced' | 'rekeyed' | 'weakened';
  readonly path: string;
  readonly type: string;
  /** `Stack.LogicalId`. */
  readonly id: string;
  readonly causes: readonly Cause[];
  /** What would be lost, in a sentence. */
  readonly lost: string;
  /** How to go on, in a sentence or two. */
  readonly advice: string;
}

/** The outcome of a comparison. */
export interface StatefulChanges {
  /** What must not go through unread. */
  readonly losses: readonly Loss[];
  /** Resources (`Stack.LogicalId`) that are new, or that changed without losing anything: not reviewed yet. */
  readonly unreviewed: readonly string[];
}
