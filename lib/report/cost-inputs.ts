import type { Report } from './schema';

type CostLine = Report['cost']['lines'][number];
export type CostInput = NonNullable<CostLine['inputs']>[number];

/** A line of the bill with what it is made of. */
export interface ExplainedLine {
  readonly item: string;
  readonly inputs: readonly CostInput[];
}

/** Lines that say what they are made of; reports of earlier versions do not. */
export function explainedLines({ cost }: Report): ExplainedLine[] {
  return cost.lines.flatMap(({ item, inputs }) => (inputs === undefined ? [] : [{ item, inputs }]));
}

/** An amount or a price with as many digits as it takes to work a cent out again. */
export function amount(value: number): string {
  const digits = Number(value.toPrecision(9));
  // Never in powers of ten, which nobody adds up.
  return Math.abs(digits) >= 1e-6 || digits === 0 ? String(digits) : digits.toFixed(12).replace(/0+$/, '');
}

/** `0.0924 per hour`. */
export function unitPrice({ usd, unit }: CostInput): string {
  return `${amount(usd)} per ${unit}`;
}

/** Where a price is to be found and how sure it is: `sagemaker.hosting.ml.m6g.large (price-list-2026-05, sure)`. */
export function origin({ price, source, confidence }: CostInput): string {
  return `${price} (${source}, ${confidence})`;
}

/** How to read the inputs. */
export const INPUTS_HINT =
  'Amount times price, added up and rounded to cents, is the line of the bill; the free tier is not deducted.';
