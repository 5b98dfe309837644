import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutScript } from '../../../lib/constructs/workbench/training-checkout';

const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'training-'));

/** Commands that act, where the real ones would need an account or root. */
const COMMANDS: Readonly<Record<string, string>> = {
  aws: '[[ -z $FAILING ]] || exit 7; touch "${@: -1}"',
  python3: 'mkdir "$5"; echo shipped > "$5/train.py"',
  runuser: '[[ "$*" == "--user ec2-user -- bash -s" ]] && exec bash -s',
};

class NotebookVolume {
  readonly folder = join(temporaryFolder(), 'training');
  private readonly commands = temporaryFolder();

  constructor() {
    for (const [name, body] of Object.entries(COMMANDS)) {
      writeFileSync(join(this.commands, name), `#!/bin/bash\n${body}\n`);
      chmodSync(join(this.commands, name), 0o755);
    }
  }

  start(version: string, { failing = false } = {}) {
    const script = checkoutScript({
      region: 'us-east-1',
      url: 's3://assets/code.zip',
      version,
      folder: this.folder,
    });
    // The script puts the notebook's own folders first; here the stand-ins have to win.
    const input = `set -euo pipefail\n${script.replace('export PATH=', `export PATH=${this.commands}:`)}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-s'], {
      input,
      encoding: 'utf8',
      env: { NODE_ENV: 'test', PATH: `${this.commands}:/usr/bin:/bin`, FAILING: failing ? 'yes' : '' },
    });
    return { status, stdout, stderr };
  }

  file(version: string): string {
    return join(this.folder, version, 'train.py');
  }
}

describe('the training code of a notebook', () => {
  it('is there after a start', () => {
    const volume = new NotebookVolume();

    expect(volume.start('aaa')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(volume.file('aaa'), 'utf8')).toBe('shipped\n');
  });

  it('keeps what its user changed, and stands beside a later version', () => {
    const volume = new NotebookVolume();
    volume.start('aaa');
    writeFileSync(volume.file('aaa'), 'mine');
    expect(volume.start('aaa')).toMatchObject({ status: 0, stderr: '' });
    volume.start('bbb');

    expect(readFileSync(volume.file('aaa'), 'utf8')).toBe('mine');
    expect(readFileSync(volume.file('bbb'), 'utf8')).toBe('shipped\n');
  });

  it('does not keep the notebook from starting when it cannot be fetched, and is fetched at the next start', () => {
    const volume = new NotebookVolume();
    const { status, stderr } = volume.start('aaa', { failing: true });

    expect(status).toBe(0);
    expect(stderr).toContain('the next start tries again');
    expect(existsSync(join(volume.folder, 'aaa'))).toBe(false);
    volume.start('aaa');
    expect(existsSync(volume.file('aaa'))).toBe(true);
  });
});
