import type { Cause, ReviewedResource, StatefulState } from './stateful-model';
import { replacing } from './stateful-state';
import { referencesIn } from './template-values';

/** What replaces a resource that stands on both sides of a comparison; empty where nothing does. */
export type CausesOf = (id: string) => readonly Cause[];

/**
 * Finds what replaces each resource: a property of its own that changed, or one that refers to a resource that is
 * replaced itself. References in other properties do not spread a replacement: CloudFormation updates those in place.
 */
export function replacementCauses(before: StatefulState, after: StatefulState): CausesOf {
  const known = new Map<string, readonly Cause[]>();
  const causesOf: CausesOf = (id) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    // Templates hold no circles, and a golden file that was edited by hand must not hang.
    known.set(id, []);
    const [old, fresh] = [before[id], after[id]];
    if (old === undefined || fresh?.type !== old.type) return [];
    const causes = propertiesOf(old, fresh).flatMap((property) => cause(property, old, fresh, causesOf));
    known.set(id, causes);
    return causes;
  };
  return causesOf;
}

function propertiesOf(old: ReviewedResource, fresh: ReviewedResource): readonly string[] {
  return [...new Set([...replacing(old), ...replacing(fresh)])];
}

function cause(
  property: string,
  old: ReviewedResource,
  fresh: ReviewedResource,
  causesOf: CausesOf,
): readonly Cause[] {
  const [from, to] = [old.properties[property], fresh.properties[property]];
  if (from !== to) return [{ property, from, to }];
  for (const target of referencesIn(to ?? '')) {
    const [first] = causesOf(target);
    if (first !== undefined) return [{ property, from, to, through: `${target} (${rootOf(first)})` }];
  }
  return [];
}

function rootOf({ property, from, to, through }: Cause): string {
  return through === undefined
    ? `${property}: ${from ?? 'not set'} → ${to ?? 'not set'}`
    : `${property}, through ${through}`;
}
