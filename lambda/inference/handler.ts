import { endpointInvoker, sageMakerClient } from './endpoint';
import { parseRoutes } from './routes';
import { createInference } from './service';

/** Entry of a bundle in which every specialist is served by an endpoint. */
export const handler = createInference({
  routes: parseRoutes(process.env['ROUTES']),
  invoke: endpointInvoker(sageMakerClient()),
  log: (line) => process.stdout.write(`${line}\n`),
});
