import type { StandInAccount, StandInEndpoint, StandInVariant } from './account';
import { type AwsObject, AwsRefusal } from './protocol';
import { type Handler, page } from './page';

/** While they are being made or unmade, SageMaker does not tell the variants of an endpoint. */
const WITHOUT_VARIANTS = new Set(['Creating', 'Deleting']);

const endpointArn = (account: string, name: string) =>
  `arn:aws:sagemaker:us-east-1:${account}:endpoint/${name}`;

function summaryOf(variant: StandInVariant, index: number): AwsObject {
  const { current, desired, maxConcurrency } = variant;
  const serverless =
    maxConcurrency === undefined ? undefined : { MemorySizeInMB: 2048, MaxConcurrency: maxConcurrency };
  return {
    VariantName: `Variant${index}`,
    CurrentInstanceCount: current,
    DesiredInstanceCount: desired ?? current,
    CurrentServerlessConfig: serverless,
    DesiredServerlessConfig: serverless,
  };
}

function configOf(variant: StandInVariant, index: number): AwsObject {
  const { instanceType, current, desired, maxConcurrency } = variant;
  return {
    VariantName: `Variant${index}`,
    ModelName: 'model',
    InstanceType: instanceType,
    InitialInstanceCount: instanceType === undefined ? undefined : (desired ?? current),
    ServerlessConfig:
      maxConcurrency === undefined ? undefined : { MemorySizeInMB: 2048, MaxConcurrency: maxConcurrency },
  };
}

function endpointAnswer(account: string, endpoint: StandInEndpoint): AwsObject {
  const { name, status, variants, pending } = endpoint;
  return {
    EndpointName: name,
    EndpointArn: endpointArn(account, name),
    EndpointConfigName: `${name}-config`,
    EndpointStatus: status,
    CreationTime: new Date(0),
    LastModifiedTime: new Date(0),
    ProductionVariants: WITHOUT_VARIANTS.has(status) ? undefined : variants.map(summaryOf),
    PendingDeploymentSummary:
      pending === undefined
        ? undefined
        : {
            EndpointConfigName: `${name}-next`,
            ProductionVariants: pending.map((variant, index) => ({
              ...summaryOf(variant, index),
              InstanceType: variant.instanceType,
            })),
          },
  };
}

function found({ endpoints }: StandInAccount, name: unknown): StandInEndpoint {
  const endpoint = endpoints.find((candidate) => candidate.name === name);
  if (endpoint === undefined) {
    throw new AwsRefusal('ValidationException', `Could not find endpoint "${String(name)}".`);
  }
  return endpoint;
}

/** SageMaker's answers; two endpoints a page, so that nobody may read one page only. */
export const SAGEMAKER: Readonly<Record<string, Handler>> = {
  ListEndpoints: (world, { NextToken }) => {
    const { items, next } = page(world.endpoints, NextToken, 2);
    return {
      Endpoints: items.map(({ name, status }) => ({
        EndpointName: name,
        EndpointArn: endpointArn(world.account, name),
        EndpointStatus: status,
        CreationTime: new Date(0),
        LastModifiedTime: new Date(0),
      })),
      NextToken: next,
    };
  },
  DescribeEndpoint: (world, { EndpointName }) => endpointAnswer(world.account, found(world, EndpointName)),
  DescribeEndpointConfig: (world, { EndpointConfigName }) => {
    const name = String(EndpointConfigName);
    const next = name.endsWith('-next');
    const endpoint = found(world, name.replace(/-(config|next)$/, ''));
    const variants = next ? (endpoint.pending ?? []) : endpoint.variants;
    return {
      EndpointConfigName: name,
      EndpointConfigArn: `arn:aws:sagemaker:us-east-1:${world.account}:endpoint-config/${name}`,
      CreationTime: new Date(0),
      ProductionVariants: variants.map(configOf),
    };
  },
  ListNotebookInstances: ({ account, notebooks }) => ({
    NotebookInstances: notebooks.map(({ name, type, status }) => ({
      NotebookInstanceName: name,
      NotebookInstanceArn: `arn:aws:sagemaker:us-east-1:${account}:notebook-instance/${name}`,
      InstanceType: type,
      NotebookInstanceStatus: status,
    })),
  }),
};
