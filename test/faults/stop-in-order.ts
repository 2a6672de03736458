import type { Incarnation } from './fault-world';

const STOP_LIMIT_MS = 10_000;

/** SIGTERM; the app must end by itself, in order and in time. */
export async function stopInOrder({ app }: Incarnation): Promise<void> {
  const started = performance.now();
  expect(await app.stop()).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(STOP_LIMIT_MS);
}
