import { join } from 'node:path';
import { SPECIALISTS } from '../../models/catalogue';
import { embeddedModels } from './specialists/embedded-models';
import { Failure } from './api/failure';
import { bundledMetadata } from './bundled-metadata';
import type { Observer } from './observability/observer';
import { type Handler, createInference } from './inference-service';

/** Hears nothing: a local call has no log and no metrics. */
const SILENT: Observer = {
  request: () => undefined,
  answered: () => undefined,
  shadow: () => undefined,
  captureFailed: () => undefined,
};

/**
 * The real handler on this machine: every specialist is answered by the models of a folder, no endpoint is asked.
 *
 * @param modelsFolder holds one folder for each specialist
 * @throws ContractError when a specialist breaks its contract
 */
export function createLocalInference(modelsFolder: string): Handler {
  const known = bundledMetadata(SPECIALISTS.map((name) => [name, join(modelsFolder, name)]));
  const embedded = { embedded: true } as const;
  return createInference({
    configuration: {
      environment: 'local',
      routes: { general: embedded, ddos: embedded, bruteforce: embedded, webattacks: embedded },
      fallback: false,
      challengers: {},
    },
    contracts: { champion: known, challenger: {} },
    embedded: embeddedModels({ champion: modelsFolder, challenger: modelsFolder }),
    invoke: () => Promise.reject(new Failure('internal', 'the request failed', [], 'NoEndpoint')),
    observer: SILENT,
  });
}
