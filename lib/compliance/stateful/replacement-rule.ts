/** A property that guards against loss while it has its safe value. */
export interface Guard {
  readonly safe: string;
  /** What an absent property means. */
  readonly unset: string;
}

/** Why a type is stateful, and what to do when an update would take a resource of it away. */
export interface Stake {
  /** What is lost with it, as the subject of a sentence. */
  readonly holds: string;
  /** How to get to the same end without the loss; a sentence. */
  readonly instead: string;
  /** Properties that name the key of what it holds: existing content stays under the old one. */
  readonly keys?: readonly string[];
  /** By property. */
  readonly guards?: Readonly<Record<string, Guard>>;
}

/** What CloudFormation does with a type when its properties change. */
export interface TypeRule {
  /** Properties, or dotted paths into them, whose change makes CloudFormation create a new resource. */
  readonly replaces: readonly string[];
  /** The property that holds a name chosen by the template. */
  readonly name?: string;
  /** Absent for what is replaced at no loss, and matters only to what is built on it. */
  readonly stake?: Stake;
  /** A final snapshot is taken where the template gives no `DeletionPolicy`. @default false */
  readonly snapshotByDefault?: boolean;
}
