import { fileURLToPath } from 'node:url';
import { embeddedModels } from './embedded';
import { endpointInvoker, sageMakerClient } from './endpoint';
import { parseRoutes } from './routes';
import { createInference } from './service';

/** Entry of a bundle that holds models of its own, in `models/` beside it. */
export const handler = createInference({
  routes: parseRoutes(process.env['ROUTES']),
  invoke: endpointInvoker(sageMakerClient()),
  askEmbedded: embeddedModels(fileURLToPath(new URL('./models', import.meta.url))),
  log: (line) => process.stdout.write(`${line}\n`),
});
