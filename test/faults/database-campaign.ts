import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestReplicaSet } from '../support/replica-set';
import { runCampaign } from './campaign';

/**
 * mongod dies under load, the primary of `members`, `kills` times; the app is never restarted. Seen to fail with
 * `w: 1, j: false` and local reads in the repository of slots: acknowledged and gone, and two callers told that they
 * are approved.
 */
export async function expectPromisesKept(members: 1 | 3, kills: number): Promise<void> {
  const set = await TestReplicaSet.start(members);
  try {
    const seed = randomInt(1_000_000);
    const report = await runCampaign({
      mongoUri: set.uri('killed'),
      instances: { north: set.uri('killed'), south: set.uri('killed') },
      clients: 8,
      seed,
      trouble: async (_, __, random) => {
        for (let n = 0; n < kills; n++) {
          await sleep(random.between(1_000, 3_000));
          const port = await set.kill();
          // Of three, the other two elect a primary meanwhile.
          await sleep(members === 1 ? random.between(0, 2_000) : random.between(2_000, 4_000));
          await set.restart(port);
        }
        await sleep(2_000);
      },
    });
    console.log({ members, seed, ...report });
    expect(report.broken).toEqual([]);
    // The app lives on: every call has an answer, and those that it cannot judge are 503.
    expect(report.unknown.lost).toBe(0);
    expect(report.unknown.unavailable).toBeGreaterThan(0);
    expect(report.duplicates).toBe(0);
  } finally {
    await set.stop();
  }
}
