import type { Incarnation } from './fault-world';

/**
 * SIGTERM; the app must end by itself, in order and in time: it exits with 1 when the ten seconds are up before all is
 * done (`shutdown.spec.ts`).
 */
export async function stopInOrder({ app }: Incarnation): Promise<void> {
  expect(await app.stop()).toEqual({ code: 0, signal: null });
}
