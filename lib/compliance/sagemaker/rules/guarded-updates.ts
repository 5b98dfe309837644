import { isTrue, type JsonRecord, listOf, recordOf, textOf } from '../../../util/json';
import { configOf, ENDPOINT, instanceVariantsOf } from '../endpoint-resources';
import type { RenderedResource } from '../../rendered-resource';
import type { Breach, Rule } from '../sagemaker-rule';
import { scaledMaximum } from '../scalable-targets';
import type { ResourceTree } from '../resource-tree';

/** Metadata of an endpoint that says why its updates are not rolled back by alarms. */
export const NO_ROLLBACK_REASON = 'mini-xdr:no-rollback-reason';

const SHORTEST_REASON = 20;
const MOST_ALARMS = 10;

/** Updates of instance endpoints are rolled back by alarms and leave the scaled fleet as it is. */
export const guardedUpdates: Rule = {
  id: 'GuardedUpdates',
  types: [ENDPOINT],
  why: 'A bad model must take itself back, and an update must not shrink a fleet that the traffic has grown.',
  check: (endpoint, tree) => {
    const config = configOf(endpoint, tree);
    if (config === undefined) return [untraceable];
    if (instanceVariantsOf(config).length === 0) return [];
    return [...rollback(endpoint), ...retention(endpoint, config, tree)];
  },
};

const untraceable: Breach = {
  key: 'EndpointConfigName',
  problem:
    "The endpoint deploys a configuration that is none of this app's, so nothing about it can be checked.",
  fix: 'Refer to an endpoint configuration of the app by its construct.',
};

function rollback({ properties, metadata }: RenderedResource): readonly Breach[] {
  const alarms = alarmsOf(properties);
  if (alarms > MOST_ALARMS) return [tooMany(alarms)];
  const reason = textOf(metadata[NO_ROLLBACK_REASON]) ?? '';
  if (alarms > 0 || reason.trim().length >= SHORTEST_REASON) return [];
  return [
    {
      key: 'AutoRollbackConfiguration',
      problem: 'No alarm rolls a bad update of the endpoint back.',
      fix: `Set DeploymentConfig.AutoRollbackConfiguration.Alarms, or state in the resource's metadata ${NO_ROLLBACK_REASON} why not.`,
    },
  ];
}

function tooMany(alarms: number): Breach {
  return {
    key: `Alarms::${alarms}`,
    problem: `${alarms} alarms guard the update, and SageMaker takes ${MOST_ALARMS} at most.`,
    fix: 'Put the alarms into a composite alarm.',
  };
}

function alarmsOf(properties: JsonRecord): number {
  const guard = recordOf(recordOf(properties['DeploymentConfig'])['AutoRollbackConfiguration']);
  return listOf(guard['Alarms']).length;
}

function retention(
  endpoint: RenderedResource,
  config: RenderedResource,
  tree: ResourceTree,
): readonly Breach[] {
  const scaled = instanceVariantsOf(config).some(
    (variant) => scaledMaximum(config, variant, tree) !== undefined,
  );
  const { RetainAllVariantProperties, ExcludeRetainedVariantProperties } = endpoint.properties;
  const excluded = listOf(ExcludeRetainedVariantProperties).some(
    (entry) => recordOf(entry)['VariantPropertyType'] === 'DesiredInstanceCount',
  );
  if (!scaled || (isTrue(RetainAllVariantProperties) && !excluded)) return [];
  return [
    {
      key: 'RetainAllVariantProperties',
      problem: 'The instances are scaled, and an update sets their number back to the first one.',
      fix: 'Set RetainAllVariantProperties to true, without DesiredInstanceCount among the exclusions.',
    },
  ];
}
