import type { Environment } from '../../config/environment';
import { QUOTA, type QuotaKey, notebookQuotaKey } from '../../quotas/quota-catalogue';
import { UserError } from '../../util/user-error';
import { replacementVcpus } from '../../config/workloads/pod-sizes';
import { ec2Vcpus } from './ec2-types';
import type { Use } from './quota-ledger';

/** Customer keys of an environment: one a stack that encrypts, see `EncryptionKey`. */
export interface PlatformCounts {
  readonly stacks: number;
  readonly kmsKeys: number;
}

const facesInternet = ({ platform }: Environment): boolean =>
  platform.enabled && platform.loadBalancer.internetFacing;

/** How many stacks and customer keys an environment has; checked against the templates by a test. */
export function platformCounts(environment: Environment): PlatformCounts {
  const { platform, database, workbench } = environment;
  const optional = [platform.enabled, database.enabled, workbench.notebook || workbench.trainer];
  const stacks = 4 + optional.filter(Boolean).length;
  // Operations needs a key of its own for the alarm topic; Network, ModelStore and Serving have one each. The logs of a
  // web ACL have another.
  return { stacks, kmsKeys: stacks + (facesInternet(environment) ? 1 : 0) };
}

function networkUses(environment: Environment): [QuotaKey, number][] {
  const { network } = environment;
  const zonesWithNat = network.natGateways > 0 ? 1 : 0;
  return [
    [QUOTA.vpcs, 1],
    // Without NAT gateways and public load balancers nothing is public, and the VPC has no internet gateway.
    [QUOTA.internetGateways, network.natGateways > 0 || facesInternet(environment) ? 1 : 0],
    [QUOTA.elasticIps, network.natGateways],
    // NAT gateways are spread over the zones, so no zone ever holds two.
    [QUOTA.natGatewaysPerZone, zonesWithNat],
    [QUOTA.gatewayEndpoints, 1],
    [QUOTA.interfaceEndpointsPerVpc, network.interfaceEndpoints.length],
  ];
}

function workbenchUses({ workbench }: Environment): [QuotaKey, number][] {
  if (!workbench.notebook) return [];
  const byType = notebookQuotaKey(workbench.notebookInstanceType);
  if (byType === undefined) {
    throw new UserError(
      `workbench.notebookInstanceType: ${workbench.notebookInstanceType} has no entry in the quota catalogue; use ml.t3.medium`,
    );
  }
  return [
    [QUOTA.notebooks, 1],
    [byType, 1],
  ];
}

/**
 * vCPUs of EKS nodes: Auto Mode's nodes count against the EC2 quota like any others. A node is replaced by one that
 * starts before it has gone.
 */
function nodeUses({ platform, network }: Environment): Use[] {
  if (!platform.enabled) return [];
  const { peakNodeVcpus: vcpus } = platform;
  const surge = replacementVcpus(vcpus, network.zones.length);
  return [{ key: QUOTA.standardVcpus, steady: vcpus, peak: vcpus, surge }];
}

function databaseUses({ database }: Environment): Use[] {
  if (!database.enabled) return [];
  const { storageGb, maxStorageGb = storageGb } = database;
  return [
    { key: QUOTA.dbInstances, steady: 1, peak: 1, surge: 0 },
    { key: QUOTA.dbStorageGb, steady: storageGb, peak: maxStorageGb, surge: 0 },
  ];
}

/**
 * What an environment draws on quotas beside its models. The storage of the database alone grows by itself, and nodes
 * alone have others beside them while they are replaced; of everything else steady and peak are one figure.
 */
export function platformUses(environment: Environment): Use[] {
  const { platform, workbench } = environment;
  const counts = platformCounts(environment);
  const amounts: [QuotaKey, number][] = [
    [QUOTA.stacks, counts.stacks],
    [QUOTA.kmsKeys, counts.kmsKeys],
    ...networkUses(environment),
    ...(platform.enabled
      ? ([
          [QUOTA.eksClusters, 1],
          [QUOTA.loadBalancers, 1],
          [QUOTA.targetGroups, 2],
        ] as [QuotaKey, number][])
      : []),
    ...(workbench.trainer
      ? ([[QUOTA.standardVcpus, ec2Vcpus(workbench.trainerInstanceType)]] as [QuotaKey, number][])
      : []),
    ...workbenchUses(environment),
  ];
  return [
    ...amounts
      .filter(([, amount]) => amount > 0)
      .map(([key, amount]) => ({ key, steady: amount, peak: amount, surge: 0 })),
    ...nodeUses(environment),
    ...databaseUses(environment),
  ];
}
