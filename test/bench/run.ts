import { cpus } from 'node:os';
import { deploymentReport } from './deployment';
import { inferenceReport } from './inference/run';
import { writeProfiles } from './serving/profiles';
import { servingReport } from './serving/run';

/** What can be measured; `profiles` writes models/profiles.json and runs only when it is named. */
const PARTS: Readonly<Record<string, () => Promise<string>>> = {
  deployment: deploymentReport,
  serving: servingReport,
  inference: inferenceReport,
  profiles: writeProfiles,
};

async function main(named: readonly string[]): Promise<void> {
  const unknown = named.filter((name) => PARTS[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`);
    process.exitCode = 64;
    return;
  }
  const wanted = named.length > 0 ? named : Object.keys(PARTS).filter((name) => name !== 'profiles');
  process.stdout.write(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n`);
  for (const name of wanted) process.stdout.write((await PARTS[name]?.()) ?? '');
}

void main(process.argv.slice(2));
