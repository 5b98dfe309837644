import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEveryStart, trainingScript } from '../../../lib/constructs/workbench/training-run';

const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'training-'));

const CODE = 's3://assets/0123456789abcdef.zip';
const INDEXES = { packageIndex: 'https://packages.example/simple', torchIndex: 'https://torch.example/cpu' };

/** Stands for every command of the machine: writes down how it was called, and fails where it is told to. */
const COMMAND = `#!/bin/bash
name=$(basename "$0")
echo "$name $*" >> "$RECORD/calls"
[[ -n $FAILING && "$name $*" == *"$FAILING"* ]] && { echo "$name is told to fail" >&2; exit 7; }
case "$name $*" in
  curl*api/token) echo TOKEN ;;
  curl*tags/instance/*) echo ${CODE} ;;
  aws*code.zip) echo archive > code.zip ;;
  aws*sync*) [[ -n $EMPTY ]] || { mkdir -p data/improved; echo 1 > data/improved/monday.csv; } ;;
  aws*train.log*) cp train.log "$RECORD/uploaded.log" ;;
  *zipfile*) mkdir -p code; printf 'numpy==2.4.6\\ntorch==2.13.0\\n' > code/requirements.txt ;;
  *venv*) mkdir -p "$3/bin"; ln -sf "$0" "$3/bin/python" ;;
  *train.py*) mkdir -p out/general; echo '{}' > out/general/model.json; echo trained ;;
  nproc*) echo 4 ;;
esac
`;
const COMMANDS = ['aws', 'curl', 'dnf', 'nproc', 'python3', 'python3.12', 'shutdown'];

class Machine {
  readonly folder = temporaryFolder();
  private readonly record = temporaryFolder();
  private readonly commands = temporaryFolder();

  constructor() {
    const command = join(this.record, 'command');
    writeFileSync(command, COMMAND);
    chmodSync(command, 0o755);
    for (const name of COMMANDS) symlinkSync(command, join(this.commands, name));
  }

  /** Starts it: exit status, the commands in order, and the log as uploaded. */
  start({ failing = '', empty = false } = {}) {
    const script = trainingScript({
      region: 'us-east-1',
      datasets: 's3://models/datasets/',
      candidates: 's3://models/candidates/',
      codeTag: 'training-code',
      folder: this.folder,
      ...INDEXES,
    });
    writeFileSync(join(this.record, 'calls'), '');
    const { status } = spawnSync('bash', ['-s'], {
      input: script,
      encoding: 'utf8',
      env: {
        NODE_ENV: 'test',
        PATH: `${this.commands}:/usr/bin:/bin`,
        RECORD: this.record,
        FAILING: failing,
        EMPTY: empty ? 'yes' : '',
      },
    });
    const log = join(this.record, 'uploaded.log');
    return {
      status,
      calls: readFileSync(join(this.record, 'calls'), 'utf8').trim().split('\n'),
      log: existsSync(log) ? readFileSync(log, 'utf8') : '',
    };
  }
}

