import { ecrAddress } from '../workloads/ecr-address';
import type { InterfaceEndpoint } from './network-schema';
import type { Environment } from '../environment';
import { observedOf } from '../platform/platform-observability';
import { isOwnImage, runs, runsWorkloads } from '../workloads/configured-workloads';

/** A service that a part of an environment calls from inside the VPC. */
export interface Reach {
  readonly service: InterfaceEndpoint;
  /** Who calls it, and what for. */
  readonly why: string;
  /** Whether the environment has that part. */
  readonly wanted: (environment: Environment) => boolean;
}

const cluster = ({ platform }: Environment) => platform.enabled;
const migratesDatabase = (environment: Environment) =>
  environment.database.enabled && runs(environment, 'migration');
const observes = (environment: Environment) => Object.values(observedOf(environment)).some(Boolean);
const notebook = ({ workbench }: Environment) => workbench.notebook;
const trainer = ({ workbench }: Environment) => workbench.trainer;

/**
 * What has to be reached from inside the VPC where no NAT gateway leads out of it. S3 is not listed: its gateway
 * endpoint is always there. Neither are the models, whose endpoints and Lambda lie outside the VPC, nor the database,
 * which calls nothing.
 *
 * Sources: Amazon EKS user guide, "Deploy private clusters with limited internet access" (EC2, ECR, EKS, and EKS Auth
 * for Pod Identity); eksctl user guide, "EKS Fully-Private Cluster" (STS); AWS Lambda guide, "Function URLs"
 * (PrivateLink does not carry them, the API it does); SageMaker AI guide, "Connect a notebook instance in a VPC to
 * external resources"; AWS Systems Manager guide, "Improve security by using VPC endpoints" (agents no longer
 * ask ec2messages); Amazon RDS user guide, "Amazon RDS API and interface VPC endpoints"; AWS CDK, module eks-v2
 * (manifests are applied by a function that another one of the VPC invokes). Auto Mode manages load balancers and disks from outside the VPC, and the packages of Amazon Linux
 * lie in S3.
 */
export const PRIVATE_REACH: readonly Reach[] = [
  { service: 'ec2', why: 'EKS nodes: their own name and interfaces', wanted: cluster },
  { service: 'ecr.api', why: 'EKS nodes: credentials of the registry', wanted: cluster },
  { service: 'ecr.dkr', why: "EKS nodes: images, those of the cluster's add-ons too", wanted: cluster },
  { service: 'eks', why: 'EKS nodes: the cluster', wanted: cluster },
  { service: 'eks-auth', why: 'pods: credentials of EKS Pod Identity', wanted: cluster },
  { service: 'sts', why: 'EKS nodes: to identify themselves', wanted: cluster },
  { service: 'eks', why: 'what applies manifests: the cluster', wanted: runsWorkloads },
  { service: 'sts', why: 'what applies manifests: to identify itself', wanted: runsWorkloads },
  { service: 'lambda', why: 'what applies manifests: its own functions', wanted: runsWorkloads },
  { service: 'logs', why: 'agents on the nodes: logs and metrics of pods and nodes', wanted: observes },
  { service: 'lambda', why: 'backend: inference, by direct invocation', wanted: cluster },
  {
    service: 'sagemaker.runtime',
    why: 'backend: the endpoints of its configuration',
    wanted: (environment) =>
      cluster(environment) && environment.hosting.modes.some((mode) => mode !== 'embedded'),
  },
  { service: 'rds', why: "migration: which secret is the database's", wanted: migratesDatabase },
  { service: 'secretsmanager', why: 'migration: that secret', wanted: migratesDatabase },
  { service: 'sagemaker.api', why: 'notebook: to stop itself when idle', wanted: notebook },
  { service: 'logs', why: 'notebook: its logs', wanted: notebook },
  { service: 'ssm', why: 'training instance: Session Manager', wanted: trainer },
  { service: 'ssmmessages', why: 'training instance: sessions', wanted: trainer },
];

/**
 * What an environment without NAT gateways needs and has no interface endpoint for, each service once with everybody
 * who calls it, in the order of {@link PRIVATE_REACH}; nothing where there are NAT gateways.
 */
export function missingEndpoints(environment: Environment): readonly Pick<Reach, 'service' | 'why'>[] {
  const { natGateways, interfaceEndpoints } = environment.network;
  if (natGateways > 0) return [];
  const missing = PRIVATE_REACH.filter(
    ({ service, wanted }) => wanted(environment) && !interfaceEndpoints.includes(service),
  );
  return [...new Set(missing.map(({ service }) => service))].map((service) => ({
    service,
    why: missing
      .filter((reach) => reach.service === service)
      .map(({ why }) => why)
      .join('; '),
  }));
}

/**
 * Settings that the training instance lacks where no NAT gateway leads out: PyPI and PyTorch's index, which it installs
 * from unless told otherwise, are on the internet alone, and no endpoint leads there.
 */
export function missingIndexes({ network, workbench }: Environment): readonly string[] {
  if (network.natGateways > 0 || !workbench.trainer) return [];
  const { trainerPackageIndex, trainerTorchIndex } = workbench;
  return Object.entries({ trainerPackageIndex, trainerTorchIndex })
    .filter(([, index]) => index === undefined)
    .map(([name]) => `workbench.${name}`);
}

/**
 * Names of the workloads whose images no node can pull where no NAT gateway leads out: those of any registry but ECR,
 * public ECR included, which has no endpoint.
 */
export function unreachableImages({ network, platform }: Environment): readonly string[] {
  if (network.natGateways > 0 || !platform.enabled) return [];
  return Object.entries(platform.workloads.images)
    .filter(
      ([, given]) => given !== undefined && !isOwnImage(given.image) && ecrAddress(given.image) === undefined,
    )
    .map(([name]) => name);
}
