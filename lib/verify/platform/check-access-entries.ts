import * as z from 'zod';
import { adminRole } from '../../config/platform/admin-principal';
import { type Found, failed, ok, undetermined } from '../check-outcome';
import { type DeployedStack, besideStack, partsOf, referenceSchema } from '../deployed-stack';

/** Whom a cluster lets in, and who made it so. */
export interface Admission {
  /** ARN of the cluster. */
  readonly clusterArn: string | undefined;
  /** Every principal with an access entry, as ARNs. */
  readonly live: readonly string[];
  /** Role that administers the cluster, as the environment names it. */
  readonly administrator: string | undefined;
}

const IAM = /^arn:([^:]+):iam::(\d*):(.+)$/;
const CLUSTER = /^arn:([^:]+):eks:[^:]*:(\d*):/;

/**
 * Auto Mode gives these two roles of a cluster access by itself. (EKS User Guide, "Learn about identity and access in
 * EKS Auto Mode".)
 */
const clusterSchema = z.object({
  RoleArn: referenceSchema.optional(),
  ComputeConfig: z.object({ NodeRoleArn: referenceSchema.optional() }).optional(),
});

/** Names a principal without its account. */
function nameOf(principal: string, account: string): string {
  const [, , owner, resource] = IAM.exec(principal) ?? [];
  if (resource === undefined) return 'a principal that is none of IAM';
  return owner === account ? resource : `${resource} of another account`;
}

/** EKS refuses an entry that somebody makes for a service-linked role, so one that is there is EKS's own. */
const isServiceLinked = (principal: string) =>
  IAM.exec(principal)?.[3]?.startsWith('role/aws-service-role/') === true;

/** Names of the roles that EKS lets in by itself. */
function rolesOfCluster(stack: DeployedStack): string[] {
  return partsOf(stack, 'AWS::EKS::Cluster').flatMap(({ properties }) => {
    const { RoleArn, ComputeConfig } = clusterSchema.safeParse(properties).data ?? {};
    return [RoleArn, ComputeConfig?.NodeRoleArn].flatMap((id) => stack.physicalId(id) ?? []);
  });
}

/** CloudFormation's id of an access entry is `principal|cluster`. (So aws-cdk-lib takes it apart, too.) */
function principalIn(physicalId: string | undefined): string | undefined {
  return physicalId?.split('|').find((part) => IAM.test(part));
}

/**
 * Whether exactly those may enter a cluster that the environment and its stack name: an entry that somebody else made
 * lets somebody in whom no review has seen. Names principals without their account.
 */
export function accessFound({ clusterArn, live, administrator }: Admission, stack: DeployedStack): Found[] {
  const [, partition, account] = CLUSTER.exec(clusterArn ?? '') ?? [];
  if (partition === undefined || account === undefined) {
    return [undetermined('who may enter: AWS tells no account of the cluster', 'run the verification again')];
  }
  const own = (resource: string) => `arn:${partition}:iam::${account}:${resource}`;
  const entries = partsOf(stack, 'AWS::EKS::AccessEntry').map(({ physicalId }) => principalIn(physicalId));
  if (entries.includes(undefined)) {
    const detail = `who may enter: CloudFormation does not say whose an access entry of ${stack.name} is`;
    return [undetermined(detail, `see aws eks list-access-entries, and the resources of ${stack.name}`)];
  }
  const configured = administrator === undefined ? undefined : adminRole(administrator);
  const named = [
    ...entries,
    configured?.account === undefined ? configured && own(configured.resource) : administrator,
  ];
  const wanted = new Set(named.filter((principal) => principal !== undefined));
  const byEks = new Set(rolesOfCluster(stack).map((name) => own(`role/${name}`)));
  const strangers = live.filter((one) => !wanted.has(one) && !byEks.has(one) && !isServiceLinked(one));
  const missing = [...wanted].filter((principal) => !live.includes(principal));
  const remedy = besideStack('platform-differs');
  const wrong = [
    ...strangers.map((one) =>
      failed(`${nameOf(one, account)} may enter, whom neither stack nor configuration names`, remedy),
    ),
    ...missing.map((one) => failed(`${nameOf(one, account)} has no access entry`, remedy)),
  ];
  return wrong.length > 0
    ? wrong
    : [ok(`lets in ${[...wanted].map((one) => nameOf(one, account)).join(', ')}, and nobody else`)];
}
