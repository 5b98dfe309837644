import { SPECIALISTS } from '../../models/catalogue';
import type { Environment } from '../config/schema';
import type { PriceBook } from '../pricing/price-book';
import type { Amount, CostLine, UnpricedLine } from './cost';
import { priceLine } from './cost';
import { platformCounts } from './platform-demand';

/** Memory of the inference Lambda, in MB. */
export const INFERENCE_MEMORY_MB = 512;

/** How long the inference Lambda runs for one request, in seconds: the endpoint's answer and its own part. */
const INFERENCE_SECONDS = 0.15;

const SECONDS_PER_HOUR = 3600;
/** What the estimate assumes where traffic does not say it; all of it is small beside the hourly items. */
const ASSUMED = {
  natGbPerMonth: 10,
  logGbPerMonth: 2,
  albLcus: 1,
  imageGb: 1,
  modelStoreGb: 1,
  alarms: 20,
} as const;
/** EKS Auto Mode chooses the nodes; a large of the m family stands for two vCPUs. */
const NODE = { price: 'ec2.m5.large', autoMode: 'eks.autoMode.m5.large', vcpus: 2 } as const;

type Item = readonly [item: string, amounts: readonly Amount[]];

function networkItems({ network }: Environment, hours: number): Item[] {
  const { natGateways, interfaceEndpoints, zones } = network;
  return [
    [
      'NAT gateways',
      [
        { price: 'vpc.nat', expected: natGateways * hours },
        { price: 'vpc.publicIpv4', expected: natGateways * hours },
        { price: 'vpc.natData', expected: natGateways > 0 ? ASSUMED.natGbPerMonth : 0, idle: 0 },
      ],
    ],
    [
      'Interface endpoints',
      [{ price: 'vpc.interfaceEndpoint', expected: interfaceEndpoints.length * zones.length * hours }],
    ],
  ];
}

function platformItems({ platform }: Environment, hours: number): Item[] {
  if (!platform.enabled) return [];
  const nodeHours = (platform.peakNodeVcpus / NODE.vcpus) * hours;
  return [
    ['EKS cluster', [{ price: 'eks.cluster', expected: hours }]],
    [
      'EKS nodes (Auto Mode, at peak size)',
      [
        { price: NODE.price, expected: nodeHours, idle: 0 },
        { price: NODE.autoMode, expected: nodeHours, idle: 0 },
      ],
    ],
    [
      'Application Load Balancer',
      [
        { price: 'elb.alb', expected: hours },
        { price: 'elb.lcu', expected: ASSUMED.albLcus * hours, idle: 0 },
      ],
    ],
  ];
}

function databaseItems({ database }: Environment, hours: number): Item[] {
  if (!database.enabled) return [];
  const copies = database.multiAz ? 2 : 1;
  return [
    [
      'RDS PostgreSQL',
      [
        { price: `rds.${database.instanceType}`, expected: copies * hours },
        { price: 'rds.gp3', expected: copies * database.storageGb },
        { price: 'secretsmanager.secret', expected: 1 },
      ],
    ],
  ];
}

function workbenchItems({ workbench }: Environment, hours: number): Item[] {
  const items: Item[] = [];
  if (workbench.notebook) {
    items.push([
      'Notebook',
      [
        {
          price: `sagemaker.notebook.${workbench.notebookInstanceType}`,
          expected: workbench.notebookHoursPerMonth,
          idle: 0,
          max: hours,
        },
        { price: 'ebs.gp3', expected: workbench.notebookVolumeGb },
      ],
    ]);
  }
  if (workbench.trainer) {
    items.push([
      'Training instance',
      [
        {
          price: `ec2.${workbench.trainerInstanceType}`,
          expected: workbench.trainerHoursPerMonth,
          idle: 0,
          max: hours,
        },
        { price: 'ebs.gp3', expected: workbench.trainerVolumeGb },
      ],
    ]);
  }
  return items;
}

function sharedItems(environment: Environment, hours: number): Item[] {
  const seconds = hours * SECONDS_PER_HOUR;
  const requests = (of: 'averageRps' | 'peakRps') =>
    SPECIALISTS.reduce((sum, name) => sum + environment.traffic[name][of], 0) * seconds;
  const gbSeconds = (count: number) => count * INFERENCE_SECONDS * (INFERENCE_MEMORY_MB / 1024);
  const [average, peak] = [requests('averageRps'), requests('peakRps')];
  return [
    [
      'Inference Lambda',
      [
        { price: 'lambda.requests', expected: average / 1e6, idle: 0, max: peak / 1e6 },
        { price: 'lambda.arm', expected: gbSeconds(average), idle: 0, max: gbSeconds(peak) },
      ],
    ],
    ['Customer keys', [{ price: 'kms.key', expected: platformCounts(environment).kmsKeys }]],
    [
      'Logs, alarms, images and model store',
      [
        { price: 'logs.ingest', expected: ASSUMED.logGbPerMonth, idle: 0 },
        { price: 'cloudwatch.alarm', expected: ASSUMED.alarms },
        { price: 'ecr.storage', expected: ASSUMED.imageGb },
        { price: 's3.standard', expected: ASSUMED.modelStoreGb },
      ],
    ],
  ];
}

/** Bill of everything beside the endpoints, item by item; parts that are off cost nothing and are not listed. */
export function platformCost(environment: Environment, book: PriceBook): (CostLine | UnpricedLine)[] {
  const hours = book.hoursPerMonth;
  return [
    ...networkItems(environment, hours),
    ...platformItems(environment, hours),
    ...databaseItems(environment, hours),
    ...workbenchItems(environment, hours),
    ...sharedItems(environment, hours),
  ]
    .filter(([, amounts]) => amounts.some((amount) => amount.expected > 0))
    .map(([item, amounts]) => priceLine(item, amounts, book));
}
