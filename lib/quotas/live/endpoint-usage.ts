import {
  DescribeEndpointCommand,
  type DescribeEndpointOutput,
  DescribeEndpointConfigCommand,
  type EndpointSummary,
  type PendingProductionVariantSummary,
  type ProductionVariant,
  type ProductionVariantSummary,
  paginateListEndpoints,
} from '@aws-sdk/client-sagemaker';
import { HOSTING_TYPES, QUOTA, type QuotaKey, endpointQuotaKey } from '../quota-catalogue';
import type { Aws } from '../../aws/session';
import { ReadFailure } from '../../aws/read-failure';
import { everyItem, once } from '../../aws/outcome';
import type { Ownership } from './ownership';
import { type UsageReading, fullestOf, totalOf } from './usage-reading';

/** What one variant of an endpoint holds, or is about to. */
interface VariantUse {
  readonly name: string;
  /** Undefined for a serverless variant, and where AWS does not say. */
  readonly instanceType: string | undefined;
  readonly instances: number;
  /** Undefined for a variant on instances. */
  readonly concurrency: number | undefined;
}

/** An endpoint of the account, with what it holds. */
export interface EndpointUse {
  readonly ids: readonly (string | undefined)[];
  readonly name: string;
  /** Whether it goes on: false once it is being deleted. */
  readonly stays: boolean;
  readonly variants: readonly VariantUse[];
}

type Summary = ProductionVariantSummary | PendingProductionVariantSummary;

/** Reads an endpoint configuration once, by name. */
type ConfigReader = (name: string) => Promise<readonly ProductionVariant[]>;

/** A variant as configured: what an endpoint that is being created will hold. */
function configured(variant: ProductionVariant): VariantUse {
  const { VariantName = '', InstanceType, InitialInstanceCount = 0, ServerlessConfig } = variant;
  return {
    name: VariantName,
    instanceType: InstanceType,
    instances: InitialInstanceCount,
    concurrency: ServerlessConfig?.MaxConcurrency,
  };
}

/** A variant as it runs: the greater of what it has and what it is asked to have. */
function running(variant: Summary, config: readonly ProductionVariant[]): VariantUse {
  const asked = config.find(({ VariantName }) => VariantName === variant.VariantName);
  const { CurrentServerlessConfig: current, DesiredServerlessConfig: desired } = variant;
  const slots = [current?.MaxConcurrency, desired?.MaxConcurrency].filter((value) => value !== undefined);
  return {
    name: variant.VariantName ?? '',
    instanceType: 'InstanceType' in variant ? variant.InstanceType : asked?.InstanceType,
    instances: Math.max(variant.CurrentInstanceCount ?? 0, variant.DesiredInstanceCount ?? 0),
    concurrency: slots.length > 0 ? Math.max(...slots) : asked?.ServerlessConfig?.MaxConcurrency,
  };
}

function isServerless(variant: Summary): boolean {
  return variant.CurrentServerlessConfig !== undefined || variant.DesiredServerlessConfig !== undefined;
}

/** Variants of one fleet; the configuration is asked only for what the endpoint does not tell itself. */
async function fleet(
  summaries: readonly Summary[],
  configName: string | undefined,
  config: ConfigReader,
): Promise<VariantUse[]> {
  const complete = summaries.every((variant) => isServerless(variant) || 'InstanceType' in variant);
  if (summaries.length > 0 && complete) return summaries.map((variant) => running(variant, []));
  if (configName === undefined) return summaries.map((variant) => running(variant, []));
  const asked = await config(configName);
  // An endpoint that is being created has no variants yet, and holds its quota all the same.
  return summaries.length > 0 ? summaries.map((variant) => running(variant, asked)) : asked.map(configured);
}

/**
 * What an endpoint holds. While it is updated, the new fleet of instances stands beside the old one; of a serverless
 * variant only the greater of both concurrencies is taken, as its quota allots and starts nothing.
 */
async function variantsOf(endpoint: DescribeEndpointOutput, config: ConfigReader): Promise<VariantUse[]> {
  const { ProductionVariants = [], ShadowProductionVariants = [], PendingDeploymentSummary } = endpoint;
  const now = await fleet(
    [...ProductionVariants, ...ShadowProductionVariants],
    endpoint.EndpointConfigName,
    config,
  );
  const pending = PendingDeploymentSummary;
  if (pending === undefined) return now;
  const summaries = [...(pending.ProductionVariants ?? []), ...(pending.ShadowProductionVariants ?? [])];
  const next = await fleet(summaries, pending.EndpointConfigName, config);
  const kept = now.map((variant) => {
    const after = next.find(({ name, concurrency }) => name === variant.name && concurrency !== undefined);
    return variant.concurrency === undefined || after?.concurrency === undefined
      ? variant
      : { ...variant, concurrency: Math.max(variant.concurrency, after.concurrency) };
  });
  const added = next.filter(
    ({ name, concurrency }) =>
      concurrency === undefined ||
      !now.some((variant) => variant.name === name && variant.concurrency !== undefined),
  );
  return [...kept, ...added];
}

