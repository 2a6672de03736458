import { aCheck, aCreate, WRONG } from '../../../../test/builders/slot-commands.builder';
import { SlotInstance, storedSlot } from '../../../../test/support/slot-instance';
import { useDatabase } from '../../../../test/support/mongo';
import type { CreateCommand } from '../rules/create';
import { SlotRepository } from '../slot.repository';
import { SLOTS } from '../slot.schema';

/** Each test was seen to fail with what stands above it. */
describe('batches', () => {
  const database = useDatabase();
  let one: SlotInstance;

  beforeEach(() => {
    one = new SlotInstance(database.durableDb);
  });

  const stored = (command: CreateCommand) => storedSlot(database.durableDb, command.slot._id);
  const created = async (over = {}): Promise<CreateCommand> => {
    const made = aCreate(over);
    await one.create(made);
    await one.commit.idle();
    return made;
  };
  /** The slots of each write so far. */
  const writes = () => one.store.writes.map((statements) => statements.map(({ q }) => q['_id']));

  // With a pause before each batch.
  it('let a lone operation leave at once and gather the others while it is under way', async () => {
    const [first, ...others] = Array.from({ length: 10 }, () => aCreate()) as [
      CreateCommand,
      ...CreateCommand[],
    ];
    await Promise.all([first, ...others].map((command) => one.create(command)));
    expect(writes()).toEqual([[first.slot._id], others.map(({ slot }) => slot._id)]);
    expect(one.store.reads).toHaveLength(2);
  });

  // With `MAX_PER_SLOT` unlimited: one write of 70.
  it('take at most 32 operations of one slot, in their order, as one statement', async () => {
    const made = await created({ maxChecks: 90, sendsMax: 100 });
    const resends = Array.from({ length: 70 }, () => () => one.resend(made.slot._id, made.record.id));
    const told = await one.together(resends);
    expect(told.every((each) => each.status === 'fulfilled' && each.value.kind === 'resent')).toBe(true);
    // The create, the one ahead, and 32 + 32 + 6.
    expect(writes()).toHaveLength(5);
    expect(writes().every((slotIds) => slotIds.length === 1)).toBe(true);
    expect((await stored(made)).current.deliveries).toHaveLength(71);
  });

  // With `MAX_SLOTS` unlimited: a command of 300 statements, which takes its time.
  it('take at most 256 slots', async () => {
    const creates = Array.from({ length: 300 }, () => () => one.create(aCreate()));
    const told = await one.together(creates);
    expect(told.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(writes().map((slotIds) => slotIds.length)).toEqual([1, 256, 44]);
  });

  // With the state before the batch for every operation of it: all are evaluated.
  it('decide one operation of a slot after the other', async () => {
    const made = await created();
    const guesses = Array.from(
      { length: 9 },
      (_, n) => () => one.check(made.slot._id, aCheck(made, n > 6 ? undefined : WRONG)),
    );
    const told = await one.together(guesses);
    const kinds = told.map((each) => (each.status === 'fulfilled' ? each.value.kind : each.status));
    expect(kinds).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'failed', 'ended', 'ended', 'ended', 'ended']);
  });

  // Without `getMore` in the repository.
  it('read on where an answer does not fit into 16 MB', async () => {
    const all = Array.from({ length: 10 }, () => aCreate());
    await Promise.all(all.map((command) => one.create(command)));
    const slotIds = all.map(({ slot }) => slot._id);
    const filler = 'x'.repeat(2_000_000);
    const documents = database.durableDb.collection<{ _id: string }>(SLOTS);
    await documents.updateMany({ _id: { $in: slotIds } }, { $set: { 'current.filler': filler } });
    expect((await new SlotRepository(database.durableDb).read(slotIds)).slots).toHaveLength(10);
  });

  describe('and what nobody waits for', () => {
    // Without its own departure: it waits for the next request.
    it('is not lost when nothing follows', async () => {
      const made = await created();
      expect(await one.accepted(made)).toEqual({ kind: 'recorded' });
      expect((await stored(made)).current.deliveries[0]).toMatchObject({ state: 'accepted' });
    });

    // With `ridesAlong` ignored: two writes. With a batch of its own after the 20 ms: it is answered late.
    it('leaves with the next one, on its slot in the same statement, and is answered with it', async () => {
      const [mine, other] = [await created(), await created()];
      const before = writes().length;
      const told: string[] = [];
      const note = (name: string) => () => void told.push(name);
      const rides = [one.accepted(mine).then(note('ride')), one.accepted(other).then(note('ride'))];
      const check = one.check(mine.slot._id, aCheck(mine)).then(note('check'));
      await Promise.all([...rides, check]);
      expect(told.toSorted()).toEqual(['check', 'ride', 'ride']);
      expect(writes().slice(before)).toEqual([[mine.slot._id, other.slot._id]]);
      await one.commit.idle();
      expect(writes()).toHaveLength(before + 1);
      expect((await stored(mine)).current).toMatchObject({
        status: 'approved',
        deliveries: [{ state: 'accepted' }],
      });
    });

    // Without the departure at the end of a run: it waits for the next request, for ever if there is none.
    it('is done when it came while a batch was under way, and nothing follows', async () => {
      const made = await created();
      const ahead = one.create(aCreate());
      const ride = one.accepted(made);
      await ahead;
      expect(await ride).toEqual({ kind: 'recorded' });
    });

    it('tells everybody who listens what was written', async () => {
      const made = await created();
      const told: number[] = [];
      one.commit.onWritten(({ v }) => void told.push(v));
      await one.accepted(made);
      expect(told).toEqual([(await stored(made)).v]);
    });
  });
});
