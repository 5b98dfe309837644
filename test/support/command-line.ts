import { run } from '../../lib/cli/program';

/** What a command came to. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, without environment variables and at the beginning of time. */
export async function xdr(args: readonly string[], color = false): Promise<Answer> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    color,
    variables: {},
    now: () => new Date(0),
  });
  return { code, out, err };
}

const answers = new Map<string, Promise<Answer>>();

/** The same, for commands that only read: a question is asked once, for it has the same answer. */
export function xdrOnce(args: readonly string[], color = false): Promise<Answer> {
  const question = JSON.stringify([args, color]);
  const answer = answers.get(question) ?? xdr(args, color);
  answers.set(question, answer);
  return answer;
}
