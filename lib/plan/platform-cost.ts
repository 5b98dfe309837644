import type { PlanningContext } from './candidate';
import { type Amount, type CostLine, type UnpricedLine, priceLine } from './cost';
import { driftObservation, inferenceObservation } from './observation-cost';
import { platformCounts } from './platform-demand';
import { gbPerRequest, secondsPerMonth } from './serving-cost';
import { WEB_ACL_RULES } from './web-acl-rules';

/**
 * EKS Auto Mode chooses the nodes; a large of the m family stands for two vCPUs. Its disk is what a node class gets
 * unless it says otherwise (Amazon EKS user guide, NodeClass `ephemeralStorage.size`: 80 GiB).
 */
const NODE = { price: 'ec2.m5.large', autoMode: 'eks.autoMode.m5.large', vcpus: 2, diskGb: 80 } as const;

/** GB in the registry: two architectures of the server's image, some 100 MB each, in the versions of a few months. */
const IMAGE_GB = 1;

/** GB in buckets: artifacts are a few KB each, access logs outweigh them. */
const BUCKET_GB = 1;

/**
 * Alarms that no endpoint brings along: errors and throttles of the Lambda; CPU, connections, memory and storage of the
 * database; an idle trainer.
 */
const ALARMS = { inference: 2, database: 4, trainer: 1 } as const;

type Item = readonly [item: string, amounts: readonly Amount[]];

/** Requests of all models in a month. */
function requests(context: PlanningContext, of: 'averageRps' | 'peakRps'): number {
  const traffic = Object.values(context.environment.traffic);
  return traffic.reduce((sum, load) => sum + load[of], 0) * secondsPerMonth(context);
}

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
      'NAT gateways',
      [
        { price: 'vpc.nat', what: 'gateway hours', expected: natGateways * hours },
        { price: 'vpc.publicIpv4', what: 'address hours', expected: natGateways * hours },
        natDataItem(context),
      ],
    ],
    [
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

/**
 * The load balancer and, where it faces the internet, its public addresses and its web ACL. Requests of the web are
 * not configured: every call of a model is taken for one.
 */
function loadBalancerItems(context: PlanningContext, hours: number): Item[] {
  const { estimates, network, platform } = context.environment;
  const lcuHours = estimates.loadBalancerLcus * hours;
  const balancer: Amount[] = [
    { price: 'elb.alb', what: 'load balancer hours', expected: hours },
    { price: 'elb.lcu', what: 'capacity unit hours', expected: lcuHours, idle: 0 },
  ];
  if (!platform.loadBalancer.internetFacing) return [['Application Load Balancer', balancer]];
  const addresses = {
    price: 'vpc.publicIpv4',
    what: 'address hours',
    expected: network.zones.length * hours,
  };
  return [
    ['Application Load Balancer', [...balancer, addresses]],
    [
      'Web ACL of the load balancer',
      [
        { price: 'waf.webAcl', what: 'web ACLs', expected: 1 },
        { price: 'waf.rule', what: 'rules', expected: WEB_ACL_RULES },
        {
          price: 'waf.requests',
          what: 'million requests',
          expected: requests(context, 'averageRps') / 1e6,
          idle: 0,
          max: requests(context, 'peakRps') / 1e6,
        },
      ],
    ],
  ];
}

function platformItems(context: PlanningContext, hours: number): Item[] {
  const { enabled, peakNodeVcpus, idleNodeVcpus } = context.environment.platform;
  if (!enabled) return [];
  const peakNodes = peakNodeVcpus / NODE.vcpus;
  const idleNodes = Math.min(idleNodeVcpus / NODE.vcpus, peakNodes);
  const nodeHours = { expected: peakNodes * hours, idle: idleNodes * hours };
  const disk = { expected: peakNodes * NODE.diskGb, idle: idleNodes * NODE.diskGb };
  return [
    ['EKS cluster', [{ price: 'eks.cluster', what: 'cluster hours', expected: hours }]],
    [
      'EKS nodes (Auto Mode, at peak size)',
      [
        { price: NODE.price, what: 'node hours', ...nodeHours },
        { price: NODE.autoMode, what: 'node hours in Auto Mode', ...nodeHours },
        { price: 'ebs.gp3', what: 'GB of node disk', ...disk },
      ],
    ],
    ...loadBalancerItems(context, hours),
  ];
}

function databaseItems({ environment: { database } }: PlanningContext, hours: number): Item[] {
  if (!database.enabled) return [];
  const copies = database.multiAz ? 2 : 1;
  return [
    [
      'RDS PostgreSQL',
      [
        { price: `rds.${database.instanceType}`, what: 'instance hours', expected: copies * hours },
        { price: 'rds.gp3', what: 'GB of storage', expected: copies * database.storageGb },
        { price: 'secretsmanager.secret', what: 'secrets', expected: 1 },
      ],
    ],
  ];
}

/** A machine that runs by the hour when somebody works, and a volume that stays. */
function workplace(item: string, price: string, worked: number, volumeGb: number, hours: number): Item {
  return [
    item,
    [
      { price, what: 'instance hours', expected: worked, idle: 0, max: Math.max(worked, hours) },
      { price: 'ebs.gp3', what: 'GB of volume', expected: volumeGb },
    ],
  ];
}

function workbenchItems({ environment: { workbench: w } }: PlanningContext, hours: number): Item[] {
  const notebook = `sagemaker.notebook.${w.notebookInstanceType}`;
  const trainer = `ec2.${w.trainerInstanceType}`;
  return [
    ...(w.notebook
      ? [workplace('Notebook', notebook, w.notebookHoursPerMonth, w.notebookVolumeGb, hours)]
      : []),
    ...(w.trainer
      ? [workplace('Training instance', trainer, w.trainerHoursPerMonth, w.trainerVolumeGb, hours)]
      : []),
  ];
}

function sharedItems(context: PlanningContext): Item[] {
  const { environment } = context;
  const { database, workbench, estimates } = environment;
  const alarms =
    ALARMS.inference + (database.enabled ? ALARMS.database : 0) + (workbench.trainer ? ALARMS.trainer : 0);
  return [
    ['Metrics and traces of inference', inferenceObservation(context)],
    ['Captures and drift', driftObservation(context)],
    ['Customer keys', [{ price: 'kms.key', what: 'keys', expected: platformCounts(environment).kmsKeys }]],
    [
      'Logs, alarms, images and model store',
      [
        { price: 'logs.ingest', what: 'GB of other logs', expected: estimates.logGb },
        { price: 'cloudwatch.alarm', what: 'alarms', expected: alarms },
        { price: 'ecr.storage', what: 'GB of images', expected: IMAGE_GB },
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
  return [
    ...networkItems(context, hours),
    ...platformItems(context, hours),
    ...databaseItems(context, hours),
    ...workbenchItems(context, hours),
    ...sharedItems(context),
  ]
    .filter(([, amounts]) => amounts.some(({ expected, max = expected }) => max > 0))
    .map(([item, amounts]) => priceLine(item, amounts, context.prices));
}
