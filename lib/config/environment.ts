import { z } from 'zod';
import { ADD_ONS, addOnVersionSchema } from './platform/add-on-versions';
import { adminPrincipalSchema } from './platform/admin-principal';
import { certificateSchema } from './network/certificate';
import { databaseSchema } from './data/database-schema';
import { checkDelivery, deliverySchema } from './delivery/delivery-schema';
import { estimatesSchema } from './estimates-schema';
import { inferenceSchema } from './inference-schema';
import { checkNetwork } from './network/network-checks';
import { loadBalancerSchema, networkSchema } from './network/network-schema';
import { observabilitySchema } from './platform/platform-observability';
import { checkWorkloadCapacity } from './workloads/workload-capacity';
import { workloadsSchema } from './workloads/workloads-schema';

/** Hosting modes, from the least to the most reserved capacity; `embedded` uses no SageMaker at all. */
export const HOSTING_MODES = ['serverless', 'dedicated', 'shared', 'embedded'] as const;
export type HostingMode = (typeof HOSTING_MODES)[number];

const traffic = z
  .strictObject({
    averageRps: z.number().nonnegative().describe('requests per second, averaged over the month'),
    peakRps: z.number().nonnegative().describe('requests per second in the busiest minute'),
    peakHoursPerDay: z
      .number()
      .min(0)
      .max(24)
      .default(2)
      .describe('hours a day for which the load is at its peak; the rest of the day keeps the average'),
  })
  .superRefine(({ averageRps, peakRps }, ctx) => {
    if (averageRps <= peakRps) return;
    ctx.addIssue({
      code: 'custom',
      path: ['averageRps'],
      message: `at most peakRps, which is ${peakRps}`,
      input: averageRps,
    });
  });

const instanceType = z.string().regex(/^ml\.[a-z0-9]+\.[a-z0-9]+$/, 'a SageMaker type such as ml.m6g.large');
const ec2Type = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9]+$/, 'an EC2 type such as m5.xlarge');
/** Families with GPUs, Inferentia, Trainium, FPGAs and the like. Source: EC2 User Guide, "Accelerated computing". */
const ACCELERATED = /^(p|g|gr|inf|trn|dl|vt|f)\d/;
/** Only port 443 is open to the training instance; a name and a password would stand in its user data. */
const packageIndex = z
  .string()
  .regex(/^https:\/\/[\w.-]+(\/[\w.~-]+)*\/?$/, 'an https:// address without port, name or password');

