import { fileURLToPath } from 'node:url';
import { driftClient } from './captures';
import { parseDriftConfiguration } from './configuration';
import { readContracts } from './contracts';
import { createDrift } from './service';

/** Entry of the drift function's bundle. */
export const handler = createDrift({
  ...parseDriftConfiguration(process.env['DRIFT']),
  contracts: readContracts(fileURLToPath(new URL('./contracts', import.meta.url))),
  client: driftClient(),
  random: Math.random,
  log: (line) => process.stdout.write(`${line}\n`),
});
