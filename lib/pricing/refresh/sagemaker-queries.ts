import { GB, HOUR, SECOND } from './measures';
import type { PriceQuery } from './price-query';

/** Every type of the region in one request: it would be hundreds otherwise. `instanceType` carries a suffix here. */
const HOSTING: PriceQuery = {
  key: { prefix: 'sagemaker.hosting.', attribute: 'instanceName' },
  service: 'AmazonSageMaker',
  filters: { productFamily: 'ML Instance', component: 'Hosting' },
  ...HOUR,
  confidence: 'sure',
};

/** Per second of run, by memory; provisioned concurrency has other usage types in the same family. */
const serverless = (gb: number): PriceQuery => ({
  key: `sagemaker.serverless.${gb}gb`,
  service: 'AmazonSageMaker',
  filters: { productFamily: 'ML Serverless' },
  usageType: `ServerlessInf:Mem-${gb}GB`,
  ...SECOND,
  confidence: 'sure',
});

/** The Price List knows no separate rate of serverless endpoints: data of an invocation, in and out at one price. */
const SERVERLESS_DATA: PriceQuery = {
  key: 'sagemaker.serverless.data',
  service: 'AmazonSageMaker',
  filters: { operation: 'Invoke-Endpoint' },
  where: { group: ['Hosting:IN', 'Hosting:OUT'] },
  ...GB,
  confidence: 'likely',
};

const notebook = (type: string): PriceQuery => ({
  key: `sagemaker.notebook.${type}`,
  service: 'AmazonSageMaker',
  filters: { productFamily: 'ML Instance', instanceName: type },
  usageType: `Notebk:${type}`,
  ...HOUR,
  confidence: 'sure',
});

/** Prices of SageMaker: hosting, serverless inference and notebooks. */
export const SAGEMAKER_QUERIES: readonly PriceQuery[] = [
  HOSTING,
  ...[1, 2, 3, 4, 5, 6].map(serverless),
  SERVERLESS_DATA,
  ...['ml.t3.medium', 'ml.t3.large'].map(notebook),
];
