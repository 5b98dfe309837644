import { readFileSync, writeFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { renderPermissions, rolePermissions } from '../../lib/compliance/permissions/role-permissions';
import {
  type Changes,
  identityStatements,
  infrastructureWith,
  onlyOne,
  propertiesOf,
} from '../support/stacks/infrastructure';
import { image, IMAGES, running } from '../support/stacks/workload-images';

const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';
const GATE = 'Custom::AWSCDK-EKS-KubernetesObjectValue';
interface Applied {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** A text of the template, with what CloudFormation fills in spelled as a placeholder. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [, parts] = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return parts
    .map((part) =>
      typeof part === 'string' ? part : `<${JSON.stringify(part).replaceAll(/[{}"[\]]/g, '')}>`,
    )
    .join('');
}

/** What each manifest applies, by the start of its logical id: the name of its group. */
function groupsOf(platform: Template): Record<string, Applied[]> {
  return Object.fromEntries(
    Object.entries(propertiesOf(platform, MANIFEST)).map(([id, { Manifest }]) => [
      /^Workloads(\w+?)(?:[0-9A-F]{8})?$/.exec(id)?.[1] ?? id,
      JSON.parse(textOf(Manifest)) as Applied[],
    ]),
  );
}

function logicalId(platform: Template, type: string, group: string): string {
  const found = Object.keys(platform.findResources(type)).find((id) => id.startsWith(`Workloads${group}`));
  if (found === undefined) throw new Error(`no ${group} among ${type}`);
  return found;
}

const dependenciesOf = (platform: Template, type: string, group: string) =>
  platform.findResources(type)[logicalId(platform, type, group)]?.['DependsOn'] as string[];

describe('a platform without images', () => {
  const { platform } = infrastructureWith();

  it('applies nothing, has nothing to apply it with, and says so', () => {
    platform.resourceCountIs(MANIFEST, 0);
    platform.resourceCountIs('AWS::Lambda::Function', 0);
    platform.resourceCountIs('AWS::EKS::Addon', 0);
    platform.hasOutput('RunningWorkloads', { Value: Match.stringLikeRegexp('No image is configured') });
  });

  it.each(['backend', 'frontend', 'migration'])('has a repository for images of %s', (workload) => {
    const repository =
      Object.values(propertiesOf(platform, 'AWS::ECR::Repository')).find(
        ({ RepositoryName }) => RepositoryName === `mini-xdr-dev/${workload}`,
      ) ?? {};

    expect(repository).toMatchObject({
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: expect.anything() as unknown },
    });
    const { LifecyclePolicyText } = repository['LifecyclePolicy'] as { LifecyclePolicyText: string };
    const { rules } = JSON.parse(LifecyclePolicyText) as { rules: { selection: Record<string, unknown> }[] };
    expect(rules.map(({ selection }) => [selection['tagStatus'], selection['countType']])).toEqual([
      ['untagged', 'sinceImagePushed'],
      ['any', 'imageCountMoreThan'],
    ]);
  });

  it.each([
    ['destroy', true, 'Delete'],
    ['snapshot', false, 'RetainExceptOnCreate'],
    ['retain', false, 'RetainExceptOnCreate'],
  ] as const)('keeps its images on %s as the configuration says', (onRemoval, emptied, policy) => {
    const changed = infrastructureWith({ protection: { onRemoval, deletionProtection: false } }).platform;

    for (const { Properties, DeletionPolicy } of Object.values(
      changed.findResources('AWS::ECR::Repository'),
    )) {
      expect(Properties).toHaveProperty('EmptyOnDelete', emptied);
      expect(DeletionPolicy).toBe(policy);
    }
  });
});

