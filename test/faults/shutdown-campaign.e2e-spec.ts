import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { useDatabase } from '../support/mongo';
import { runCampaign } from './campaign';
import { stopInOrder } from './stop-in-order';

describe('SIGTERM again and again under load', () => {
  const database = useDatabase();

  // Nothing waits for a lease: what was told is true, and what is open can be told, seconds after the last stop.
  it('every stop is in order, nothing is lost and no text is sent twice', async () => {
    const seed = randomInt(1_000_000);
    const names = ['north', 'south'] as const;
    const report = await runCampaign({
      mongoUri: database.uri,
      instances: { north: database.uri, south: database.uri },
      clients: 8,
      seed,
      settleAfterMs: 5_000,
      trouble: async (world, running, random) => {
        for (let n = 0; n < 6; n++) {
          await sleep(random.between(300, 1_000));
          await stopInOrder(running[n % 2]!);
          running[n % 2] = await world.start(names[n % 2]!, database.uri);
        }
      },
    });
    console.log({ seed, ...report });
    expect(report.broken).toEqual([]);
    expect(report.duplicates).toBe(0);
  }, 180_000);
});
