import Ajv, { type ValidateFunction } from 'ajv';
import { textOf } from '../../../lib/util/json';
import type { Manifest } from '../../../lib/workloads';
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

const text = { type: 'string', minLength: 1 };
const closed = (properties: Readonly<Record<string, object>>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const terms = (pattern: string) => ({
  type: 'array',
  minItems: 1,
  items: { ...closed({ id: { type: 'string', pattern }, tags: { type: 'object' } }, []), minProperties: 1 },
});

/** Fields of EKS Auto Mode's NodeClass after docs.aws.amazon.com/eks/latest/userguide/create-node-class.html. */
const NODE_CLASS = closed(
  {
    apiVersion: { const: 'eks.amazonaws.com/v1' },
    kind: { const: 'NodeClass' },
    metadata: {
      $ref: 'urn:kubernetes:v1.36#/definitions/ObjectMeta',
      not: { properties: { name: { const: 'default' } } },
    },
    spec: closed(
      {
        // A name with its path, if any, and no ARN.
        role: { type: 'string', pattern: '^[^:]+$' },
        subnetSelectorTerms: terms('^subnet-[0-9a-f]+$'),
        securityGroupSelectorTerms: terms('^sg-[0-9a-f]+$'),
        snatPolicy: { enum: ['Random', 'Disabled'] },
        networkPolicy: { enum: ['DefaultAllow', 'DefaultDeny'] },
        networkPolicyEventLogs: { enum: ['Enabled', 'Disabled'] },
        ephemeralStorage: closed(
          {
            size: { type: 'string', pattern: '^[0-9]+(Gi|G|Ti|T)$' },
            iops: { type: 'integer', minimum: 3000, maximum: 16000 },
            throughput: { type: 'integer', minimum: 125, maximum: 1000 },
            kmsKeyID: text,
          },
          [],
        ),
        tags: { type: 'object', additionalProperties: text },
      },
      ['role', 'subnetSelectorTerms', 'securityGroupSelectorTerms'],
    ),
  },
  ['apiVersion', 'kind', 'metadata', 'spec'],
);

/** Labels that EKS Auto Mode knows and that are used here; it takes no others with eks.amazonaws.com or karpenter.sh. */
const NODE_LABELS = [
  'karpenter.sh/capacity-type',
  'kubernetes.io/arch',
  'topology.kubernetes.io/zone',
  'eks.amazonaws.com/instance-category',
  'eks.amazonaws.com/instance-generation',
  'eks.amazonaws.com/instance-cpu',
  'eks.amazonaws.com/instance-memory',
];
const DURATION = { type: 'string', pattern: '^(([0-9]+(s|m|h))+|Never)$' };
const COUNT = { type: 'string', pattern: '^[0-9]+%?$' };

/**
 * Fields of a NodePool of Karpenter, v1, less those that nobody here uses, after
 * docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html and karpenter.sh/docs/concepts/nodepools.
 */
const NODE_POOL = closed(
  {
    apiVersion: { const: 'karpenter.sh/v1' },
    kind: { const: 'NodePool' },
    metadata: { $ref: 'urn:kubernetes:v1.36#/definitions/ObjectMeta' },
    spec: closed(
      {
        weight: { type: 'integer', minimum: 1, maximum: 100 },
        template: closed(
          {
            metadata: { type: 'object' },
            spec: closed(
              {
                nodeClassRef: closed(
                  { group: { const: 'eks.amazonaws.com' }, kind: { const: 'NodeClass' }, name: text },
                  ['group', 'kind', 'name'],
                ),
                requirements: {
                  type: 'array',
                  items: closed(
                    {
                      key: { enum: NODE_LABELS },
                      operator: { enum: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] },
                      values: { type: 'array', items: text },
                    },
                    ['key', 'operator'],
                  ),
                },
                taints: { type: 'array' },
                expireAfter: DURATION,
                terminationGracePeriod: DURATION,
              },
              ['nodeClassRef', 'requirements'],
            ),
          },
          ['spec'],
        ),
        limits: { type: 'object', additionalProperties: { type: ['integer', 'string'] } },
        disruption: closed(
          {
            consolidationPolicy: { enum: ['WhenEmpty', 'WhenEmptyOrUnderutilized'] },
            consolidateAfter: DURATION,
            budgets: {
              type: 'array',
              items: closed(
                { nodes: COUNT, schedule: text, duration: DURATION, reasons: { type: 'array' } },
                ['nodes'],
              ),
            },
          },
          ['consolidateAfter'],
        ),
      },
      ['template'],
    ),
  },
  ['apiVersion', 'kind', 'metadata', 'spec'],
);

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
  'eks.amazonaws.com/v1/NodeClass': once(() => ajv.compile(NODE_CLASS)),
  'karpenter.sh/v1/NodePool': once(() => ajv.compile(NODE_POOL)),
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
