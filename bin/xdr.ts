import { run } from '../lib/cli/program';

void run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: process.stdout.isTTY && !process.env['NO_COLOR'],
  variables: process.env,
  now: () => new Date(),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
