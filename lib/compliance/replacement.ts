export { compareStateful } from './replacement/compare';
export type { Loss, StatefulChanges, StatefulState } from './replacement/model';
export { statefulState } from './replacement/read';
export { renderStateful } from './replacement/render';
