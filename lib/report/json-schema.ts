import { z } from 'zod';
import { reportSchema } from './schema';

/** Identifies the report's schema; the number is the report's `schemaVersion`. */
export const REPORT_SCHEMA_ID = 'urn:mini-xdr:preflight-report:1';

/** The report's JSON Schema (draft 2020-12), as published in `docs/report.schema.json`. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      // The bounds of a safe integer hold for every JSON number and say nothing about a report.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { $schema, $id: REPORT_SCHEMA_ID, title: 'Mini-XDR pre-flight report', ...schema };
}
