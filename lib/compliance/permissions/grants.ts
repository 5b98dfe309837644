import { type Condition, type Statement, statementsOf } from '../iam/statement';
import { type JsonRecord, listOf, recordOf, textOf, textsOf } from '../../util/json';
import type { ResourcePermissions } from './permission-model';
import type { ReadResource } from './resource-policies';

/** Where resource types keep a policy: the property that names the resource (none: itself), and the document. */
const POLICIES: Readonly<Record<string, { readonly of?: string; readonly document: string }>> = {
  'AWS::KMS::Key': { document: 'KeyPolicy' },
  'AWS::S3::BucketPolicy': { of: 'Bucket', document: 'PolicyDocument' },
  'AWS::SNS::TopicPolicy': { of: 'Topics', document: 'PolicyDocument' },
  'AWS::SQS::QueuePolicy': { of: 'Queues', document: 'PolicyDocument' },
  'AWS::SecretsManager::ResourcePolicy': { of: 'SecretId', document: 'ResourcePolicy' },
  'AWS::ECR::Repository': { document: 'RepositoryPolicyText' },
  'AWS::EC2::VPCEndpoint': { document: 'PolicyDocument' },
  'AWS::EFS::FileSystem': { document: 'FileSystemPolicy' },
  'AWS::Logs::ResourcePolicy': { document: 'PolicyDocument' },
};

/** What resources admit by themselves: their policies, permissions of functions, access to clusters and from their pods. */
export function grantsOf(resources: readonly ReadResource[]): readonly ResourcePermissions[] {
  const byName = new Map<string, Statement[]>();
  for (const { name, statement } of resources.flatMap(grantsIn)) {
    byName.set(name, [...(byName.get(name) ?? []), statement]);
  }
  return [...byName].map(([name, statements]) => ({ name, statements }));
}

interface Grant {
  readonly name: string;
  readonly statement: Statement;
}

function grantsIn(resource: ReadResource): readonly Grant[] {
  const { name, type, properties } = resource;
  if (type === 'AWS::Lambda::Permission') {
    return [{ name: plain(properties['FunctionName']) ?? name, statement: functionPermission(properties) }];
  }
  if (type === 'AWS::EKS::AccessEntry') {
    return accessEntry(properties).map((statement) => ({
      name: plain(properties['ClusterName']) ?? name,
      statement,
    }));
  }
  if (type === 'AWS::EKS::PodIdentityAssociation') {
    return [{ name: plain(properties['ClusterName']) ?? name, statement: podIdentity(properties) }];
  }
  const policy = POLICIES[type];
  if (!policy) return [];
  const owners = policy.of === undefined ? [name] : listOf(properties[policy.of]).map(plain);
  return statementsOf(properties[policy.document]).flatMap((statement) =>
    owners.map((owner) => ({ name: owner ?? name, statement })),
  );
}

function functionPermission(properties: JsonRecord): Statement {
  const condition = (operator: string, key: string, property: string): readonly Condition[] =>
    properties[property] === undefined ? [] : [{ operator, key, values: textsOf(properties[property]) }];
  const principal = textOf(properties['Principal']) ?? '';
  return allow({
    principals: [principal === '*' ? 'anyone' : principal],
    actions: textsOf(properties['Action']),
    conditions: [
      ...condition('ArnLike', 'aws:SourceArn', 'SourceArn'),
      ...condition('StringEquals', 'aws:SourceAccount', 'SourceAccount'),
      ...condition('StringEquals', 'aws:PrincipalOrgID', 'PrincipalOrgID'),
      ...condition('StringEquals', 'lambda:FunctionUrlAuthType', 'FunctionUrlAuthType'),
      ...condition('Bool', 'lambda:InvokedViaFunctionUrl', 'InvokedViaFunctionUrl'),
    ],
  });
}

/** An access entry gives an IAM principal Kubernetes rights: by cluster access policies, or by groups. */
function accessEntry(properties: JsonRecord): readonly Statement[] {
  const principals = [`aws ${textOf(properties['PrincipalArn']) ?? ''}`];
  const groups = textsOf(properties['KubernetesGroups']).map((group) => `kubernetes group ${group}`);
  const policies = listOf(properties['AccessPolicies']).map((entry): Statement => {
    const { PolicyArn, AccessScope } = recordOf(entry);
    const { Type, Namespaces } = recordOf(AccessScope);
    const namespaces = textsOf(Namespaces).map((namespace) => `namespace ${namespace}`);
    return allow({
      principals,
      actions: textsOf(PolicyArn),
      resources: Type === 'namespace' ? namespaces : ['cluster'],
    });
  });
  return groups.length > 0 || policies.length === 0
    ? [...policies, allow({ principals, actions: groups.length > 0 ? groups : ['connect'] })]
    : policies;
}

/** A pod identity association lets the pods of a service account act as a role. */
function podIdentity(properties: JsonRecord): Statement {
  const { Namespace, ServiceAccount, RoleArn } = properties;
  return allow({
    principals: [`service account ${textOf(Namespace) ?? ''}/${textOf(ServiceAccount) ?? ''}`],
    actions: ['act as'],
    resources: textsOf(RoleArn),
  });
}

function allow(parts: Partial<Statement>): Statement {
  return {
    effect: 'Allow',
    principals: [],
    notPrincipals: [],
    actions: [],
    notActions: [],
    resources: [],
    notResources: [],
    conditions: [],
    ...parts,
  };
}

/** `Stack.LogicalId` of a reference to a resource or to one of its attributes. */
function plain(reference: unknown): string | undefined {
  if (typeof reference !== 'string') return undefined;
  const [, inner] = /^\$\{([^{}]+)\}$/.exec(reference) ?? [];
  return inner?.split('.').slice(0, 2).join('.') ?? reference;
}
