// A runtime without HTTP: node test/bench/serving/raw-runtime.mjs PACKAGE MODEL_FOLDER
// PACKAGE is onnxruntime-web (WebAssembly) or onnxruntime-node (native), found from the current folder.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [name, folder] = process.argv.slice(2);
const started = performance.now();
const entry = createRequire(join(process.cwd(), 'package.json')).resolve(name);
const { default: ort } = await import(pathToFileURL(entry).href);
if (name === 'onnxruntime-web') ort.env.wasm.numThreads = 1;
const contract = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
const session = await ort.InferenceSession.create(readFileSync(join(folder, 'model.onnx')), {
  executionProviders: [name === 'onnxruntime-web' ? 'wasm' : 'cpu'],
  intraOpNumThreads: 1,
});

const width = contract.features.length;
const batchOf = (rows) => {
  const values = Float32Array.from({ length: rows * width }, (_, at) => {
    const { row } = golden.vectors[Math.floor(at / width) % golden.vectors.length];
    return row[at % width];
  });
  return new ort.Tensor('float32', values, [rows, width]);
};
const run = (input) => session.run({ [contract.graph.input]: input });
await run(batchOf(1));
const readyMs = performance.now() - started;

async function rowsPerSecond(rows, seconds) {
  const input = batchOf(rows);
  for (let warm = 0; warm < 50; warm += 1) await run(input);
  const from = performance.now();
  let runs = 0;
  while (performance.now() - from < seconds * 1000) {
    await run(input);
    runs += 1;
  }
  return (runs * rows * 1000) / (performance.now() - from);
}

const single = await rowsPerSecond(1, 2);
const batch = await rowsPerSecond(64, 2);
const residentMb = process.memoryUsage.rss() / 1024 / 1024;
process.stdout.write(JSON.stringify({ readyMs, single, batch, residentMb }));
