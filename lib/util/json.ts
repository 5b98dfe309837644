/** A value as it stands in a template once tokens are gone; absent properties read as undefined. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonRecord;

/** A JSON object. */
export interface JsonRecord {
  readonly [key: string]: Json;
}

/** Whether the value is an object and no list. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is anything else. */
export function recordOf(value: Json): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The value as a list, as IAM and CloudFormation read it: one alone is a list of one, none is an empty list. */
export function listOf(value: Json): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** Texts of a list or of one value alone; what is no text is written as JSON. */
export function textsOf(value: Json): readonly string[] {
  return listOf(value).map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

/** The value when it is a text that is not empty. */
export function textOf(value: Json): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value as a number, also when a template carries it as text; undefined when it is none. */
export function numberOf(value: Json): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Whether the value is true, also when a template carries it as text. */
export function isTrue(value: Json): boolean {
  return value === true || value === 'true';
}
