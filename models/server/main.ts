import { jsonLog } from './json-log';
import { optionsFrom } from './server-options';
import { startServer } from './server';

// SageMaker kills a container 30 seconds after SIGTERM.
const STOP_WITHIN_MS = 25_000;

async function main(): Promise<void> {
  const log = jsonLog((line) => process.stdout.write(line));
  // As the first process of a container it has no default handler: a signal during the start would be lost.
  const asked = new Promise<void>((stop) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
  });
  try {
    const server = await startServer({ ...optionsFrom(process.env), log });
    await asked;
    log('info', 'stopping', {});
    log('info', 'stopped', { cut: await server.close(STOP_WITHIN_MS) });
  } catch (error) {
    log('error', 'cannot serve', { cause: (error as Error).message });
    process.exitCode = 1;
  }
}

void main();
