import { totalmem } from 'node:os';
import { RefCounted } from '../../../models/server/ref-counted';
import { containerMemory, memoryOfModel, modelMemory } from '../../../models/server/memory-limits';
import { optionsFrom } from '../../../models/server/server-options';

const MIB = 1024 * 1024;

describe('a lease', () => {
  it('releases what it lends only when the last user is done', async () => {
    const events: string[] = [];
    const lease = new RefCounted({ release: () => Promise.resolve(void events.push('released')) });
    const ends: (() => void)[] = [];
    const users = ['a', 'b'].map((name) =>
      lease.use(async () => {
        await new Promise<void>((done) => ends.push(done));
        events.push(name);
      }),
    );
    const ended = lease.end();
    for (const end of ends) {
      await Promise.resolve();
      expect(events).not.toContain('released');
      end();
    }
    await Promise.all([...users, ended]);
    expect(events).toEqual(['a', 'b', 'released']);
  });

  it('releases at once what nobody uses, and after work that failed', async () => {
    let released = 0;
    const release = () => Promise.resolve(void (released += 1));
    await new RefCounted({ release }).end();
    expect(released).toBe(1);

    const lease = new RefCounted({ release });
    const failing = lease.use(() => Promise.reject(new Error('no')));
    const ended = lease.end();
    await expect(failing).rejects.toThrow('no');
    await ended;
    expect(released).toBe(2);
  });
});

describe('memory for models', () => {
  it('is half of what the container has, and leaves room in the address space of WebAssembly', () => {
    expect(modelMemory(1024 * MIB)).toBe(512 * MIB);
    expect(modelMemory(64 * 1024 * MIB)).toBe(2048 * MIB);
  });

  it('knows the limit of the container, or the machine’s where there is none', () => {
    expect(containerMemory()).toBeGreaterThan(0);
    expect(containerMemory()).toBeLessThanOrEqual(totalmem());
  });

  it('holds the four specialists many times over in the smallest container', () => {
    expect(4 * memoryOfModel(1.1 * MIB)).toBeLessThan(modelMemory(1024 * MIB) / 10);
  });
});

describe('settings', () => {
  it('have the defaults of the documentation', () => {
    expect(optionsFrom({})).toMatchObject({
      port: 8080,
      mode: 'single',
      folder: '/opt/ml/model',
      maxPayloadBytes: 6 * MIB,
      requests: { concurrent: 32, bytes: 4 * 6 * 1024 * 1024, queued: 128 },
    });
    expect(optionsFrom({ SAGEMAKER_MULTI_MODEL: 'true' })).toMatchObject({
      mode: 'multi',
      folder: '/opt/ml/models',
    });
  });

  it('take what is set', () => {
    const environment = {
      SAGEMAKER_BIND_TO_PORT: '9000',
      MAX_PAYLOAD_BYTES: '4194304',
      MODEL_MEMORY_MB: '100',
      MAX_CONCURRENT_REQUESTS: '1',
      MAX_QUEUED_REQUESTS: '0',
    };
    expect(optionsFrom(environment)).toMatchObject({
      port: 9000,
      maxPayloadBytes: 4 * MIB,
      modelMemoryBytes: 100 * MIB,
      requests: { concurrent: 1, queued: 0 },
    });
  });

  it.each([
    ['MAX_PAYLOAD_BYTES', '6MB', '1 to 26214400'],
    ['MAX_PAYLOAD_BYTES', '26214401', '1 to 26214400'],
    ['MODEL_MEMORY_MB', '0', '1 to 4096'],
    ['MAX_CONCURRENT_REQUESTS', '0', '1 to 1000'],
    ['MAX_QUEUED_REQUESTS', '-1', '0 to 100000'],
    ['SAGEMAKER_BIND_TO_PORT', '', '0 to 65535'],
  ])('%s = "%s" is refused with what is allowed', (name, value, range) => {
    expect(() => optionsFrom({ [name]: value })).toThrow(`${name} must be a whole number, ${range}`);
  });
});
