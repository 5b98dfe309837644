import type { PriceBook } from '../../../lib/pricing/price-book';
import { type Prefixes, type Row, other } from './price-row';

const SAGEMAKER = 'AmazonSageMaker';

/** Instances by component: hosting, and what the same types cost elsewhere. */
export function instanceRows({ prices }: PriceBook, prefixes: Prefixes): Row[] {
  const types = Object.keys(prices)
    .filter((key) => key.startsWith('sagemaker.hosting.'))
    .map((key) => key.slice('sagemaker.hosting.'.length));
  const component = (name: string, component: string, usage: string, price: string | number): Row => ({
    service: SAGEMAKER,
    family: 'ML Instance',
    attributes: {
      instanceName: name,
      instanceType: `${name}-${component}`,
      component,
      ...other(prefixes, `${usage}:${name}`),
    },
    unit: 'Hrs',
    price,
  });
  return [
    ...types.map((name) => component(name, 'Hosting', 'Host', `sagemaker.hosting.${name}`)),
    component('ml.g5.xlarge', 'Hosting', 'Host', 1.408),
    ...['ml.t3.medium', 'ml.t3.large'].flatMap((name) => [
      component(name, 'Notebook', 'Notebk', `sagemaker.notebook.${name}`),
      component(name, 'Processing', 'Processing', 0.077),
    ]),
    component('ml.m5.large', 'Training', 'Train', 0.3),
  ];
}

/** Serverless inference, with its provisioned concurrency and its free tier. */
export function serverlessRows(prefixes: Prefixes): Row[] {
  const row = (group: string, usage: string, price: string | number): Row => ({
    service: SAGEMAKER,
    family: 'ML Serverless',
    attributes: { group, ...other(prefixes, usage), operation: 'Serverless' },
    unit: 'seconds',
    price,
  });
  const data = (way: string): Row => ({
    service: SAGEMAKER,
    attributes: {
      group: `Hosting:${way.toUpperCase()}`,
      operation: 'Invoke-Endpoint',
      ...other(prefixes, `Hst:Data-Bytes-${way}`),
    },
    unit: 'GB',
    price: 'sagemaker.serverless.data',
  });
  return [
    ...[1, 2, 3, 4, 5, 6].flatMap((gb) => [
      row('ServerlessInf', `ServerlessInf:Mem-${gb}GB`, `sagemaker.serverless.${gb}gb`),
      row('ServerlessProvisionedConcurrency-Duration', `ProvisionedConcurrency:Mem-${gb}GB`, gb * 0.0000117),
    ]),
    // The free tier stands in the list as a product of its own.
    row('ServerlessInf', 'ServerlessInf:Mem-4GB', 0),
    data('In'),
    data('Out'),
  ];
}
