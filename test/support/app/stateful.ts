import { type StatefulState, statefulState } from '../../../lib/compliance/stateful/index';
import { type ResourceJson, type TemplateJson, resourcesOf } from './template';

/** What holds data or opens it, and must outlive a stack where the environment protects it. */
export const DATA = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::RDS::DBInstance'] as const;

/** Types whose replacement loses data, locks it away, or takes everything that stands on them along. */
const STATEFUL = [
  ...DATA,
  'AWS::SecretsManager::Secret',
  'AWS::EC2::VPC',
  'AWS::EKS::Cluster',
  'AWS::SNS::Topic',
  'AWS::SageMaker::NotebookInstance',
] as const;

/**
 * Stack, type and logical id of everything stateful, with all parts switched on. CloudFormation takes a changed id
 * for a new resource and removes the old one with what is in it, so a line here changes only together with a
 * migration.
 */
export const PINNED_IDS: readonly string[] = [
  'Data AWS::KMS::Key DatabaseKey5E5D9547',
  'Data AWS::RDS::DBInstance DatabaseInstanceAA8A5FDE',
  'ModelStore AWS::KMS::Key StoreKey7A3C02BD',
  'ModelStore AWS::S3::Bucket AccessLogs8B620ECA',
  'ModelStore AWS::S3::Bucket StoreBucket4FBDE984',
  'Network AWS::EC2::VPC NetworkVpc7FB7348F',
  'Network AWS::KMS::Key NetworkFlowLogKeyA00531BA',
  'Operations AWS::KMS::Key AlarmsKey3C2381B3',
  'Operations AWS::SNS::Topic AlarmsTopic3A2DFEBA',
  'Platform AWS::EKS::Cluster ClusterC2E21B66',
  'Platform AWS::KMS::Key ClusterKeyB247D7DD',
  'Serving AWS::KMS::Key Key961B73FD',
  'Workbench AWS::KMS::Key Key961B73FD',
  'Workbench AWS::SageMaker::NotebookInstance Notebook985EE735',
];

type Templates = Readonly<Record<string, TemplateJson>>;

/** Everything stateful in templates, as the lines of {@link PINNED_IDS}. */
export function statefulIn(templates: Templates): string[] {
  return Object.entries(templates)
    .flatMap(([stack, template]) =>
      STATEFUL.flatMap((type) => resourcesOf(template, type).map(({ id }) => `${stack} ${type} ${id}`)),
    )
    .sort();
}

/** What becomes of each type of data: `<on removal> <on replacement>`, one value where all agree. */
export function removalsIn(templates: Templates): Record<string, string[]> {
  return Object.fromEntries(
    DATA.map((type): [string, string[]] => {
      const policies = Object.values(templates)
        .flatMap(({ Resources }) => Object.values(Resources))
        .filter(({ Type }) => Type === type)
        .map(({ DeletionPolicy, UpdateReplacePolicy }) => `${DeletionPolicy} ${UpdateReplacePolicy}`);
      return [type, [...new Set(policies)]];
    }),
  );
}

/** What the gate reviews of templates, read to be compared with an earlier state. */
export function stateIn(templates: Templates, earlier?: StatefulState): StatefulState {
  return statefulState(templates as unknown as Parameters<typeof statefulState>[0], earlier);
}

/** Places of everything stateful in a state, such as `Data/Database/Instance`. */
export function placesIn(state: StatefulState): string[] {
  return Object.values(state)
    .filter(({ stateful }) => stateful)
    .map(({ path }) => path)
    .sort();
}

/** The templates after every stateful construct was renamed. */
export function withOtherIds(templates: Templates): Templates {
  const ids = Object.entries(stateIn(templates)).flatMap(([id, { stateful }]) =>
    stateful ? [id.slice(id.indexOf('.') + 1)] : [],
  );
  const renamed = ids.reduce(
    (text, id) => text.replaceAll(`"${id}"`, `"${id}Renamed"`),
    JSON.stringify(templates),
  );
  return JSON.parse(renamed) as Templates;
}

/** The templates without a word on what becomes of anything. */
export function withoutPolicies(templates: Templates): Templates {
  return withResources(
    templates,
    ({ DeletionPolicy: _removal, UpdateReplacePolicy: _replacement, ...rest }) => rest,
  );
}

/** The templates after changes that every resource gets in place. */
export function withHarmlessChanges(templates: Templates): Templates {
  const sizes = {
    DBInstanceClass: 'db.m7g.2xlarge',
    InstanceType: 'ml.m5.4xlarge',
    BackupRetentionPeriod: 35,
  };
  return withResources(templates, (resource) => {
    const properties = resource.Properties ?? {};
    const resized = Object.entries(sizes).filter(([name]) => name in properties);
    return {
      ...resource,
      Properties: {
        ...properties,
        ...Object.fromEntries(resized),
        Tags: [{ Key: 'Owner', Value: 'security' }],
      },
    };
  });
}

function withResources(templates: Templates, change: (resource: ResourceJson) => ResourceJson): Templates {
  return Object.fromEntries(
    Object.entries(templates).map(([stack, template]) => [
      stack,
      {
        ...template,
        Resources: Object.fromEntries(
          Object.entries(template.Resources).map(([id, resource]) => [id, change(resource)]),
        ),
      },
    ]),
  );
}
