import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONTRACTS_FILE } from '../bundle-files';
import type { AskEmbedded } from '../specialists/model-result';
import { type InferenceConfiguration, parseConfiguration } from '../inference-configuration';
import type { Contracts } from '../model-metadata';
import { endpointInvoker, sageMakerClient } from '../specialists/invoke-endpoint';
import type { Observer } from '../observability/observer';
import { powertoolsObserver, traced } from '../observability/powertools';
import { type Capturing, type Handler, createInference } from '../inference-service';

/** Keeps samples where that is asked for; the client of S3 is loaded only then. */
async function capturing(
  { capture }: InferenceConfiguration,
  observer: Observer,
): Promise<Capturing | undefined> {
  if (capture === undefined) return undefined;
  const { captureClient, captureTo } = await import('../capture/capture');
  return captureTo(capture, captureClient(), Math.random, (cause) => observer.captureFailed(cause));
}

/**
 * The function as it is deployed: configuration from the variable INFERENCE, models and contracts from beside the bundle.
 *
 * @param here address of the bundle's entry
 * @param embedded answers from models of the bundle; absent where it holds none
 * @throws Error when the configuration is wrong, or asks for what the bundle does not hold
 */
export async function assemble(here: string, embedded?: AskEmbedded): Promise<Handler> {
  const configuration = parseConfiguration(process.env['INFERENCE']);
  const contracts = JSON.parse(
    readFileSync(fileURLToPath(new URL(CONTRACTS_FILE, here)), 'utf8'),
  ) as Contracts;
  const observer = powertoolsObserver(configuration.environment);
  return createInference({
    configuration,
    contracts,
    embedded,
    invoke: endpointInvoker(traced(sageMakerClient())),
    observer,
    capture: await capturing(configuration, observer),
  });
}
