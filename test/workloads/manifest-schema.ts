import Ajv, { type ValidateFunction } from 'ajv';
import { textOf } from '../../lib/compliance/json';
import type { Manifest } from '../../lib/workloads';
import kubernetes from './kubernetes-1.36.json';

/** What EKS Auto Mode's TargetGroupBinding takes of this project; it knows no targetGroupName (aws/containers-roadmap#2621). */
const TARGET_GROUP_BINDING = {
  type: 'object',
  properties: {
    apiVersion: { const: 'eks.amazonaws.com/v1' },
    kind: { const: 'TargetGroupBinding' },
    metadata: { $ref: 'urn:kubernetes:v1.36#/definitions/ObjectMeta' },
    spec: {
      type: 'object',
      properties: {
        targetGroupARN: { type: 'string', pattern: '^arn:aws[a-z-]*:elasticloadbalancing:' },
        targetType: { enum: ['instance', 'ip'] },
        serviceRef: {
          type: 'object',
          properties: { name: { type: 'string' }, port: { type: ['integer', 'string'] } },
          required: ['name', 'port'],
          additionalProperties: false,
        },
      },
      required: ['targetGroupARN', 'serviceRef'],
      additionalProperties: false,
    },
  },
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
};

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(kubernetes, 'urn:kubernetes:v1.36');

const VALIDATORS: Readonly<Record<string, () => ValidateFunction>> = {
  ...Object.fromEntries(
    Object.entries(kubernetes.kinds).map(([kind, { $ref }]) => [
      kind,
      once(() => ajv.compile({ $ref: `urn:kubernetes:v1.36${$ref}` })),
    ]),
  ),
  'eks.amazonaws.com/v1/TargetGroupBinding': once(() => ajv.compile(TARGET_GROUP_BINDING)),
};

/** What the API server of Kubernetes 1.36 would not know or not take; none when the manifest is valid. */
export function schemaErrors(manifest: Manifest): string[] {
  const kind = [manifest['apiVersion'], manifest['kind']].map(textOf).join('/');
  const validate = VALIDATORS[kind]?.();
  if (validate === undefined) return [`${kind} is no kind that the schema holds`];
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
