import { CfnResource } from 'aws-cdk-lib';
import { KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import type { IConstruct } from 'constructs';
import { isRecord, textOf } from '../../util/json';
import { render } from '../../compliance/rendered-resource';
import type { Architecture } from '../../config/workloads/workloads-schema';
import { checkManifests, type Manifest, spellFinding } from '../../workloads';

/**
 * What breaks a rule among all the manifests that a scope applies to one cluster, whoever wrote them, overrides
 * included: as CloudFormation gets them, with references as texts.
 *
 * @param architecture of the nodes
 * @returns one sentence for each fault, with what to do
 */
export function manifestFaults(scope: IConstruct, architecture: Architecture): string[] {
  const manifests = scope.node.findAll().filter(isManifest).flatMap(objectsOf);
  return checkManifests(manifests, { architecture }).map(spellFinding);
}

function isManifest(construct: IConstruct): construct is CfnResource {
  return construct instanceof CfnResource && construct.cfnResourceType === KubernetesManifest.RESOURCE_TYPE;
}

function objectsOf(resource: CfnResource): Manifest[] {
  const { Manifest: text } = render(resource, () => undefined).properties;
  const objects: unknown = JSON.parse(textOf(text) ?? '[]');
  return Array.isArray(objects) ? objects.filter(isRecord) : [];
}
