import { type ChildProcess, fork } from 'node:child_process';
import { projectPath } from '../../../lib/util/project-path';

type Message = { readonly times: readonly number[] } | { readonly error: string };

/** Where a function finds what is around it. */
export interface Surroundings {
  /** The SageMaker runtime. */
  readonly runtimeUrl: string;
  /** Host and port that take the segments of X-Ray. */
  readonly xrayAddress: string;
}

/** What Lambda sets for a function that is traced: every request is sampled, which costs the most. */
export function lambdaVariables(
  configuration: unknown,
  { runtimeUrl, xrayAddress }: Surroundings,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    INFERENCE: JSON.stringify(configuration),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'inference',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    LAMBDA_TASK_ROOT: '/var/task',
    _X_AMZN_TRACE_ID: 'Root=1-00000001-000000000000000000000001;Parent=0000000000000001;Sampled=1',
    AWS_XRAY_DAEMON_ADDRESS: xrayAddress,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: runtimeUrl,
    // The SDK warns that it will leave this version of Node; Lambda runs a newer one.
    NODE_NO_WARNINGS: '1',
  };
}

/** A process that has imported a bundle, and calls it when it is told to. */
export class LambdaProcess {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * @param bundle file with a handler, or with what calls the SDK directly
   * @throws Error when it cannot be imported
   */
  static async start(bundle: string, variables: Readonly<Record<string, string>>): Promise<LambdaProcess> {
    const child = fork(projectPath('test/bench/inference/lambda-loop.mjs'), [bundle], {
      env: { ...variables },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    // The function's own log lines cost it what they cost in Lambda, and are nobody's here.
    child.stdout?.resume();
    const started = new LambdaProcess(child);
    await started.nextTimes();
    return started;
  }

  /** Gives it what it is to call with from now on. */
  async prepare(input: unknown): Promise<void> {
    await this.ask({ input, count: 0 });
  }

  /**
   * Times of so many calls, one after the other, in ms.
   *
   * @throws Error when a call is answered by anything else than a right answer of the wanted kind
   */
  times(count: number): Promise<readonly number[]> {
    return this.ask({ count });
  }

  stop(): void {
    this.child.kill();
  }

  private ask(message: { readonly input?: unknown; readonly count: number }): Promise<readonly number[]> {
    const times = this.nextTimes();
    this.child.send(message);
    return times;
  }

  private nextTimes(): Promise<readonly number[]> {
    return new Promise((done, fail) => {
      const ended = (code: number | null) => fail(new Error(`the function ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (message: Message) => {
        this.child.off('exit', ended);
        if ('error' in message) fail(new Error(message.error));
        else done(message.times);
      });
    });
  }
}
