import type { PlanningContext } from '../candidates/candidate';
import { type Amount, type CostLine, type UnpricedLine, priceLine } from './monthly-cost';
import { clusterItems } from './cluster-cost';
import { ALARMS, type Item, KEY, alarms, requests } from './cost-items';
import { logItems } from './log-sources';
import { driftObservation, inferenceObservation } from './observability-cost';
import { platformCounts } from '../demand/platform-demand';
import { gbPerRequest } from './serving-cost';

/** GB of the model server's image: two architectures, some 100 MB each, in the versions of a few months. */
const IMAGE_GB = 1;

/** GB in buckets: artifacts are a few KB each, access logs outweigh them. */
const BUCKET_GB = 1;

/** The backend in the cluster calls the Lambda through NAT; what calls from outside the VPC does not pass it. */
function natDataItem(context: PlanningContext): Amount {
  const { network, estimates, platform } = context.environment;
  const base = network.natGateways > 0 ? estimates.natGb : 0;
  const perRequest = network.natGateways > 0 && platform.enabled ? gbPerRequest(context) : 0;
  return {
    price: 'vpc.natData',
    what: 'GB through NAT',
    expected: base + requests(context, 'averageRps') * perRequest,
    idle: base,
    max: base + requests(context, 'peakRps') * perRequest,
  };
}

function networkItems(context: PlanningContext, hours: number): Item[] {
  const { natGateways, interfaceEndpoints, zones } = context.environment.network;
  return [
    [
      'nat',
      'NAT gateways',
      [
        { price: 'vpc.nat', what: 'gateway hours', expected: natGateways * hours },
        { price: 'vpc.publicIpv4', what: 'address hours', expected: natGateways * hours },
        natDataItem(context),
      ],
    ],
    [
      'interfaceEndpoints',
      'Interface endpoints',
      [
        {
          price: 'vpc.interfaceEndpoint',
          what: 'endpoint hours, in each zone',
          expected: interfaceEndpoints.length * zones.length * hours,
        },
      ],
    ],
  ];
}

function databaseItems({ environment: { database } }: PlanningContext, hours: number): Item[] {
  if (!database.enabled) return [];
  const copies = database.multiAz ? 2 : 1;
  return [
    [
      'database',
      'RDS PostgreSQL',
      [
        { price: `rds.${database.instanceType}`, what: 'instance hours', expected: copies * hours },
        {
          price: 'rds.gp3',
          what: 'GB of storage',
          expected: copies * database.storageGb,
          max: copies * (database.maxStorageGb ?? database.storageGb),
        },
        { price: 'secretsmanager.secret', what: 'secrets', expected: 1 },
        KEY,
        alarms(ALARMS.database),
      ],
    ],
  ];
}

/** A machine that runs by the hour when somebody works, and a volume that stays. */
function workplace(price: string, worked: number, volumeGb: number, hours: number): Amount[] {
  return [
    { price, what: 'instance hours', expected: worked, idle: 0, max: Math.max(worked, hours) },
    { price: 'ebs.gp3', what: 'GB of volume', expected: volumeGb },
  ];
}

function workbenchItems({ environment: { workbench: w } }: PlanningContext, hours: number): Item[] {
  const notebook = `sagemaker.notebook.${w.notebookInstanceType}`;
  const atNotebook = workplace(notebook, w.notebookHoursPerMonth, w.notebookVolumeGb, hours);
  const atTrainer = workplace(
    `ec2.${w.trainerInstanceType}`,
    w.trainerHoursPerMonth,
    w.trainerVolumeGb,
    hours,
  );
  return [
    ...(w.notebook ? [['notebook', 'Notebook', atNotebook] satisfies Item] : []),
    ...(w.trainer
      ? [['trainer', 'Training instance', [...atTrainer, alarms(ALARMS.trainer)]] satisfies Item]
      : []),
  ];
}

function inferenceItems(context: PlanningContext): Item[] {
  const watching = [...inferenceObservation(context), alarms(ALARMS.inference)];
  return [
    ['inference', 'Metrics, traces, kept logs, alarms', watching],
    ['capture', 'Captures and drift', driftObservation(context)],
  ];
}

/** What no part can do without; the key of the workbench is among it, as notebook and trainer share it. */
function operationsItems({ environment }: PlanningContext, elsewhere: readonly Item[]): Item[] {
  const inParts = elsewhere
    .flatMap(([, , amounts]) => amounts)
    .filter(({ price }) => price === KEY.price)
    .reduce((sum, { expected }) => sum + expected, 0);
  return [
    ['operations', 'Customer keys', [{ ...KEY, expected: platformCounts(environment).kmsKeys - inParts }]],
    [
      'operations',
      'Model server image, model store',
      [
        { price: 'ecr.storage', what: 'GB of model server images', expected: IMAGE_GB },
        { price: 's3.standard', what: 'GB of artifacts and access logs', expected: BUCKET_GB },
      ],
    ],
  ];
}

/**
 * Bill of everything that does not depend on how the models are hosted, item by item; parts that are off cost nothing
 * and are not listed.
 */
export function platformCost(context: PlanningContext): (CostLine | UnpricedLine)[] {
  const hours = context.prices.hoursPerMonth;
  const items = [
    ...inferenceItems(context),
    ...networkItems(context, hours),
    ...clusterItems(context, hours),
    ...databaseItems(context, hours),
    ...workbenchItems(context, hours),
    ...logItems(context),
  ];
  return [...items, ...operationsItems(context, items)]
    .filter(([, , amounts]) => amounts.some(({ expected, max = expected }) => max > 0))
    .map(([part, item, amounts]) => priceLine(part, item, amounts, context.prices));
}
