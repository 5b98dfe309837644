/** Numbers from 0 to 1 that look random and are the same on every machine (Park and Miller's generator). */
export function numbersFrom(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
