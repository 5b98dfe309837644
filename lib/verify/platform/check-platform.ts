import type { Environment } from '../../config/environment';
import { runningServices } from '../../config/workloads/configured-workloads';
import { environmentPrefix } from '../../config/resource-names';
import { type Check, type CheckKind, type Found, checkOf } from '../check-outcome';
import { clusterFound } from './check-cluster';
import { databaseFound } from './check-database';
import { type DeployedStack, readDeployed, withoutStack } from '../deployed-stack';
import { loadBalancerFound } from './check-load-balancer';
import type { Reader } from '../verify-reader';
import { workloadFound } from './check-workload-targets';

/** Something that a stack holds, and how to look at it. */
interface Examined {
  readonly kind: CheckKind;
  readonly subject: string;
  readonly look: (environment: Environment, stack: DeployedStack, reader: Reader) => Promise<Found[]>;
}

async function checkParts(
  part: 'Platform' | 'Data',
  examined: readonly Examined[],
  environment: Environment,
  reader: Reader,
): Promise<Check[]> {
  const name = `${environmentPrefix(environment.name)}-${part}`;
  const stack = await readDeployed(name, reader);
  return Promise.all(
    examined.map(async ({ kind, subject, look }) => {
      if (stack.state !== 'known') return checkOf(kind, subject, [withoutStack(name, stack)]);
      return checkOf(kind, subject, await look(environment, stack.value, reader));
    }),
  );
}

/** Whether cluster, load balancer and what runs behind it are as configured; nothing where there is no platform. */
export async function checkPlatform(environment: Environment, reader: Reader): Promise<Check[]> {
  if (!environment.platform.enabled) return [];
  const examined: readonly Examined[] = [
    { kind: 'cluster', subject: 'EKS cluster', look: clusterFound },
    { kind: 'load-balancer', subject: 'Application Load Balancer', look: loadBalancerFound },
    ...runningServices(environment).map((workload): Examined => ({
      kind: 'workload',
      subject: workload,
      look: (...given) => workloadFound(workload, ...given),
    })),
  ];
  return checkParts('Platform', examined, environment, reader);
}

/** Whether the database is as configured; nothing where there is none. */
export async function checkDatabase(environment: Environment, reader: Reader): Promise<Check[]> {
  if (!environment.database.enabled) return [];
  const examined: Examined = { kind: 'database', subject: 'PostgreSQL', look: databaseFound };
  return checkParts('Data', [examined], environment, reader);
}
