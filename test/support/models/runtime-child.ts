import { RunningModel } from '../../../models/runtime/running-model';

/** What a test asks of the child process. */
export interface Task {
  readonly id: number;
  readonly folder: string;
  readonly body?: unknown;
}

/** What the child answers. */
export interface Outcome {
  readonly id: number;
  readonly response?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly problems?: unknown };
}

async function run({ folder, body }: Task): Promise<Omit<Outcome, 'id'>> {
  try {
    const model = await RunningModel.load(folder);
    try {
      return { response: body === undefined ? undefined : await model.predict(body) };
    } finally {
      await model.release();
    }
  } catch (error) {
    const { name, message, problems } = error as Error & { problems?: unknown };
    return { error: { name, message, problems } };
  }
}

process.on('message', (task: Task) => {
  void run(task).then((outcome) => process.send?.({ id: task.id, ...outcome }));
});
