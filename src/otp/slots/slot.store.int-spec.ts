import { newId } from '../../common/ids';
import { checkConstants, createConstants } from '../../../test/builders/slot.builder';
import { useDatabase } from '../../../test/support/mongo';
import { SLOTS } from './slot.schema';
import { SlotStore } from './slot.store';
import type { SlotCommand } from './slot.statements';

describe('slot store', () => {
  const test = useDatabase();

  const create = (key = newId()): SlotCommand<'create'> => ({
    kind: 'create',
    key,
    constants: createConstants(),
    lookup: { by: '_id', value: key },
  });
  const check = (first: SlotCommand<'create'>, code: string): SlotCommand<'check'> => {
    const constants = checkConstants(first.constants.record.id, code);
    return { kind: 'check', key: constants.verificationId, constants, lookup: null };
  };
  const stateOf = async (store: SlotStore, key: string) =>
    (await store.read({ _ids: [key], ids: [] })).docs[0];

  it('writes a batch of every kind, several on one slot among them, and reads it back by either key', async () => {
    const store = new SlotStore(test.durableDb);
    const [a, b] = [create(), create()];
    expect(await store.write([a, create(a.key), b])).toEqual({ failures: new Map(), concernFailed: false });
    const wrong = Array.from({ length: 4 }, () => check(a, '000000'));
    await store.write([...wrong, check(b, '111111'), check(a, '111111')]);
    expect((await stateOf(store, a.key))?.current).toMatchObject({ status: 'approved', checksUsed: 5 });
    const { docs } = await store.read({ _ids: [a.key], ids: [b.constants.record.id] });
    expect(docs.map((doc) => doc.current.status)).toEqual(['approved', 'approved']);
    expect(docs[0]?.ops.map((one) => one.outcome)).toEqual([
      'started',
      'wrong',
      'wrong',
      'wrong',
      'wrong',
      'approved',
    ]);
  });

  it('gives each operation its own constants, and none to a document that is nobody’s', async () => {
    const store = new SlotStore(test.durableDb);
    const slots = Array.from({ length: 20 }, () => create());
    await store.write(slots);
    // Replaced meanwhile: the checks still find the slot, by an id that is not current any more.
    const replaced = slots.slice(0, 5).map((slot) => {
      const again = create(slot.key);
      return { ...again, constants: { ...again.constants, whenPending: 'replace' as const, cooldownMs: 0 } };
    });
    await store.write(replaced);
    await store.write(slots.map((slot) => check(slot, '111111')));
    const states = await Promise.all(slots.map((slot) => stateOf(store, slot.key)));
    expect(states.map((state) => state?.current.status)).toEqual([
      ...Array.from({ length: 5 }, () => 'pending'),
      ...Array.from({ length: 15 }, () => 'approved'),
    ]);
    expect(states.slice(0, 5).map((state) => state?.current.checksUsed)).toEqual([0, 0, 0, 0, 0]);
  });

  it('tells which operation failed, and which only shared its statement', async () => {
    const store = new SlotStore(test.durableDb);
    const [a, b] = [create(), create()];
    await store.write([a, b]);
    // A text where a number belongs: the server refuses to add it to a date.
    const broken = { ...check(a, '000000') };
    await test.durableDb
      .collection<{ _id: string }>(SLOTS)
      .updateOne({ _id: a.key }, { $set: { failures: 'many' } });
    const report = await store.write([broken, check(b, '111111')]);
    expect([...report.failures.values()].map((failure) => failure.shared)).toEqual([true, true]);
    const alone = await store.write([broken]);
    expect(alone.failures.get(0)).toMatchObject({ shared: false });
    expect((await store.write([check(b, '111111')])).failures.size).toBe(0);
    expect((await stateOf(store, b.key))?.current.status).toBe('approved');
  });

  it('reads on when the answer is larger than one batch of 16 MB', async () => {
    const store = new SlotStore(test.durableDb);
    const slots = Array.from({ length: 12 }, () => create());
    await store.write(slots);
    const filler = 'x'.repeat(2_000_000);
    await test.durableDb.collection(SLOTS).updateMany({}, { $set: { 'current.filler': filler } });
    const { docs } = await store.read({ _ids: slots.map((slot) => slot.key), ids: [] });
    expect(docs).toHaveLength(12);
  });
});
