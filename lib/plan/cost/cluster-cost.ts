import type { Environment } from '../../config/environment';
import { isOwnImage, runsWorkloads, watchedServices } from '../../config/workloads/configured-workloads';
import {
  MIN_REPLICAS,
  NODE_DISK_GIB,
  NODE_DRAIN_HOURS,
  NODE_LIFE_HOURS,
} from '../../config/workloads/pod-sizes';
import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import { clusterObservation } from './cluster-observability-cost';
import { ALARMS, type Item, KEY, alarms, requests } from './cost-items';
import { WEB_ACL_RULES } from '../managed-rules';

/** EKS Auto Mode chooses the nodes; a large of the m family stands for two vCPUs. */
const NODE = { price: 'ec2.m5.large', autoMode: 'eks.autoMode.m5.large', vcpus: 2 } as const;

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
    // Without a certificate it listens to nothing and so answers nobody.
    ...(platform.certificateArn === undefined ? [] : [alarms(ALARMS.listener)]),
  ];
  if (!platform.loadBalancer.internetFacing) return [['loadBalancer', 'Application Load Balancer', balancer]];
  const addresses = {
    price: 'vpc.publicIpv4',
    what: 'address hours',
    expected: network.zones.length * hours,
  };
  return [
    ['loadBalancer', 'Application Load Balancer', [...balancer, addresses]],
    [
      'webAcl',
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
        // Its logs have a key of their own.
        KEY,
      ],
    ],
  ];
}

/** Images in the platform's own repositories, and who watches what runs of them. Those elsewhere are paid elsewhere. */
function workloadItems({ environment }: PlanningContext): Item[] {
  const { platform, estimates } = environment;
  const images = Object.values(platform.workloads.images).flatMap((configured) => configured?.image ?? []);
  if (images.length === 0) return [];
  const own = images.some(isOwnImage);
  return [
    [
      'workloads',
      'Workloads: images, alarms',
      [
        { price: 'ecr.storage', what: 'GB of workload images', expected: own ? estimates.imageGb : 0 },
        alarms(ALARMS.service * watchedServices(environment).length),
      ],
    ],
  ];
}

/** Nodes of the cluster, of the size that the bill takes: scaled out, and when nobody calls. None without a cluster. */
export function nodeCounts(environment: Environment): { readonly peak: number; readonly idle: number } {
  const { enabled, peakNodeVcpus, idleNodeVcpus } = environment.platform;
  if (!enabled) return { peak: 0, idle: 0 };
  const peak = peakNodeVcpus / NODE.vcpus;
  // Pods that always run stand in as many zones, and so on as many nodes.
  const resident = runsWorkloads(environment) ? MIN_REPLICAS : 0;
  return { peak, idle: Math.min(Math.max(idleNodeVcpus / NODE.vcpus, resident), peak) };
}

/** The cluster with all that stands before and in it; nothing where there is none. */
export function clusterItems(context: PlanningContext, hours: number): Item[] {
  if (!context.environment.platform.enabled) return [];
  const { peak: peakNodes, idle: idleNodes } = nodeCounts(context.environment);
  // At most every node has its replacement beside it for as long as it may take to go, once in its life.
  const most = peakNodes * (1 + NODE_DRAIN_HOURS / NODE_LIFE_HOURS);
  const nodeHours = { expected: peakNodes * hours, idle: idleNodes * hours, max: most * hours };
  const disk = {
    expected: peakNodes * NODE_DISK_GIB,
    idle: idleNodes * NODE_DISK_GIB,
    max: most * NODE_DISK_GIB,
  };
  return [
    [
      'cluster',
      'EKS cluster',
      [
        { price: 'eks.cluster', what: 'cluster hours', expected: hours },
        KEY,
        ...(runsWorkloads(context.environment) ? [alarms(ALARMS.cluster)] : []),
      ],
    ],
    [
      'nodes',
      'EKS nodes (Auto Mode, at peak size)',
      [
        { price: NODE.price, what: 'node hours', ...nodeHours },
        { price: NODE.autoMode, what: 'node hours in Auto Mode', ...nodeHours },
        { price: 'ebs.gp3', what: 'GB of node disk', ...disk },
      ],
    ],
    ...loadBalancerItems(context, hours),
    ...workloadItems(context),
    [
      'clusterLogs',
      'Logs, metrics, alarms of pods and nodes',
      clusterObservation(context, { idle: idleNodes, peak: peakNodes }),
    ],
  ];
}
