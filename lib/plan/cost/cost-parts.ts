import { type CostLine, type MonthlyCost, total } from './monthly-cost';

/** A part of an environment that has a cost of its own. */
interface PartOfBill {
  readonly name: string;
  /** Configuration key that turns the part off. @default - nothing does */
  readonly switch?: string;
}

const CLUSTER_SWITCH = 'platform.enabled';

/** Parts of the bill, in its order. Each line belongs to one of them. */
export const COST_PARTS = {
  endpoints: { name: 'SageMaker endpoints', switch: 'hosting.modes' },
  inference: { name: 'Inference function' },
  capture: { name: 'Captures and drift', switch: 'inference.capture' },
  nat: { name: 'NAT gateways', switch: 'network.natGateways' },
  interfaceEndpoints: { name: 'Interface endpoints', switch: 'network.interfaceEndpoints' },
  cluster: { name: 'EKS cluster', switch: CLUSTER_SWITCH },
  nodes: { name: 'EKS nodes', switch: CLUSTER_SWITCH },
  loadBalancer: { name: 'Load balancer', switch: CLUSTER_SWITCH },
  webAcl: { name: 'Web ACL', switch: 'platform.loadBalancer.internetFacing' },
  workloads: { name: 'Workloads', switch: 'platform.workloads.images' },
  clusterLogs: { name: 'Logs, metrics of pods', switch: 'platform.observability' },
  database: { name: 'Database', switch: 'database.enabled' },
  notebook: { name: 'Notebook', switch: 'workbench.notebook' },
  trainer: { name: 'Training instance', switch: 'workbench.trainer' },
  operations: { name: 'Keys, logs, model store' },
} as const satisfies Readonly<Record<string, PartOfBill>>;

export type CostPart = keyof typeof COST_PARTS;

/** What a part costs a month. */
export interface PartCost extends PartOfBill {
  readonly cost: MonthlyCost;
}

/** Name of a part, as reports show it. */
export const partName = (part: CostPart): string => COST_PARTS[part].name;

/** Sums of the lines by part, in the order of the bill; parts without a line are left out. They add up to the total. */
export function partCosts(lines: readonly CostLine[]): PartCost[] {
  const keys = Object.keys(COST_PARTS) as CostPart[];
  return keys.flatMap((part) => {
    const own = lines.filter((line) => line.part === part);
    return own.length === 0 ? [] : [{ ...COST_PARTS[part], cost: total(own) }];
  });
}
