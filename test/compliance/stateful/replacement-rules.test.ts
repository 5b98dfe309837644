import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { RULES } from '../../../lib/compliance/stateful/replacement-rules';
import { projectPath } from '../../../lib/util/project-path';

/** The resource specification that the CDK's command line carries, as far as it is read here. */
interface Specification {
  readonly schema: {
    readonly resource: {
      readonly entities: readonly {
        readonly cloudFormationType: string;
        readonly properties: Readonly<
          Record<string, { readonly causesReplacement?: 'yes' | 'no' | 'maybe' }>
        >;
      }[];
    };
  };
}

/**
 * Where the specification says that a change may replace, and for an instance that is no replica it does not: RDS
 * changes it in place, by `ModifyDBInstance`.
 * See https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html
 */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  'AWS::RDS::DBInstance': [
    'AutoMinorVersionUpgrade',
    'BackupRetentionPeriod',
    'DBParameterGroupName',
    'MultiAZ',
    'PreferredMaintenanceWindow',
  ],
};

const specification = JSON.parse(
  gunzipSync(readFileSync(projectPath('node_modules/aws-cdk/db.json.gz'))).toString(),
) as Specification;

describe.each(Object.entries(RULES))('the rule of %s', (type, { replaces, name }) => {
  const found = specification.schema.resource.entities.find(
    ({ cloudFormationType }) => cloudFormationType === type,
  );
  const properties = Object.entries(found?.properties ?? {});
  const topLevel = new Set(replaces.map((path) => path.split('.')[0]));

  it('leaves out nothing that CloudFormation replaces', () => {
    const replacing = properties
      .filter(([, { causesReplacement = 'no' }]) => causesReplacement !== 'no')
      .map(([property]) => property);

    expect(found).toBeDefined();
    expect(replacing.filter((property) => !topLevel.has(property)).sort()).toEqual(IN_PLACE[type] ?? []);
  });

  it('names properties that exist, and its name among those that replace', () => {
    const existing = new Set(properties.map(([property]) => property));

    expect([...topLevel].filter((property) => !existing.has(property ?? ''))).toEqual([]);
    expect(name === undefined || replaces.includes(name)).toBe(true);
  });
});
