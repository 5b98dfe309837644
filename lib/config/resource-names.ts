import { createHash } from 'node:crypto';
import type { Specialist } from '../../models/catalogue';
import { SPECIALISTS } from '../../models/catalogue';

/** SageMaker's limit for the name of an endpoint. */
const MAX_NAME = 63;

/**
 * Tag of an environment's stacks, which CloudFormation passes on to every resource that takes tags. To be activated
 * once an account as a cost allocation tag.
 */
export const ENVIRONMENT_TAG = 'mini-xdr:environment';

/** Name of an endpoint's only production variant. SageMaker's deployment guardrails require that it never changes. */
export const PRODUCTION_VARIANT = 'AllTraffic';

/** Prefix of everything that an environment names itself. */
export function environmentPrefix(environment: string): string {
  return `mini-xdr-${environment}`;
}

/** Stack that lets GitHub Actions into an account. No environment has a name in upper case. */
export const DELIVERY_STACK = 'mini-xdr-Delivery';

/** Name of the role that GitHub Actions deploys an environment with. */
export function deployRoleName(environment: string): string {
  return `${environmentPrefix(environment)}-deploy`;
}

/** Name of the repository of a workload's images. */
export function repositoryName(environment: string, workload: string): string {
  return `${environmentPrefix(environment)}/${workload}`;
}

/** A group in a name: no two groups are spelled alike, as long as no name has two hyphens in a row. */
function spellGroup(group: readonly Specialist[]): string {
  if (group.length === SPECIALISTS.length && SPECIALISTS.every((name) => group.includes(name))) return 'all';
  // One hyphen between names that have hyphens themselves would spell `a-b, c` and `a, b-c` alike.
  return group.join(group.some((name) => name.includes('-')) ? '--' : '-');
}

/**
 * Name of an endpoint. It carries the topology, because AWS refuses to turn an instance endpoint into a serverless
 * one and a scalable target blocks a change of type: either is a new endpoint, never an update of the old.
 * Too long a name keeps its start and ends in a hash of the whole.
 *
 * @param topology such as `serverless`, or `shared-m6g-large`
 */
export function endpointName(
  environment: string,
  specialists: readonly Specialist[],
  topology: string,
): string {
  const name = `${environmentPrefix(environment)}-${spellGroup(specialists)}-${topology}`;
  if (name.length <= MAX_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_NAME - hash.length - 1).replace(/-+$/, '')}-${hash}`;
}

/** `ml.m6g.large` as a part of a name: `m6g-large`. */
export function typeInName(instanceType: string): string {
  return instanceType.replace(/^ml\./, '').replaceAll('.', '-');
}
