import { aRecord, aSlot } from '../../../test/builders/slot-state.builder';
import { useDatabase } from '../../../test/support/mongo';
import { SlotWorld } from '../../../test/support/slot-world';
import type { Slot } from './slot';
import { SLOTS } from './slot.schema';
import type { ReadSlot } from './slots.service';

const MB = 2 ** 20;

describe('slots', () => {
  const test = useDatabase();
  let world: SlotWorld;
  beforeAll(async () => {
    world = await SlotWorld.open(test);
  });
  beforeEach(() => world.clear());

  const stored = () => test.durableDb.collection<Slot>(SLOTS);
  const namesOf = (due: readonly ReadSlot[]) => due.map(({ slot }) => slot._id);

  it('are found by the kind of work that they have, those that are due longest first', async () => {
    for (const slotId of ['a', 'b', 'c', 'fresh']) await world.create(slotId);
    await world.age('a', 40_000);
    await world.age('b', 60_000);
    await world.age('c', 50_000);
    expect(namesOf(await world.slots.due('claim', 10))).toEqual(['b', 'c', 'a']);
    expect(namesOf(await world.slots.due('claim', 2))).toEqual(['b', 'c']);
    expect(await world.slots.due('expire', 10)).toEqual([]);
    const [first] = await world.slots.due('claim', 1);
    const { current } = await world.slot('b');
    expect(first?.work).toMatchObject([
      { kind: 'claim', verificationId: current.id, deliveryId: current.deliveries[0]?.id },
    ]);
  });

  // Catches: a page of slots that wait for the relay, taken for all that is due.
  it('are found behind hundreds that are due for something else', async () => {
    const hourAgo = new Date(Date.now() - 3_600_000);
    const waiting = { type: 'created', verificationId: 'v1', seq: 1, at: hourAgo } as Slot['outbox'][number];
    const current = aRecord({ deliveries: [], expiresAt: new Date(Date.now() + 3_600_000) });
    await stored().insertMany(
      Array.from({ length: 501 }, (_, n) =>
        aSlot({ _id: `relay-${n}`, current, outbox: [waiting], dueAt: hourAgo }),
      ),
    );
    await world.create('s');
    await world.age('s', 30_000);
    expect(namesOf(await world.slots.due('claim', 10))).toEqual(['s']);
  });

  it('are found by an index', async () => {
    const query = stored().find({ dueAt: { $lte: new Date() } });
    const plan = await query.sort({ dueAt: 1 }).explain('queryPlanner');
    const winning = JSON.stringify(plan['queryPlanner'].winningPlan);
    expect(winning).toContain('IXSCAN');
    expect(winning).not.toMatch(/COLLSCAN|"SORT"/);
  });

  // Catches: an answer whose first 16 MB are taken for all of it, or whose bytes are shared with the others.
  it('are read whole, however many megabytes they have', async () => {
    const personal = Buffer.alloc(MB, 7);
    const ids = Array.from({ length: 20 }, (_, n) => `big-${n}`);
    await stored().insertMany(ids.map((_id) => aSlot({ _id, current: aRecord({ personal }) })));
    const read = await world.slots.findMany(ids);
    expect(read.map(({ _id }) => _id).sort()).toEqual([...ids].sort());
    for (const { current } of read) {
      expect(current.personal?.equals(personal)).toBe(true);
      expect(current.personal?.buffer.byteLength).toBe(MB);
    }
  });

  it('that are not there are none', async () => {
    expect(await world.slots.find('nobody')).toBeNull();
    expect(await world.slots.findMany([])).toEqual([]);
    expect(await world.slots.findMany(['nobody'])).toEqual([]);
  });
});
