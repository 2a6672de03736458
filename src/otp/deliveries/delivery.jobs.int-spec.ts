import { jobInstance } from '../../../test/support/job-instance';
import { useDatabase } from '../../../test/support/mongo';
import { SlotWorld } from '../../../test/support/slot-world';
import type { Slot } from '../slots/slot';
import { followUpJob, redispatchJob } from './delivery.jobs';
import type { FollowUpService } from './follow-up.service';

const test = useDatabase();
let world: SlotWorld;
beforeAll(async () => {
  world = await SlotWorld.open(test);
});
beforeEach(() => world.clear());

describe('re-dispatch', () => {
  it('hands over deliveries whose lease ran out, of past verifications too, and no others', async () => {
    const past = await world.create('s');
    const current = await world.create('s');
    await world.create('fresh');
    await world.age('s', 30_000);
    const handed: string[] = [];
    const redispatch: FollowUpService['redispatch'] = async ({ _id }, { verificationId }) => (
      handed.push(`${_id}/${verificationId}`),
      'abandoned'
    );
    await jobInstance(test).runner.run(redispatchJob(world.slots, { room: 1_000, redispatch }));
    expect(handed.sort()).toEqual([`s/${current}`, `s/${past}`].sort());
  });

  it('lets one that fails not keep the others from their turn, and shows it', async () => {
    for (const slotId of ['a', 'b', 'c']) {
      await world.create(slotId);
      await world.age(slotId, 30_000);
    }
    const handed: string[] = [];
    const redispatch: FollowUpService['redispatch'] = async ({ _id: slotId }) => {
      if (slotId === 'b') throw Object.assign(new Error('secret words'), { code: 'unavailable' });
      handed.push(slotId);
      return null;
    };
    const { runner, status } = jobInstance(test);
    await runner.run(redispatchJob(world.slots, { room: 1_000, redispatch }));
    expect(handed.sort()).toEqual(['a', 'c']);
    expect(status.report()).toMatchObject([{ name: 'redispatch', lastError: 'unavailable', lastOkAt: null }]);
  });
});

describe('follow-up', () => {
  it('hands over verifications whose wait ran out, as they are now, and no others', async () => {
    const channels = ['sms', 'voice'] as const;
    await world.create('due', { channels });
    await world.create('waiting', { channels });
    await world.create('one-channel');
    await world.age('due', 60_000);
    await world.age('waiting', 30_000);
    await world.age('one-channel', 60_000);
    const handed: Slot[] = [];
    const followUp = async (slot: Slot) => (handed.push(slot), null);
    await jobInstance(test).runner.run(followUpJob(world.slots, { room: 1_000, followUp }));
    expect(handed).toEqual([await world.slot('due')]);
  });
});
