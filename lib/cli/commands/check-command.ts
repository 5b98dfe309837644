import { environmentNames } from '../../config/load-environment';
import { EXIT, type ExitCode } from '../../util/user-error';
import type { Terminal } from '../terminal';
import { permissionChanges } from './permissions-command';
import { explainStateful, statefulChanges } from './stateful-command';
import { synthesize } from '../synthesize';

async function checkOne(environment: string, io: Terminal): Promise<boolean> {
  const synthesis = await synthesize(environment, io);
  if (!synthesis.ok) {
    io.out(`${environment}: synth or compliance failed; the reasons stand above\n`);
    return false;
  }
  const resources = Object.values(synthesis.templates).reduce(
    (sum, template) => sum + Object.keys(template.Resources ?? {}).length,
    0,
  );
  const changes = permissionChanges(environment, synthesis.templates);
  io.out(
    `${environment}: ${Object.keys(synthesis.templates).length} stacks, ${resources} resources, no open finding, ` +
      `${synthesis.accepted} accepted, in ${synthesis.seconds.toFixed(1)} s\n`,
  );
  const stateful = statefulChanges(environment, synthesis.templates);
  if (stateful !== undefined) io.out(explainStateful(environment, stateful));
  if (changes === undefined) return stateful === undefined;
  io.out(
    `${environment}: permissions differ from the reviewed file:\n${changes}\n` +
      `Review them, then: npm run -s xdr -- permissions --env ${environment} --write\n`,
  );
  return false;
}

/** The part of the gate that needs whole environments: synth, compliance packs, what was reviewed of them. */
export async function check(io: Terminal): Promise<ExitCode> {
  let ok = true;
  for (const environment of environmentNames()) ok = (await checkOne(environment, io)) && ok;
  return ok ? EXIT.fits : EXIT.blocked;
}
