import { fileURLToPath } from 'node:url';
import { driftClient } from './read-captures';
import { parseDriftConfiguration } from './drift-configuration';
import { readContracts } from './drift-contracts';
import { createDrift } from './drift-job';

/** Entry of the drift function's bundle. */
export const handler = createDrift({
  ...parseDriftConfiguration(process.env['DRIFT']),
  contracts: readContracts(fileURLToPath(new URL('./contracts', import.meta.url))),
  client: driftClient(),
  random: Math.random,
  log: (line) => process.stdout.write(`${line}\n`),
});
