export { compareStateful } from './compare-stateful';
export type { Loss, StatefulChanges, StatefulState } from './stateful-model';
export { statefulState } from './stateful-state';
export { renderStateful } from './render-stateful';