describe('a training run', () => {
  const { status, calls, log } = new Machine().start();

  it('fetches code and data, installs, trains, uploads artifacts and log, and stops the instance, in this order', () => {
    const steps = calls.filter((call) => !call.startsWith('curl') && !call.startsWith('nproc'));

    expect(status).toBe(0);
    expect(steps).toEqual([
      `aws s3 cp --only-show-errors ${CODE} code.zip`,
      'python3 -m zipfile --extract code.zip code',
      expect.stringMatching(/^aws s3 sync --delete --only-show-errors s3:\/\/models\/datasets\/ data /),
      'dnf install --assumeyes --quiet python3.12',
      expect.stringMatching(/^python3.12 -m venv venv-[0-9a-f]{12}$/),
      expect.stringMatching(/^python -m pip install .* torch==2.13.0$/),
      expect.stringMatching(/^python -m pip install .* --requirement code\/requirements.txt$/),
      'python code/train.py --data data --out out --jobs 4',
      expect.stringMatching(/^aws s3 cp --recursive .* out s3:\/\/models\/candidates\/\d{8}T\d{6}Z\/$/),
      expect.stringMatching(/^aws s3 cp .* train.log s3:\/\/models\/candidates\/\d{8}T\d{6}Z\/train.log$/),
      expect.stringMatching(/^shutdown --poweroff \+5 /),
    ]);
  });

  it('takes PyTorch alone from its index, and the rest from the other', () => {
    const [torch, rest] = calls.filter((call) => call.includes('pip install'));

    expect(torch).toContain(`--no-deps --index-url ${INDEXES.torchIndex} torch==`);
    expect(rest).toContain(`--index-url ${INDEXES.packageIndex} --requirement`);
    expect(calls.join()).not.toContain('--extra-index-url');
  });

  it('asks for its code with a token, and logs which it was and how the run ended', () => {
    expect(calls.filter((call) => call.includes('tags/instance/training-code'))).toEqual([
      expect.stringContaining('X-aws-ec2-metadata-token: TOKEN'),
    ]);
    expect(log).toMatch(new RegExp(`^Training run \\w+ with ${CODE}.\ntrained\nTraining run .* status 0`));
  });

  it('installs once, and again for an installation that broke off', () => {
    const machine = new Machine();
    const installs = (calls: readonly string[]) =>
      calls.filter((call) => call.includes('pip install')).length;

    expect(installs(machine.start({ failing: '--requirement' }).calls)).toBe(2);
    expect(installs(machine.start().calls)).toBe(2);
    expect(installs(machine.start().calls)).toBe(0);
  });
});

describe('a training run that fails', () => {
  it.each([
    ['metadata', 'api/token'],
    ['code', 'code.zip'],
    ['data', 's3 sync'],
    ['Python', 'dnf'],
    ['packages', '--requirement'],
    ['training', 'train.py'],
    ['upload', '--recursive'],
  ])('at %s uploads its log and stops the instance, and nothing after the failure', (_what, failing) => {
    const { status, calls, log } = new Machine().start({ failing });
    const failed = calls.findIndex((call) => call.includes(failing));

    expect(status).toBe(7);
    expect(calls.slice(failed + 1)).toEqual([
      expect.stringMatching(/^aws s3 cp .*train.log /),
      expect.stringMatching(/^shutdown --poweroff /),
    ]);
    expect(log).toMatch(/told to fail\nTraining run \w+ ended with status 7/);
  });

  it('stops the instance even where the log cannot be uploaded', () => {
    const { status, calls } = new Machine().start({ failing: 'train.log' });

    expect(status).toBe(0);
    expect(calls.at(-1)).toMatch(/^shutdown /);
  });

  it('says where data belongs when there is none, and installs nothing for it', () => {
    const { status, calls, log } = new Machine().start({ empty: true });

    expect(status).toBe(1);
    expect(log).toContain('no .csv or .csv.gz file below s3://models/datasets/');
    expect(calls.join()).not.toMatch(/dnf|train\.py/);
    expect(calls.at(-1)).toMatch(/^shutdown /);
  });
});

describe('an instance that is held', () => {
  it('neither trains nor stops', () => {
    const machine = new Machine();
    writeFileSync(join(machine.folder, 'hold'), '');

    expect(machine.start()).toEqual({ status: 0, calls: [''], log: '' });
  });
});

describe('the user data', () => {
  it('has cloud-init run the script at every start and not at the first alone', () => {
    const parts = atEveryStart('#!/bin/bash\ntrue\n').split('--mini-xdr-training');

    expect(parts).toHaveLength(4);
    expect(parts[1]).toMatch(
      /text\/cloud-config[^]*\n\n#cloud-config\ncloud_final_modules:\n- \[scripts-user, always\]\n/,
    );
    expect(parts[2]).toMatch(/text\/x-shellscript[^]*\n\n#!\/bin\/bash\ntrue\n/);
    expect(parts[3]).toBe('--\n');
  });
});
