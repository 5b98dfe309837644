import * as z from 'zod';
import { answerSchema, errorSchema, legacyAnswerSchema, requestSchema } from './api-schema';
import { FAILURE_CODES, RETRY_AFTER, STATUS } from './failure';
import { LEGACY_TYPE } from './render-response';

const schemaOf = (schema: z.ZodType): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
};

const REQUEST = {
  ...schemaOf(requestSchema),
  // Which zod says in words only.
  oneOf: [{ required: ['instances'] }, { required: ['records'] }],
};

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Every status that is no answer, with the codes that it stands for. */
function failures(): Record<string, object> {
  const codes = new Map<number, string[]>();
  for (const code of FAILURE_CODES) codes.set(STATUS[code], [...(codes.get(STATUS[code]) ?? []), code]);
  return Object.fromEntries(
    [...codes].map(([status, named]) => {
      const later = named.some((code) => RETRY_AFTER[code as keyof typeof RETRY_AFTER] !== undefined);
      const headers = later
        ? { 'retry-after': { description: 'Seconds after which to try again', schema: { type: 'integer' } } }
        : undefined;
      const content = { 'application/json': { schema: ref('Error') } };
      return [String(status), { description: named.join(', '), ...(headers && { headers }), content }];
    }),
  );
}

/** The interface of the inference function as an OpenAPI 3.1 document, made from the schemas that it is checked with. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mini-XDR inference',
      version: '1.0.0',
      description:
        'Classifies network flows. Callers sign requests with AWS Signature Version 4 for the service lambda; direct invocation takes and gives the same bodies without HTTP around them.',
    },
    security: [{ sigv4: [] }],
    paths: {
      '/': {
        post: {
          operationId: 'predict',
          summary: 'Classify flows',
          requestBody: { required: true, content: { 'application/json': { schema: ref('Request') } } },
          responses: {
            '200': {
              description: 'One prediction a row, in order',
              content: {
                'application/json': { schema: ref('Answer') },
                [LEGACY_TYPE]: { schema: ref('LegacyAnswer') },
              },
            },
            ...failures(),
          },
        },
      },
    },
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, service lambda',
        },
      },
      schemas: {
        Request: REQUEST,
        Answer: schemaOf(answerSchema),
        LegacyAnswer: schemaOf(legacyAnswerSchema),
        Error: schemaOf(errorSchema),
      },
    },
  };
}
