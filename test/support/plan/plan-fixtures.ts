import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { parseEnvironment } from '../../../lib/config/load-environment';
import type { Environment } from '../../../lib/config/environment';
import { UserError } from '../../../lib/util/user-error';
import type { DeployedPlan } from '../../../lib/plan/replacement/existing-deployment';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { type Decision, decide } from '../../../lib/plan/decision';
import { planOf } from '../../../lib/plan/plan';
import type { ModelProfiles } from '../../../lib/plan/hosting/model-profile';
import { type PriceBook, loadPriceBook } from '../../../lib/pricing/price-book';
import {
  HOSTING_TYPES,
  type QuotaKey,
  catalogue,
  endpointQuotaKey,
  quotaKey,
} from '../../../lib/quotas/quota-catalogue';
import type { RecordedQuota, Snapshot } from '../../../lib/quotas/snapshot-schema';
import { TEST_PROFILES } from './plan-profiles';

/** Any part of a value, however deep; lists are replaced whole. */
export type Patch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Patch<T[K]> }
    : T;

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy with parts replaced. */
export function patched<T>(base: T, patch: Patch<T>): T {
  if (!isGroup(base) || !isGroup(patch)) return patch as T;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    result[key] = key in base ? patched(base[key], value) : value;
  }
  return result as T;
}

const LIGHT = { averageRps: 1, peakRps: 2 };

/** Models and nothing else: small traffic, cold starts accepted, every optional part switched off. */
export const MODELS_ONLY: EnvironmentInput = {
  name: 'test',
  region: 'us-east-1',
  snapshot: 'new-account',
  traffic: { general: LIGHT, ddos: LIGHT, bruteforce: LIGHT, webattacks: LIGHT },
  latency: { p95Ms: 300, coldStarts: 'accepted' },
  availability: { minInstances: 1, autoscaling: true },
  budget: { monthlyUsd: 1000 },
  hosting: {
    modes: ['serverless', 'dedicated', 'shared'],
    serverless: { burstConcurrency: 1, throttledShare: 0.05 },
    safetyFactor: 2,
  },
  limits: {},
  network: { cidr: '10.0.0.0/16', zones: ['a', 'b'], natGateways: 0, interfaceEndpoints: [] },
  platform: {
    enabled: false,
    kubernetesVersion: '1.36',
    peakNodeVcpus: 2,
  },
  database: { enabled: false, instanceType: 'db.t4g.micro', storageGb: 20, multiAz: false, backupDays: 7 },
  workbench: {
    notebook: false,
    notebookInstanceType: 'ml.t3.medium',
    notebookVolumeGb: 20,
    notebookHoursPerMonth: 0,
    trainer: false,
    trainerInstanceType: 'm5.xlarge',
    trainerVolumeGb: 100,
    trainerHoursPerMonth: 0,
  },
  protection: { deletionProtection: false, onRemoval: 'destroy' },
  operations: { logRetentionDays: 30 },
};

/** {@link MODELS_ONLY} with parts replaced. */
export function environmentWith(patch: Patch<EnvironmentInput> = {}): Environment {
  return parseEnvironment('test environment', patched(MODELS_ONLY, patch));
}

/** Error lines of {@link environmentWith}, one a line; none for an environment that is taken. */
export function refusals(patch: Patch<EnvironmentInput>): string[] {
  try {
    environmentWith(patch);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

/** Key of the endpoint quota of a hosting type. */
export function typeQuota(instanceType: string): QuotaKey {
  const type = HOSTING_TYPES.get(instanceType);
  if (type === undefined) throw new Error(`${instanceType} is no hosting type`);
  return endpointQuotaKey(type);
}

/** A quota as a test writes it: `undefined` limit or usage is one that could not be read. */
export interface Reading {
  readonly limit?: number;
  readonly used?: number;
  readonly own?: number;
}

/** An account with AWS's defaults, nothing in use, and what differs. Types without a default have a limit of 0. */
export function accountWith(readings: Readonly<Record<QuotaKey, Reading>> = {}): Snapshot {
  const quotas = catalogue()
    .filter(({ listed }) => listed)
    .map((definition): RecordedQuota => {
      const { service, code, name } = definition;
      const reading = readings[quotaKey(definition)] ?? { limit: definition.default ?? 0, used: 0 };
      return {
        service,
        code,
        name,
        value: reading.limit ?? null,
        origin: reading.limit === undefined ? 'unknown' : 'applied',
        usage: { value: reading.used ?? null, by: reading.used === undefined ? 'unknown' : 'describe' },
        own: reading.own ?? 0,
      };
    });
  return {
    schemaVersion: 1,
    account: '111122223333',
    region: 'us-east-1',
    takenAt: '2026-01-01T00:00:00Z',
    source: 'test',
    quotas,
  };
}

/** What a test plans with; whatever it leaves out is {@link MODELS_ONLY} on AWS's defaults. */
export interface PlanCase {
  readonly environment?: Patch<EnvironmentInput>;
  readonly account?: Readonly<Record<QuotaKey, Reading>>;
  readonly prices?: PriceBook;
  readonly profiles?: ModelProfiles;
  /** What runs now. @default - nothing */
  readonly current?: DeployedPlan;
}

const PRICES = loadPriceBook('us-east-1');

/** Decides a case: the plan and what explains it both follow from that. */
export function decisionFor({
  environment = {},
  account = {},
  prices,
  profiles = TEST_PROFILES,
  current,
}: PlanCase): Decision {
  return decide({
    environment: environmentWith(environment),
    target: { region: 'us-east-1' },
    snapshot: accountWith(account),
    prices: prices ?? PRICES,
    profiles,
    ...(current === undefined ? {} : { current }),
  });
}

/** Plans a case. */
export function planFor(given: PlanCase): DeploymentPlan {
  return planOf(decisionFor(given));
}

/** Ids of a plan's errors, in order. */
export function errorsOf(plan: Pick<DeploymentPlan, 'findings'>): string[] {
  return plan.findings.filter(({ severity }) => severity === 'error').map(({ id }) => id);
}
