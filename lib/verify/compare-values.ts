import { type Found, failed } from './check-outcome';

/** What can be told apart and spelled. */
type Compared = string | number | boolean | undefined;

const spell = (value: Compared): string => {
  if (value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
};

/** Finds nothing where a value is the planned one. */
export function compare(what: string, given: Compared, planned: Compared, remedy: string): Found[] {
  if (given === planned) return [];
  return [failed(`${what} is ${spell(given)}, planned ${spell(planned)}`, remedy)];
}
