import { workloadsSchema } from '../../lib/config/workloads/workloads-schema';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const issues = (input: unknown) => {
  const { success, error } = workloadsSchema.safeParse(input);
  return success ? [] : error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const backend = (image: string, architectures = ['amd64']) => ({
  images: { backend: { image, architectures } },
});

describe('the configuration of workloads', () => {
  it('needs nothing: no images, amd64 nodes, four pods at most', () => {
    expect(workloadsSchema.parse(undefined)).toEqual({
      architecture: 'amd64',
      images: {},
      maxReplicas: { backend: 4, frontend: 4 },
    });
  });

  it.each([DIGEST, `registry.example/mini-xdr/backend@${DIGEST}`, `localhost:5000/backend@${DIGEST}`])(
    'takes an image by digest: %s',
    (image) => expect(issues(backend(image))).toEqual([]),
  );

  it.each(['registry.example/backend:v1', `registry.example/backend:v1@${DIGEST}`, 'backend', 'sha256:abc'])(
    'refuses an image by tag: %s',
    (image) =>
      expect(issues(backend(image))).toEqual([
        expect.stringMatching(/^images\.backend\.image: .*never a tag$/),
      ]),
  );

  it('refuses an image that the nodes cannot run', () => {
    expect(issues(backend(DIGEST, ['arm64']))).toEqual([
      expect.stringMatching(/^images\.backend\.architectures: architectures that include amd64/),
    ]);
    expect(issues({ ...backend(DIGEST, ['arm64', 'amd64']), architecture: 'arm64' })).toEqual([]);
  });

  it('refuses a migration without the backend that it precedes', () => {
    const migration = { image: DIGEST, architectures: ['amd64'] };
    expect(issues({ images: { migration } })).toEqual([
      expect.stringMatching(/^images\.migration: nothing while/),
    ]);
  });
});