describe('a platform with images', () => {
  const { platform } = infrastructureWith(running(IMAGES));
  const groups = groupsOf(platform);

  it('applies each group of manifests, and the backend only once the migration has succeeded', () => {
    expect(Object.keys(groups).sort()).toEqual([
      'Backend',
      'Foundation',
      'Frontend',
      'InternetEgress',
      'Migration',
    ]);
    const id = (group: string) => logicalId(platform, MANIFEST, group);
    const gate = logicalId(platform, GATE, 'MigrationGate');

    expect(dependenciesOf(platform, MANIFEST, 'Migration')).toContain(id('Foundation'));
    expect(dependenciesOf(platform, GATE, 'MigrationGate')).toContain(id('Migration'));
    expect(dependenciesOf(platform, MANIFEST, 'Backend')).toContain(gate);
    expect(dependenciesOf(platform, MANIFEST, 'Frontend')).toContain(id('Foundation'));
  });

  it('opens the way to the database before anything that needs it is applied', () => {
    const [rule] = Object.keys(
      platform.findResources('AWS::EC2::SecurityGroupIngress', {
        Properties: { Description: 'From the workloads' },
      }),
    );

    for (const group of ['Migration', 'Backend']) {
      expect(dependenciesOf(platform, MANIFEST, group)).toContain(rule);
    }
  });

  it('waits for the migration by its name, and for nothing longer than a Lambda may', () => {
    const job = groups['Migration']?.find(({ kind }) => kind === 'Job');
    const gates = propertiesOf(platform, GATE);

    expect(gates[logicalId(platform, GATE, 'MigrationGate')]).toMatchObject({
      ObjectType: 'job',
      ObjectName: job?.metadata.name,
      ObjectNamespace: 'mini-xdr',
      JsonPath: '.status.succeeded',
    });
    for (const { TimeoutSeconds } of Object.values(gates)) {
      expect(Number(TimeoutSeconds)).toBeLessThan(15 * 60);
    }
  });

  it('starts no pod before its identity is there', () => {
    const associations = Object.keys(platform.findResources('AWS::EKS::PodIdentityAssociation'));

    expect(associations).toHaveLength(3);
    for (const group of ['Migration', 'Backend']) {
      expect(dependenciesOf(platform, MANIFEST, group)).toEqual(expect.arrayContaining(associations));
    }
  });

  it('runs images of its own repositories where a digest stands alone, and others as they are named', () => {
    const foreign = `registry.example.com/frontend@${image('d').image}`;
    const { Backend = [], Frontend = [] } = groupsOf(
      infrastructureWith(running({ ...IMAGES, frontend: { image: foreign, architectures: ['amd64'] } }))
        .platform,
    );

    expect(JSON.stringify(Backend)).toMatch(
      new RegExp(`dkr\\.ecr\\..*<Ref:ImagesBackend[0-9A-F]{8}>@${image('a').image}"`),
    );
    expect(JSON.stringify(Frontend)).toContain(`"image":"${foreign}"`);
  });

  it('changes the manifest of a workload alone when its image changes, and waits for its pods', () => {
    const next = infrastructureWith(
      running({ ...IMAGES, frontend: image('e') }),
    ).platform.toJSON() as Resources;

    expect(changed(platform.toJSON() as Resources, next)).toEqual(
      [logicalId(platform, GATE, 'FrontendGate'), logicalId(platform, MANIFEST, 'Frontend')].sort(),
    );
  });

  it('migrates anew, waits for that and only then changes the backend when the migration changes', () => {
    const next = infrastructureWith(
      running({ ...IMAGES, migration: image('f') }),
    ).platform.toJSON() as Resources;

    expect(changed(platform.toJSON() as Resources, next)).toEqual(
      [logicalId(platform, GATE, 'MigrationGate'), logicalId(platform, MANIFEST, 'Migration')].sort(),
    );
  });

  it('hands the backend its endpoints as a file, and rolls it when they change', () => {
    const endpoints = { enabled: true, endpoints: { ddos: { endpoint_name: 'another' } } };
    const next = infrastructureWith(running(IMAGES), { endpointConfiguration: endpoints }).platform;
    const { Backend = [] } = groupsOf(next);
    const file = Backend.find(({ kind }) => kind === 'ConfigMap')?.data?.['sagemaker_endpoints.json'];
    const pods = (objects: readonly Applied[] = []) =>
      JSON.stringify(objects.find(({ kind }) => kind === 'Deployment')?.spec?.['template']);

    expect(JSON.parse(file ?? '')).toEqual(endpoints);
    expect(changed(platform.toJSON() as Resources, next.toJSON() as Resources)).toEqual(
      [logicalId(platform, GATE, 'BackendGate'), logicalId(platform, MANIFEST, 'Backend')].sort(),
    );
    expect(pods(Backend)).not.toBe(pods(groups['Backend']));
  });

  it('tells the pods where their database is, and no secret', () => {
    const environmentOf = (group: string, kind: string) => {
      const spec = groups[group]?.find((object) => object.kind === kind)?.spec as {
        template: { spec: { containers: { env: { name: string; value: string }[] }[] } };
      };
      const [container] = spec.template.spec.containers;
      return Object.fromEntries(container?.env.map(({ name, value }) => [name, value]) ?? []);
    };

    expect(environmentOf('Backend', 'Deployment')).toMatchObject({
      AWS_REGION: 'us-east-1',
      DATABASE_HOST: expect.stringContaining('EndpointAddress') as unknown,
      DATABASE_PORT: '5433',
      DATABASE_NAME: 'mini_xdr',
      DATABASE_USER: 'xdr_dev_backend',
    });
    expect(environmentOf('Migration', 'Job')).toMatchObject({
      DATABASE_INSTANCE: 'mini-xdr-dev',
      DATABASE_BACKEND_USER: 'xdr_dev_backend',
    });
  });

  it('binds the pods to the target groups of its load balancer, which the controller may touch', () => {
    const bound = ['Backend', 'Frontend'].map((group) =>
      groups[group]?.find(({ kind }) => kind === 'TargetGroupBinding'),
    );

    expect(bound.map((binding) => binding?.spec?.['targetGroupARN'])).toEqual([
      expect.stringMatching(/^<Ref:LoadBalancerBackend/),
      expect.stringMatching(/^<Ref:LoadBalancerFrontend/),
    ]);
    for (const { Tags } of Object.values(
      propertiesOf(platform, 'AWS::ElasticLoadBalancingV2::TargetGroup'),
    )) {
      expect(Tags).toContainEqual({
        Key: 'eks:eks-cluster-name',
        Value: { Ref: 'ClusterC2E21B66' },
      });
    }
  });

  it('has its listeners before pods wait for the load balancer to call them healthy', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
    const listening = infrastructureWith(running(IMAGES, { certificateArn })).platform;
    const listeners = Object.keys(listening.findResources('AWS::ElasticLoadBalancingV2::Listener'));

    expect(listeners).toHaveLength(2);
    for (const group of ['Backend', 'Frontend']) {
      expect(dependenciesOf(listening, MANIFEST, group)).toEqual(expect.arrayContaining(listeners));
    }
    for (const properties of Object.values(
      propertiesOf(listening, 'AWS::ElasticLoadBalancingV2::TargetGroup'),
    )) {
      expect(properties['TargetGroupAttributes']).toContainEqual({
        Key: 'deregistration_delay.timeout_seconds',
        Value: '60',
      });
    }
  });

  it('admits the subnets of the load balancer alone, which are the same where it is public', () => {
    const openTo = (changes: Changes) => {
      const { Foundation = [] } = groupsOf(infrastructureWith(changes).platform);
      const policy = Foundation.find(({ metadata }) => metadata.name === 'frontend-ingress');
      return JSON.stringify(policy?.spec).match(/10\.40\.[\d.]+\/\d+/g);
    };
    const edge = { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] };
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
    const inside = openTo(running(IMAGES));
    const outside = openTo(running(IMAGES, { certificateArn, loadBalancer: edge }));

    expect(inside).toEqual(['10.40.1.0/27', '10.40.1.32/27']);
    expect(outside).toEqual(inside);
  });

  it('bounds its nodes by what the quotas were planned with', () => {
    const pool = groups['Foundation']?.find(({ kind }) => kind === 'NodePool');

    // Four for the nodes, and four for those that replace them.
    expect(pool?.spec?.['limits']).toEqual({ cpu: '8' });
    expect(onlyOne(platform, 'AWS::EKS::Cluster')).toMatchObject({
      ComputeConfig: { Enabled: true, NodePools: ['system'] },
    });
  });

  it('applies manifests from inside the VPC, with a log of its own', () => {
    for (const properties of Object.values(propertiesOf(platform, 'AWS::Lambda::Function'))) {
      expect(properties).toMatchObject({
        VpcConfig: {
          SecurityGroupIds: [{ 'Fn::GetAtt': ['ClusterC2E21B66', 'ClusterSecurityGroupId'] }],
          SubnetIds: [expect.anything(), expect.anything()] as unknown,
        },
        LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/^ClusterDeployerLogs/) as unknown } },
      });
    }
    platform.resourceCountIs('AWS::Lambda::Function', 2);
    for (const group of Object.values(propertiesOf(platform, 'AWS::Logs::LogGroup'))) {
      expect(group).toMatchObject({ KmsKeyId: expect.anything() as unknown, RetentionInDays: 30 });
    }
  });

  it('gives what applies manifests the reviewed permissions', () => {
    const golden = 'test/golden/permissions/platform-with-images.txt';
    const permissions = renderPermissions(rolePermissions({ Platform: platform.toJSON() }));
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(golden, permissions);

    expect(permissions).toBe(readFileSync(golden, 'utf8'));
  });

  it("denies the deployer's own code the network interfaces that Lambda makes for it", () => {
    const denied = identityStatements(platform).filter(({ Effect }) => Effect === 'Deny');

    expect(denied).toHaveLength(1);
    expect(JSON.stringify(denied)).toContain('function:mini-xdr-dev-Platform-*');
  });
});

interface Resources {
  readonly Resources: Record<string, unknown>;
}

/** Logical ids of what two templates say differently, in order. */
function changed(before: Resources, after: Resources): string[] {
  const ids = new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)]);
  return [...ids]
    .filter((id) => JSON.stringify(before.Resources[id]) !== JSON.stringify(after.Resources[id]))
    .sort();
}
