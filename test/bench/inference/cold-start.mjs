// Tells when a process is ready that Lambda would start: at once, or after it has imported the bundle that it is given.
import { writeSync } from 'node:fs';

const [, , bundle] = process.argv;
if (bundle !== undefined) await import(bundle);
writeSync(3, String(performance.timeOrigin + performance.now()));
process.exit(0);
