import { type Cluster, DescribeClusterCommand, paginateListAccessEntries } from '@aws-sdk/client-eks';
import type { Environment } from '../../config/environment';
import { everyItem } from '../../aws/outcome';
import { accessFound } from './check-access-entries';
import { type Found, failed, ok, undetermined } from '../check-outcome';
import { compare } from '../compare-values';
import { type DeployedStack, besideStack, goneFrom, partsOf } from '../deployed-stack';
import type { Reader } from '../verify-reader';

const BY_HAND = besideStack('platform-differs');

/** States that pass by themselves. (EKS API: Cluster, status.) */
const PASSING = new Set<string>(['CREATING', 'UPDATING', 'PENDING']);

function statusFound(status: string | undefined): Found {
  if (status === 'ACTIVE') return ok(status);
  const detail = `is ${status ?? 'in no known state'}`;
  return status !== undefined && PASSING.has(status)
    ? undetermined(detail, 'verify again when it is ACTIVE')
    : failed(detail, 'see the health of the cluster in the EKS console for why, mend it and deploy again');
}

function apiFound({ resourcesVpcConfig: network }: Cluster): Found[] {
  const { endpointPublicAccess: outside, endpointPrivateAccess: inside } = network ?? {};
  return [
    ...compare('access to its API from the internet', outside, false, BY_HAND),
    ...compare('access to its API inside the VPC', inside, true, BY_HAND),
  ];
}

function settingsFound(cluster: Cluster, { platform }: Environment): Found[] {
  const { version, encryptionConfig = [], upgradePolicy, accessConfig } = cluster;
  const encrypted = encryptionConfig.some(
    ({ resources, provider }) => resources?.includes('secrets') === true && provider?.keyArn !== undefined,
  );
  const upgrade = 'follow docs/runbook.md#upgrading-kubernetes';
  const wrong = [
    ...compare('its Kubernetes version', version, platform.kubernetesVersion, upgrade),
    ...apiFound(cluster),
    ...(encrypted ? [] : [failed('its secrets are under no key of the account', BY_HAND)]),
    ...compare('its upgrade policy', upgradePolicy?.supportType, 'STANDARD', BY_HAND),
    // Otherwise a ConfigMap inside the cluster lets in whom no access entry names.
    ...compare('its authentication mode', accessConfig?.authenticationMode, 'API', BY_HAND),
  ];
  return wrong.length > 0
    ? wrong
    : [ok(`Kubernetes ${version}, API inside the VPC only, secrets under a key, upgrades STANDARD`)];
}

async function whoMayEnter(clusterName: string, { eks: client, read, signal: abortSignal }: Reader) {
  return read('eks:ListAccessEntries', () =>
    everyItem(
      paginateListAccessEntries({ client }, { clusterName }, { abortSignal }),
      ({ accessEntries }) => accessEntries,
    ),
  );
}

/** What there is to say of the environment's cluster, and of who may enter it. */
export async function clusterFound(
  environment: Environment,
  stack: DeployedStack,
  reader: Reader,
): Promise<Found[]> {
  const name = partsOf(stack, 'AWS::EKS::Cluster')[0]?.physicalId;
  if (name === undefined) return [goneFrom(stack.name, 'cluster')];
  const { eks, read, signal: abortSignal } = reader;
  const [described, entries] = await Promise.all([
    read('eks:DescribeCluster', () => eks.send(new DescribeClusterCommand({ name }), { abortSignal })),
    whoMayEnter(name, reader),
  ]);
  const open = [described, entries].flatMap((one) => (one.state === 'unknown' ? [one.found] : []));
  if (described.state === 'unknown') return open;
  const cluster = described.state === 'known' ? described.value.cluster : undefined;
  if (cluster === undefined) return [goneFrom(stack.name, 'cluster')];
  const admission = {
    clusterArn: cluster.arn,
    live: entries.state === 'known' ? entries.value : [],
    administrator: environment.platform.adminPrincipal,
  };
  return [
    statusFound(cluster.status),
    ...settingsFound(cluster, environment),
    ...(entries.state === 'unknown' ? open : accessFound(admission, stack)),
  ];
}
