/** How many keys of the order belong to the same family as a key, by its first parts: the position after the last one. */
function afterSiblings(order: readonly string[], key: string): number {
  const parts = key.split('.');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const family = `${parts.slice(0, length).join('.')}.`;
    const last = order.findLastIndex((other) => other.startsWith(family));
    if (last >= 0) return last + 1;
  }
  return order.length;
}

/** An order with further keys in it, each behind the last of its family; what was there keeps its place. */
export function withKeys(order: readonly string[], further: Iterable<string>): string[] {
  const all = [...order];
  for (const key of further) {
    if (!all.includes(key)) all.splice(afterSiblings(all, key), 0, key);
  }
  return all;
}
