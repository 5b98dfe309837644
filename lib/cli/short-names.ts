import { environmentPrefix } from '../config/resource-names';

/** Stacks by their short names (`Data` for `mini-xdr-dev-Data`), so that environments compare line by line. */
export function byShortName<T>(environment: string, stacks: Readonly<Record<string, T>>): Record<string, T> {
  const prefix = `${environmentPrefix(environment)}-`;
  return Object.fromEntries(
    Object.entries(stacks).map(([name, stack]) => [
      name.startsWith(prefix) ? name.slice(prefix.length) : name,
      stack,
    ]),
  );
}
