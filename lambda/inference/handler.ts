import { assemble } from './verdict/assemble-answer';

/** Entry of a bundle without models: every specialist is served by an endpoint, and none is fallen back on. */
export const handler = await assemble(import.meta.url);
