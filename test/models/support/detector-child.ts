import { RunningDetector } from '../../../models/runtime/detector';

/** What a test asks of the child process. */
export interface DetectorTask {
  readonly id: number;
  readonly folder: string;
  readonly inputs?: number[][][];
}

/** What the child answers. */
export interface DetectorOutcome {
  readonly id: number;
  readonly anomalies?: readonly { readonly score: number; readonly anomalous: boolean }[];
  readonly error?: { readonly name: string; readonly message: string };
}

async function run({ folder, inputs }: DetectorTask): Promise<Omit<DetectorOutcome, 'id'>> {
  try {
    const detector = await RunningDetector.load(folder);
    try {
      return { anomalies: await detector.detect(inputs ?? []) };
    } finally {
      await detector.release();
    }
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}

process.on('message', (task: DetectorTask) => {
  void run(task).then((outcome) => process.send?.({ id: task.id, ...outcome }));
});
