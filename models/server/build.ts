import { resolve } from 'node:path';
import { bundleServer } from './bundle-server';

const outDir = resolve(process.argv[2] ?? 'build/model-server');
bundleServer(outDir);
process.stdout.write(`${outDir}\n`);
