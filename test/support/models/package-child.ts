import { modelsPackage } from '../../../lib/cli/commands/models-command';

/** What a test asks of the child process. */
export interface PackageTask {
  readonly id: number;
  readonly models: string;
  readonly specialist: string;
  readonly out: string;
}

/** What the command said, and its exit code. */
export interface Packaged {
  readonly id: number;
  readonly code: number;
  readonly out: string;
}

process.on('message', ({ id, ...options }: PackageTask) => {
  let out = '';
  const io = {
    out: (text: string) => (out += text),
    err: () => undefined,
    color: false,
    variables: {},
    now: () => new Date(),
  };
  void modelsPackage({ ...options, format: 'json' }, io).then((code) => process.send?.({ id, code, out }));
});