async function describe(
  { sagemaker }: Aws,
  { EndpointName: name = '', EndpointArn }: EndpointSummary,
  config: ConfigReader,
): Promise<EndpointUse[]> {
  try {
    const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
    const stays = endpoint.EndpointStatus !== 'Deleting';
    return [{ ids: [EndpointArn, name], name, stays, variants: await variantsOf(endpoint, config) }];
  } catch (error) {
    // Deleted since it was listed: it holds nothing any more.
    if (error instanceof ReadFailure && error.reason === 'absent') return [];
    throw error;
  }
}

/** Every endpoint in whatever state, for they all hold quota but those that never came to be; read once. */
export function endpointReader(aws: Aws): () => Promise<EndpointUse[]> {
  const configs = new Map<string, () => Promise<readonly ProductionVariant[]>>();
  const config: ConfigReader = (name) => {
    const read =
      configs.get(name) ??
      once(async () => {
        const answer = await aws.sagemaker.send(
          new DescribeEndpointConfigCommand({ EndpointConfigName: name }),
        );
        return [...(answer.ProductionVariants ?? []), ...(answer.ShadowProductionVariants ?? [])];
      });
    configs.set(name, read);
    return read();
  };
  return once(async () => {
    const pages = paginateListEndpoints({ client: aws.sagemaker, pageSize: 100 }, {});
    const endpoints = await everyItem(pages, ({ Endpoints }) => Endpoints);
    const holding = endpoints.filter(({ EndpointStatus }) => EndpointStatus !== 'Failed');
    return (await Promise.all(holding.map((endpoint) => describe(aws, endpoint, config)))).flat();
  });
}

function sumOf(variants: readonly VariantUse[], amount: (variant: VariantUse) => number): number {
  return variants.reduce((sum, variant) => sum + amount(variant), 0);
}

/** Instances of a type. @throws ReadFailure when a variant's type is not known: it may be this one */
function instancesOn(type: string, variants: readonly VariantUse[]): number {
  if (variants.some(({ instanceType, instances }) => instanceType === undefined && instances > 0)) {
    throw new ReadFailure('failed', undefined, 'failed: variant without an instance type');
  }
  return sumOf(variants, (variant) => (variant.instanceType === type ? variant.instances : 0));
}

/** The environment's own endpoints that go on, by name in order. @throws ReadFailure when it cannot be told */
export async function ownEndpoints(
  endpoints: () => Promise<readonly EndpointUse[]>,
  ownership: Ownership,
): Promise<EndpointUse[]> {
  const staying = (await endpoints()).filter(({ stays }) => stays);
  const own = await Promise.all(staying.map((endpoint) => ownership.owns(endpoint)));
  return staying.filter((_endpoint, index) => own[index] === true).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Readers of what endpoints hold, for each quota of hosting. */
export function endpointUsage(
  endpoints: () => Promise<readonly EndpointUse[]>,
  ownership: Ownership,
): Partial<Record<QuotaKey, () => Promise<UsageReading>>> {
  const total = (amount: (variants: readonly VariantUse[]) => number) => async () => {
    const holders = (await endpoints()).map(({ ids, variants }) => ({ ids, amount: amount(variants) }));
    return totalOf(
      holders.filter(({ amount: held }) => held > 0),
      ownership,
    );
  };
  const instances = (variants: readonly VariantUse[]) => sumOf(variants, (variant) => variant.instances);
  const serverless = (variants: readonly VariantUse[]) =>
    variants.some(({ concurrency }) => concurrency !== undefined) ? 1 : 0;
  return {
    [QUOTA.endpointInstances]: total(instances),
    [QUOTA.serverlessConcurrency]: total((variants) => sumOf(variants, ({ concurrency = 0 }) => concurrency)),
    [QUOTA.serverlessEndpoints]: total(serverless),
    [QUOTA.instancesPerEndpoint]: async () => {
      const each = (await endpoints()).map(({ ids, name, variants }) => ({
        ids,
        place: name,
        amount: instances(variants),
      }));
      return fullestOf(each, ownership);
    },
    ...Object.fromEntries(
      [...HOSTING_TYPES.values()].map((type) => [
        endpointQuotaKey(type),
        total((variants) => instancesOn(type.instanceType, variants)),
      ]),
    ),
  };
}
