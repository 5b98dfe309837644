export { type CheckOptions, checkManifests, type ManifestFinding, spellFinding } from './checks';
export type { ManifestGroup } from './manifest-groups';
export type { Manifest } from './manifest';
export type { ReadinessCheck } from './readiness-check';
export { NAMESPACE } from '../config/workloads/workload-names';
export {
  type ContainerImage,
  type EndpointDocument,
  MODEL_PATHS,
  type WorkloadImages,
  type WorkloadNetwork,
  type WorkloadNodes,
  type WorkloadOptions,
} from './workload-options';
export { allManifests, type NoWorkloads, type Workloads, workloadManifests } from './render-workloads';
