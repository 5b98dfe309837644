import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { projectPath } from '../../util/project-path';
import type { Environment } from '../environment';

/** Add-ons of EKS that run beside the workloads, as EKS names them. */
export const ADD_ONS = ['metrics-server', 'amazon-cloudwatch-observability'] as const;
export type AddOnName = (typeof ADD_ONS)[number];

/** Version of an add-on as EKS spells it. */
export const addOnVersionSchema = z
  .string()
  .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, 'a version such as v0.8.1-eksbuild.11');

const pinned = z.strictObject({
  version: addOnVersionSchema,
  source: z.string(),
  confidence: z.enum(['sure', 'likely', 'unverified']),
});

const table = z.strictObject({
  asOf: z.string(),
  /** How to ask EKS which versions there are. */
  check: z.string(),
  versions: z.record(z.string(), z.record(z.enum(ADD_ONS), pinned)),
});

/** Versions of the add-ons by Kubernetes version, with where they are known from. */
export const ADD_ON_VERSIONS = table.parse(
  JSON.parse(readFileSync(projectPath('lib/config/platform/add-on-versions.json'), 'utf8')),
).versions;

/**
 * Version of an add-on that an environment runs: the one that its configuration names, or the one that belongs to its
 * Kubernetes version. Without a version EKS would install the default of the day and never move it.
 */
export function addOnVersion({ platform }: Environment, addOn: AddOnName): string {
  const given = platform.addOnVersions[addOn];
  if (given !== undefined) return given;
  const version = ADD_ON_VERSIONS[platform.kubernetesVersion]?.[addOn].version;
  if (version === undefined)
    throw new Error(`add-on-versions.json has no ${addOn} for ${platform.kubernetesVersion}`);
  return version;
}