const sections = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,15}$/, '2 to 16 lower-case letters, digits and hyphens'),
  account: z
    .string()
    .regex(/^\d{12}$/, '12 digits')
    .optional()
    .describe('AWS account; the account of the CDK environment when absent'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1')
    .optional()
    .describe('AWS region; the region of the CDK environment when absent'),
  accountPlan: z
    .enum(['free', 'paid', 'unknown'])
    .default('unknown')
    .describe('AWS plan of the account; a free one refuses larger sizes, and no SDK client reads it'),
  snapshot: z.string().describe('recorded quota snapshot that the offline plan rests on, by name'),

  traffic: z.strictObject({ general: traffic, ddos: traffic, bruteforce: traffic, webattacks: traffic }),
  latency: z.strictObject({
    p95Ms: z.number().positive().describe('95th percentile that a warm request must keep'),
    coldStarts: z
      .enum(['accepted', 'refused'])
      .describe('whether a request may wait for a container to start'),
  }),
  availability: z.strictObject({
    minInstances: z.int().min(1).max(20).describe('instances that every instance endpoint keeps'),
    autoscaling: z.boolean().describe('whether every instance endpoint must be able to grow'),
  }),
  budget: z.strictObject({ monthlyUsd: z.number().positive() }),
  estimates: estimatesSchema,

  hosting: z.strictObject({
    modes: z.array(z.enum(HOSTING_MODES)).min(1).describe('modes that the planner may choose from'),
    instanceTypes: z
      .array(instanceType)
      .min(1)
      .optional()
      .describe('types allowed; every hosting type when absent'),
    serverless: z.strictObject({
      burstConcurrency: z
        .int()
        .min(1)
        .max(200)
        .describe('concurrency an endpoint gets where the quota has room'),
      throttledShare: z
        .number()
        .min(0.0001)
        .max(0.5)
        .describe('share of requests at planned peak that may be throttled and retried'),
      provisionedConcurrency: z
        .strictObject({
          accountLimit: z
            .int()
            .min(1)
            .describe('total provisioned concurrency that AWS grants; not in Service Quotas'),
          usdPerGbSecond: z
            .number()
            .positive()
            .describe('price while provisioned; read it from the Price List'),
        })
        .optional()
        .describe('without it no plan uses provisioned concurrency: its limit and price are unknown'),
    }),
    safetyFactor: z.number().min(1).max(10).describe('capacity kept per request of measured peak load'),
    moveThresholdUsd: z
      .number()
      .min(0)
      .default(10)
      .describe(
        'USD a month that a plan must save, for each specialist it moves to another endpoint, before it replaces what runs',
      ),
  }),

  inference: inferenceSchema,

  /** Limits by `service/code`, for what Service Quotas does not list or this project must not use up. */
  limits: z.record(
    z.string().regex(/^[a-z0-9-]+\/[A-Za-z0-9-]+$/, 'service/code, such as sagemaker/L-96300102'),
    z.strictObject({
      value: z.number().nonnegative().optional().describe('replaces the value of the snapshot'),
      usage: z
        .number()
        .nonnegative()
        .optional()
        .describe('what others use; replaces the usage of the snapshot, where that cannot be read'),
      reserved: z.number().nonnegative().optional().describe('kept free for others on top of their usage'),
    }),
  ),

  network: networkSchema,

  platform: z.strictObject({
    enabled: z.boolean(),
    kubernetesVersion: z.enum(['1.35', '1.36']),
    peakNodeVcpus: z
      .int()
      .min(2)
      .describe(
        'vCPUs of EKS nodes when the workloads are scaled out; replacing nodes takes a node more in each zone for a while',
      ),
    idleNodeVcpus: z
      .int()
      .min(0)
      .default(2)
      .describe('vCPUs of the EKS nodes that stay when nobody calls, for the idle cost'),
    adminPrincipal: adminPrincipalSchema
      .optional()
      .describe('IAM role that administers the cluster; the Platform stack makes one when absent'),
    certificateArn: certificateSchema
      .optional()
      .describe('certificate of the load balancer, which without one listens to nothing'),
    loadBalancer: loadBalancerSchema,
    workloads: workloadsSchema,
    observability: observabilitySchema,
    addOnVersions: z
      .partialRecord(z.enum(ADD_ONS), addOnVersionSchema)
      .default({})
      .describe('versions of add-ons of EKS; those that belong to kubernetesVersion when absent'),
  }),
  database: databaseSchema,
  workbench: z.strictObject({
    notebook: z.boolean(),
    notebookInstanceType: instanceType,
    notebookVolumeGb: z.int().min(5).max(16384),
    trainer: z.boolean(),
    trainerInstanceType: ec2Type.refine((type) => !ACCELERATED.test(type), {
      message:
        'a type without a GPU or another accelerator, such as m5.xlarge: the models train on the processor, and ' +
        'Amazon Linux 2023 has no driver for more',
    }),
    trainerVolumeGb: z.int().min(8).max(16384),
    trainerHoursPerMonth: z.number().min(0).max(744),
    trainerPackageIndex: packageIndex
      .optional()
      .describe('pip index that a training run installs from; PyPI when absent'),
    trainerTorchIndex: packageIndex
      .optional()
      .describe("pip index that it takes PyTorch from; PyTorch's own one for processors when absent"),
    notebookHoursPerMonth: z.number().min(0).max(744),
  }),
  protection: z.strictObject({
    deletionProtection: z.boolean().describe('database and load balancer refuse to be deleted'),
    onRemoval: z.enum(['destroy', 'retain', 'snapshot']).describe('what becomes of stateful resources'),
  }),
  operations: z.strictObject({
    alarmEmail: z
      .email('an e-mail address')
      .optional()
      .describe('subscriber of the alarm topic; none when absent'),
    logRetentionDays: z.union([z.literal(30), z.literal(90), z.literal(180), z.literal(365), z.literal(731)]),
  }),
  delivery: deliverySchema
    .optional()
    .describe('deployment from GitHub Actions; without it CI has no role to deploy with'),
});

/** A validated environment. Code that holds one need not check it again. */
export type Environment = z.infer<typeof sections>;

/**
 * One environment, complete: nothing is implied by its name, so environments differ by value and never by branch.
 * Money is USD a month, memory MB, latency milliseconds, traffic requests per second.
 */
export const environmentSchema = sections
  .superRefine(checkNetwork)
  .superRefine(checkWorkloadCapacity)
  .superRefine(checkDelivery);
