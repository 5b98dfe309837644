import { jsonLog } from './log';
import { type ServerOptions, startServer } from './server';

// SageMaker's limit for a real-time invocation; a serverless endpoint refuses more than 4 MB before it gets here.
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;

// SageMaker kills a container 30 seconds after SIGTERM.
const STOP_WITHIN_MS = 25_000;

/**
 * Settings from the container's environment, as SageMaker sets it: SAGEMAKER_BIND_TO_PORT,
 * SAGEMAKER_MULTI_MODEL. MODEL_FOLDER overrides where the model lies.
 *
 * @throws Error when the port is none
 */
function optionsFrom(environment: NodeJS.ProcessEnv): Omit<ServerOptions, 'log'> {
  const port = Number(environment['SAGEMAKER_BIND_TO_PORT'] ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('SAGEMAKER_BIND_TO_PORT must be a port number, 0 to 65535');
  }
  const mode = environment['SAGEMAKER_MULTI_MODEL']?.toLowerCase() === 'true' ? 'multi' : 'single';
  const folder = environment['MODEL_FOLDER'] ?? (mode === 'multi' ? '/opt/ml/models' : '/opt/ml/model');
  return { port, mode, folder, maxPayloadBytes: MAX_PAYLOAD_BYTES };
}

async function main(): Promise<void> {
  const log = jsonLog((line) => process.stdout.write(line));
  try {
    const server = await startServer({ ...optionsFrom(process.env), log });
    process.once('SIGTERM', () => {
      log('info', 'stopping', {});
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      void server.close().then(() => log('info', 'stopped', {}));
    });
  } catch (error) {
    log('error', 'cannot serve', { cause: (error as Error).message });
    process.exitCode = 1;
  }
}

void main();
