export { type CheckOptions, checkManifests, type ManifestFinding, spellFinding } from './checks';
export type { ManifestGroup } from './groups';
export type { Manifest } from './manifest';
export type { Gate } from './gate';
export { NAMESPACE } from './names';
export {
  type ContainerImage,
  type EndpointDocument,
  MODEL_PATHS,
  type WorkloadImages,
  type WorkloadNetwork,
  type WorkloadNodes,
  type WorkloadOptions,
} from './options';
export { allManifests, type NoWorkloads, type Workloads, workloadManifests } from './render';
