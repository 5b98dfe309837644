import { SPECIALISTS } from '../../models/catalogue';
import { loadModel, startShared } from '../bench/serving/servers';

/**
 * Memory of the model server while the four specialists are loaded and unloaded over and over, on stdout:
 * `npx tsx test/image/churn.ts [cycles]`.
 */
async function main(cycles: number): Promise<void> {
  const server = await startShared();
  try {
    const show = (after: string) => process.stdout.write(`${after}: ${Math.round(server.residentMb())} MB\n`);
    show('empty');
    for (let cycle = 1; cycle <= cycles; cycle++) {
      for (const name of SPECIALISTS) {
        await loadModel(server, name);
        if (cycle === 1) show(`with ${name}`);
      }
      for (const name of SPECIALISTS) await fetch(`${server.url}/models/${name}`, { method: 'DELETE' });
      if (cycle % Math.ceil(cycles / 10) === 0) show(`after ${cycle} cycles`);
    }
  } finally {
    await server.stop();
  }
}

void main(Number(process.argv[2] ?? 200));
