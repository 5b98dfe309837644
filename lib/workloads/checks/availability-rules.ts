import { listOf, numberOf, recordOf, textOf } from '../../util/json';
import type { Manifest } from '../manifest';
import { ZONE_LABEL } from '../../config/workloads/workload-names';
import { MIN_REPLICAS } from '../../config/workloads/pod-sizes';
import {
  at,
  containersOf,
  type Fault,
  type ManifestRule,
  nameOf,
  namespaceOf,
  podsOf,
  selects,
} from './manifest-rule';

/** Every Deployment has a budget that lets a node be drained and never takes all pods at once. */
export const disruptionBudgeted: ManifestRule = {
  id: 'DisruptionBudget',
  check: (manifest, all) => {
    const pods = podsOf(manifest);
    if (manifest['kind'] !== 'Deployment' || pods === undefined) return [];
    const budgets = all.filter(
      (other) =>
        other['kind'] === 'PodDisruptionBudget' &&
        namespaceOf(other) === namespaceOf(manifest) &&
        at(other, 'spec', 'selector') !== undefined &&
        selects(at(other, 'spec', 'selector'), pods.labels),
    );
    if (budgets.length === 1) return budgets.filter(refusesAll).map(() => NEVER_DRAINED);
    return [
      {
        problem:
          budgets.length === 0
            ? 'No PodDisruptionBudget selects the pods: replacing nodes may stop all of them at once.'
            : 'More than one PodDisruptionBudget selects the pods: Kubernetes then refuses every eviction.',
        fix: 'Give the Deployment exactly one PodDisruptionBudget with maxUnavailable 1.',
      },
    ];
  },
};

const NEVER_DRAINED: Fault = {
  problem:
    'The PodDisruptionBudget of the pods refuses every eviction, so that no node can ever be replaced.',
  fix: 'Set maxUnavailable to 1.',
};

function refusesAll(budget: Manifest): boolean {
  const { maxUnavailable, minAvailable } = recordOf(at(budget, 'spec'));
  return maxUnavailable === 0 || maxUnavailable === '0%' || minAvailable === '100%';
}

/** Every Deployment keeps two pods, by itself or through its autoscaler. */
export const replicated: ManifestRule = {
  id: 'Replicated',
  check: (manifest, all) => {
    if (manifest['kind'] !== 'Deployment') return [];
    const scaler = all.find((other) => scales(other, manifest));
    const kept = numberOf(scaler ? at(scaler, 'spec', 'minReplicas') : at(manifest, 'spec', 'replicas')) ?? 1;
    if (kept >= MIN_REPLICAS) return [];
    return [
      {
        problem: `The Deployment keeps ${kept} pod, so that losing one node stops the service.`,
        fix: `Keep at least ${MIN_REPLICAS}: minReplicas of its HorizontalPodAutoscaler, or replicas without one.`,
      },
    ];
  },
};

function scales(other: Manifest, manifest: Manifest): boolean {
  const target = recordOf(at(other, 'spec', 'scaleTargetRef'));
  return (
    other['kind'] === 'HorizontalPodAutoscaler' &&
    namespaceOf(other) === namespaceOf(manifest) &&
    target['kind'] === 'Deployment' &&
    target['name'] === at(manifest, 'metadata', 'name')
  );
}

/** Zones that every Deployment's pods must stand in, so that losing one leaves the other. */
const MIN_ZONES = 2;

/**
 * Pods of a Deployment must stand in two zones. Without `minDomains` the scheduler counts only zones that have a node
 * already, so that one node satisfies the constraint.
 */
export const zoned: ManifestRule = {
  id: 'Zoned',
  check: (manifest) => {
    if (manifest['kind'] !== 'Deployment') return [];
    const constraints = listOf(podsOf(manifest)?.spec['topologySpreadConstraints']).map(recordOf);
    const zones = constraints
      .filter((one) => one['topologyKey'] === ZONE_LABEL && one['whenUnsatisfiable'] === 'DoNotSchedule')
      .map((one) => numberOf(one['minDomains']) ?? 1);
    if (Math.max(0, ...zones) >= MIN_ZONES) return [];
    return [
      {
        problem: 'Nothing makes the pods stand in two zones, so that losing one zone may stop the service.',
        fix:
          `Add a topologySpreadConstraint on ${ZONE_LABEL} with whenUnsatisfiable DoNotSchedule and minDomains ` +
          `${MIN_ZONES} or more.`,
      },
    ];
  },
};

/** Containers of a Deployment say what they need and when they can serve; a slow start is no reason to kill them. */
export const probed: ManifestRule = {
  id: 'ProbedAndSized',
  check: (manifest) => {
    const pods = podsOf(manifest);
    if (pods === undefined) return [];
    return containersOf(pods).flatMap((container) => [
      ...(manifest['kind'] === 'Deployment' ? missingProbes(container) : []),
      ...missingSizes(container),
    ]);
  },
};

/** Containers that run before the others end, and none of theirs is asked for health. */
function missingProbes(container: Manifest): Fault[] {
  const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].filter(
    (probe) => container[probe] === undefined && listOf(container['ports']).length > 0,
  );
  return probes.map((probe) => ({
    problem: `The container ${nameOf(container)} has no ${probe}.`,
    fix: `Give it one on the path that answers 200 when it can serve.`,
  }));
}

function missingSizes(container: Manifest): Fault[] {
  const sizes = [
    ['requests', 'cpu'],
    ['requests', 'memory'],
    ['limits', 'memory'],
  ].filter((path) => {
    const size = at(container['resources'], ...path);
    return textOf(size) === undefined && numberOf(size) === undefined;
  });
  return sizes.map((path) => ({
    problem: `The container ${nameOf(container)} has no resources.${path.join('.')}.`,
    fix: 'Set it, so that pods are placed where they fit and none starves its neighbours.',
  }));
}
