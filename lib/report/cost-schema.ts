import { z } from 'zod';

const costInputSchema = z.strictObject({
  price: z.string().describe('key in the price book, or of the configuration that states the price'),
  what: z.string().describe('what is counted'),
  usd: z.number().describe('USD for one unit'),
  unit: z.string(),
  expected: z.number().describe('amount a month at the expected traffic, in that unit'),
  idle: z.number().describe('amount without traffic'),
  max: z.number().describe('amount with everything scaled out all the time'),
  source: z.string().describe('where the price comes from, by its name in the price book'),
  confidence: z.enum(['sure', 'likely', 'unverified']),
});

const costLineSchema = z.strictObject({
  // Optional: earlier reports do not say it.
  part: z.string().optional().describe('name of the part that it belongs to'),
  item: z.string(),
  monthlyUsd: z.number().describe('USD a month at the expected traffic'),
  idleMonthlyUsd: z.number().describe('USD a month without traffic'),
  maxMonthlyUsd: z.number().describe('USD a month with everything scaled out all the time'),
  source: z.string(),
  // Optional: earlier reports do not say it.
  inputs: z
    .array(costInputSchema)
    .optional()
    .describe('amounts and prices; the sum of their products, rounded to cents, is the line'),
});

const money = {
  monthlyUsd: z.number().describe('USD a month at the expected traffic'),
  idleMonthlyUsd: z.number().describe('USD a month without traffic'),
  maxMonthlyUsd: z.number().describe('USD a month with everything scaled out all the time'),
};

const partSchema = z.strictObject({
  part: z.string(),
  switch: z
    .string()
    .optional()
    .describe('configuration key that turns the part off; absent where nothing does'),
  ...money,
});

/** The bill. Version 1 of the report; fields may be added, never taken away. */
export const costSchema = z.strictObject({
  budgetUsd: z.number(),
  monthlyUsd: z.number(),
  idleMonthlyUsd: z.number(),
  maxMonthlyUsd: z.number(),
  lines: z.array(costLineSchema),
  // Optional: earlier reports do not have them.
  parts: z.array(partSchema).optional().describe('sums of the lines by part; they add up to the totals'),
});
