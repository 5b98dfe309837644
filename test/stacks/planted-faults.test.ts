import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import type { Json, JsonRecord } from '../../lib/util/json';
import { assess } from '../../lib/compliance/apply-compliance';
import { object, rendered, replaced } from '../support/workloads/workload-fixtures';
import { infrastructureStacks, type InfrastructureStacks } from '../support/stacks/infrastructure';
import { IMAGES, running } from '../support/stacks/workload-images';

const NODES = { 'karpenter.sh/nodepool': 'mini-xdr', 'kubernetes.io/arch': 'amd64' };
const CONTAINER = 'spec.template.spec.containers.0';

/** What stops the stacks: faults that end synthesis, and findings that nobody accepted. */
function stopped(plant: (stacks: InfrastructureStacks) => void): string {
  const stacks = infrastructureStacks(running(IMAGES));
  plant(stacks);
  try {
    return assess(stacks.stage)
      .outstanding.map(({ rule, path }) => `${rule} ${path}`)
      .join('\n');
  } catch (error) {
    return (error as Error).message;
  }
}

function inside<T extends IConstruct>(scope: IConstruct, type: abstract new (...given: never[]) => T): T {
  const found = scope.node.findAll().find((construct): construct is T => construct instanceof type);
  if (found === undefined) throw new Error(`no ${type.name} inside ${scope.node.path}`);
  return found;
}

/** Somebody applies one more object to the cluster, written by hand. */
const applying =
  (manifest: JsonRecord) =>
  ({ platform }: InfrastructureStacks) =>
    new KubernetesManifest(platform, 'Another', {
      cluster: platform.cluster.cluster,
      manifest: [manifest],
      prune: false,
    });

/** The backend's Deployment for these nodes under another name, with one value replaced. */
function deployment(path: string, value: Json): JsonRecord {
  const backend = object(rendered(), 'Deployment', 'backend');
  const named = replaced(
    replaced(backend, 'metadata.name', 'another'),
    'spec.template.spec.nodeSelector',
    NODES,
  );
  return replaced(named, path, value);
}

const frontendDoor = object(rendered(), 'NetworkPolicy', 'frontend-egress');

describe('a planted fault', () => {
  it('is none in the stacks as they are', () => {
    expect(stopped(() => undefined)).toBe('');
  });

  it.each<[string, (stacks: InfrastructureStacks) => void, string]>([
    [
      'a public database',
      ({ data }) => inside(data, rds.CfnDBInstance).addPropertyOverride('PubliclyAccessible', true),
      'it is public: PubliclyAccessible is true',
    ],
    [
      'SSH open to the world',
      ({ workbench }) =>
        inside(workbench.node.findChild('Trainer'), ec2.SecurityGroup).addIngressRule(
          ec2.Peer.anyIpv4(),
          ec2.Port.SSH,
        ),
      'AwsSolutions-EC23 test/Workbench/Trainer/SecurityGroup',
    ],
    [
      'a Deployment without a disruption budget',
      applying(deployment('spec.template.metadata.labels', { 'app.kubernetes.io/name': 'another' })),
      '(DisruptionBudget)',
    ],
    [
      'pods for nodes of another architecture',
      applying(deployment('spec.template.spec.nodeSelector', { ...NODES, 'kubernetes.io/arch': 'arm64' })),
      '(SameArchitecture)',
    ],
    [
      'an image that a tag names',
      applying(deployment(`${CONTAINER}.image`, 'registry.example.com/backend:v2')),
      'runs registry.example.com/backend:v2, which is not given by digest alone',
    ],
    [
      'egress to everywhere',
      applying(replaced(replaced(frontendDoor, 'metadata.name', 'open'), 'spec.egress', [{}])),
      'NetworkPolicy/mini-xdr/open',
    ],
    [
      'a container that may become root',
      applying(deployment(`${CONTAINER}.securityContext.allowPrivilegeEscalation`, true)),
      '(HardenedPods)',
    ],
  ])('stops the stacks: %s', (_fault, plant, says) => {
    expect(stopped(plant)).toContain(says);
  });
});
