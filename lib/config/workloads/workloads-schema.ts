import { z } from 'zod';
import { MIN_REPLICAS } from './pod-sizes';

/** Processor architectures of nodes and images, as the label `kubernetes.io/arch` and image manifests name them. */
export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** A repository without a tag, if any, and the digest that nobody can move. */
const IMAGE = /^(?:[a-z0-9][a-z0-9.-]*(?::\d+)?\/[a-z0-9][a-z0-9._/-]*@)?sha256:[0-9a-f]{64}$/;

const image = z
  .strictObject({
    image: z
      .string()
      .regex(
        IMAGE,
        "sha256: and 64 hexadecimal digits for an image in the platform's own repository, or REGISTRY/REPOSITORY@sha256:…; never a tag",
      )
      .describe('image by its digest, so that what was tested is what runs'),
    architectures: z
      .array(z.enum(ARCHITECTURES))
      .min(1)
      .describe('architectures that the image was built for; two when the digest is of an index'),
  })
  .optional();

const DEFAULT_MAX_REPLICAS = 4;
/** Pods at most that a service can be given: far beyond what nodes of any quota hold, so that a slip shows. */
export const MOST_REPLICAS = 100;

const replicas = z.int().min(MIN_REPLICAS).max(MOST_REPLICAS).default(DEFAULT_MAX_REPLICAS);

/** What runs on the cluster. Without images the platform deploys and runs nothing. */
export const workloadsSchema = z
  .strictObject({
    architecture: z.enum(ARCHITECTURES).default('amd64').describe('architecture of the nodes'),
    images: z
      .strictObject({
        backend: image.describe('API, port 8000'),
        frontend: image.describe('web interface, port 3000'),
        migration: image.describe("brings the database's schema up to date and ends, before a rollout"),
      })
      .prefault({}),
    maxReplicas: z
      .strictObject({
        backend: replicas.describe('pods of the backend when it is scaled out'),
        frontend: replicas.describe('pods of the frontend when it is scaled out'),
      })
      .prefault({}),
  })
  .superRefine(({ architecture, images }, ctx) => {
    for (const [name, given] of Object.entries(images)) {
      if (given === undefined || given.architectures.includes(architecture)) continue;
      ctx.addIssue({
        code: 'custom',
        path: ['images', name, 'architectures'],
        message: `architectures that include ${architecture}, which platform.workloads.architecture says of the nodes`,
        input: given.architectures,
      });
    }
    if (images.migration === undefined || images.backend !== undefined) return;
    ctx.addIssue({
      code: 'custom',
      path: ['images', 'migration'],
      message: 'nothing while there is no images.backend, whose rollout the migration precedes',
      input: images.migration.image,
    });
  })
  .prefault({});
