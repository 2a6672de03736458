import { jobInstance } from '../../../test/support/job-instance';
import { useDatabase } from '../../../test/support/mongo';
import { SlotWorld } from '../../../test/support/slot-world';
import { expiryJob } from './expiry.job';

const TTL_MS = 600_000;

describe('expiry', () => {
  const test = useDatabase();
  let world: SlotWorld;
  beforeAll(async () => {
    world = await SlotWorld.open(test);
  });
  beforeEach(() => world.clear());

  /** As a process of its own does it. */
  const run = () => jobInstance(test).runner.run(expiryJob(world.instance()));

  it('ends what is over, once, with two instances at work', async () => {
    const ids = [];
    for (let n = 0; n < 6; n++) {
      ids.push(await world.create(`s${n}`));
      if (n < 5) await world.age(`s${n}`, TTL_MS);
    }
    // The lease of the job is no guarantee: these two have read the same slots.
    const unleased = () => expiryJob(world.instance()).run({} as never);
    await Promise.all([unleased(), unleased()]);
    await Promise.all([run(), run()]);
    await world.relayAll();
    const log = await world.logged();
    const expired = log.filter((entry) => entry.type === 'expired').map((entry) => entry.verificationId);
    expect(expired.sort()).toEqual(ids.slice(0, 5).sort());
    expect(log.find((entry) => entry.type === 'expired')).toMatchObject({ actor: 'job:expiry', seq: 2 });
    expect((await world.slot('s5')).current.status).toBe('pending');
    expect((await world.slot('s0')).current).not.toHaveProperty('sealed');
  });

  it('goes on until nothing is left, however many there are', async () => {
    for (let n = 0; n < 7; n++) {
      await world.create(`s${n}`);
      await world.age(`s${n}`, TTL_MS);
    }
    await run();
    expect(await world.slots.due('expire', 10)).toEqual([]);
  });
});
