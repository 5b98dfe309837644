import type { Changes } from './infrastructure';

/** Images that were pushed to the environment's own repositories. */
export const image = (character: string) => ({
  image: `sha256:${character.repeat(64)}`,
  architectures: ['amd64' as const],
});

export const IMAGES = { backend: image('a'), frontend: image('b'), migration: image('c') };

/** Changes of an environment that runs these images. */
export function running(images: object, platform: object = {}): Changes {
  return { platform: { ...platform, workloads: { images } } } as Changes;
}
