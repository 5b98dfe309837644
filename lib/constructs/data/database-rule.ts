import type { CfnResource } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import { isTrue, type Json, type JsonRecord, recordOf } from '../../util/json';
import { render } from '../../compliance/rendered-resource';
import { FORCE_TLS } from './database-parameters';

/** Properties as CloudFormation gets them, overrides included; references read as paths of constructs. */
function propertiesOf(resource: CfnResource): JsonRecord {
  return render(resource, () => undefined).properties;
}

function shown(value: Json): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

function groupFaults(group: rds.CfnDBParameterGroup): string[] {
  const given = recordOf(propertiesOf(group)['Parameters'])[FORCE_TLS];
  return given === '1'
    ? []
    : [`it accepts connections without TLS: ${FORCE_TLS} is ${shown(given)}, not "1"`];
}

/** Whether it is one of these groups; RDS's default group, which nobody can edit, is none. */
function isOneOf(name: Json, groups: readonly rds.CfnDBParameterGroup[]): boolean {
  return name !== undefined && groups.some((group) => shown(name).includes(`\${${group.node.path}.`));
}

function instanceFaults(instance: rds.CfnDBInstance, groups: readonly rds.CfnDBParameterGroup[]): string[] {
  const { PubliclyAccessible, StorageEncrypted, DBParameterGroupName } = propertiesOf(instance);
  return [
    ...(PubliclyAccessible === false || PubliclyAccessible === 'false'
      ? []
      : [`it is public: PubliclyAccessible is ${shown(PubliclyAccessible)}, not false`]),
    ...(isTrue(StorageEncrypted)
      ? []
      : [`its storage is not encrypted: StorageEncrypted is ${shown(StorageEncrypted)}, not true`]),
    ...(isOneOf(DBParameterGroupName, groups)
      ? []
      : [`it does not use its own parameter group, which forces TLS, but ${shown(DBParameterGroupName)}`]),
  ];
}

/**
 * What makes the databases under a scope public, readable on disk or reachable without TLS. The compliance packs look
 * at no parameter group, and at no property that an override sets, so this rule does.
 *
 * @returns one sentence for each fault, with what was found and what has to be there
 */
export function databaseFaults(scope: IConstruct): string[] {
  const resources = scope.node.findAll();
  const groups = resources.filter((found) => found instanceof rds.CfnDBParameterGroup);
  const instances = resources.filter((found) => found instanceof rds.CfnDBInstance);
  return [
    ...groups.flatMap((group) => groupFaults(group)),
    ...instances.flatMap((instance) => instanceFaults(instance, groups)),
  ].map((fault) => `The database is not safe to deploy, as ${fault}. Take back what changes it.`);
}
