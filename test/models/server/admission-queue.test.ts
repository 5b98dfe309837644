import { EventEmitter } from 'node:events';
import { AdmissionQueue } from '../../../models/server/admission-queue';
import { HttpError } from '../../../models/server/http/http-error';

/** Work that ends when it is told to. */
function work<T>(result: T): { start: () => Promise<T>; started: () => boolean; end: () => void } {
  let running = false;
  let end: () => void = () => {};
  const ended = new Promise<void>((done) => {
    end = done;
  });
  const start = async () => {
    running = true;
    await ended;
    return result;
  };
  return { start, started: () => running, end };
}

const STAYS = new EventEmitter();

async function refusal(promise: Promise<unknown>): Promise<HttpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HttpError) return error;
  throw new Error('nothing was refused');
}

describe('the gate', () => {
  it('lets so many in, lets so many wait in order, and refuses the rest with 503 and Retry-After', async () => {
    const gate = new AdmissionQueue({ concurrent: 1, bytes: 100, queued: 2 });
    const [first, second, third, fourth] = [work('1'), work('2'), work('3'), work('4')];
    const answers = [first, second, third].map(({ start }) => gate.run(start, 10, STAYS));

    const refused = await refusal(gate.run(fourth.start, 10, STAYS));
    expect(refused).toMatchObject({ status: 503, code: 'overloaded', headers: { 'retry-after': '1' } });
    expect([first, second, third, fourth].map(({ started }) => started())).toEqual([
      true,
      false,
      false,
      false,
    ]);

    first.end();
    expect(await answers[0]).toBe('1');
    expect([second.started(), third.started()]).toEqual([true, false]);
    second.end();
    third.end();
    expect(await Promise.all(answers)).toEqual(['1', '2', '3']);
  });

  it('gives a place free when work fails', async () => {
    const gate = new AdmissionQueue({ concurrent: 1, bytes: 100, queued: 0 });
    await expect(gate.run(() => Promise.reject(new Error('no')), 10, STAYS)).rejects.toThrow('no');
    expect(await gate.run(() => Promise.resolve('yes'), 10, STAYS)).toBe('yes');
  });

  it('does no work for a caller who went while waiting, and gives the place in the queue free', async () => {
    const gate = new AdmissionQueue({ concurrent: 1, bytes: 100, queued: 1 });
    const [first, second, third] = [work('1'), work('2'), work('3')];
    const caller = new EventEmitter();
    const answered = gate.run(first.start, 10, STAYS);
    const waiting = gate.run(second.start, 10, caller);
    caller.emit('close');
    expect(await refusal(waiting)).toMatchObject({ status: 499 });

    const next = gate.run(third.start, 10, STAYS);
    first.end();
    third.end();
    expect(await Promise.all([answered, next])).toEqual(['1', '3']);
    expect(second.started()).toBe(false);
  });

  it('lets many small bodies in at once, and large ones as far as their bytes go, in order', async () => {
    const gate = new AdmissionQueue({ concurrent: 3, bytes: 100, queued: 9 });
    const works = [work('60'), work('50'), work('1')];
    const bytes = [60, 50, 1];
    const answers = works.map(({ start }, at) => gate.run(start, bytes[at] ?? 0, STAYS));
    expect(works.map(({ started }) => started())).toEqual([true, false, false]);
    works[0]?.end();
    await answers[0];
    expect(works.map(({ started }) => started())).toEqual([true, true, true]);
    for (const { end } of works) end();
    expect(await Promise.all(answers)).toEqual(['60', '50', '1']);
  });

  it('lets a body in that is larger than all may be together, alone', async () => {
    const gate = new AdmissionQueue({ concurrent: 3, bytes: 100, queued: 9 });
    expect(await gate.run(() => Promise.resolve('huge'), 1000, STAYS)).toBe('huge');
  });

  it('lets in whoever waited behind a large body whose caller goes', async () => {
    const gate = new AdmissionQueue({ concurrent: 3, bytes: 100, queued: 9 });
    const [first, large, small] = [work('1'), work('2'), work('3')];
    const caller = new EventEmitter();
    const answered = gate.run(first.start, 60, STAYS);
    const refused = refusal(gate.run(large.start, 90, caller));
    const last = gate.run(small.start, 10, STAYS);
    expect(small.started()).toBe(false);
    caller.emit('close');
    expect(await refused).toMatchObject({ status: 499 });
    expect(small.started()).toBe(true);
    first.end();
    small.end();
    expect(await Promise.all([answered, last])).toEqual(['1', '3']);
  });
});
