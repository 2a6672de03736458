import { setTimeout as sleep } from 'node:timers/promises';
import { aCheck, aCreate, WRONG } from '../../../../test/builders/slot-commands.builder';
import { passOn, SlotInstance, storedSlot } from '../../../../test/support/slot-instance';
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
    // With `ridesAlong` ignored: it is written at once.
    it('starts none of its own for 20 ms, and is not lost when nothing follows', async () => {
      const made = await created();
      const before = performance.now();
      let leftAfter = 0;
      one.store.always = (...it) => ((leftAfter = performance.now() - before), passOn(...it));
      expect(await one.accepted(made)).toEqual({ kind: 'recorded' });
      expect(leftAfter).toBeGreaterThan(18);
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

  // Without the deadline: they wait for the database. Without the look at what is given up already: it is run when
  // the database comes back. With a run of nothing taken for the running one: nothing is ever run again.
  it('answer everybody in time while the database hangs, run nothing that was given up, and go on', async () => {
    const made = await created();
    const before = writes().length;
    let release = (): void => undefined;
    one.store.scripts.push(async (...it) => {
      await new Promise<void>((resolve) => (release = resolve));
      return passOn(...it);
    });
    const started = performance.now();
    const hanging = one.create(aCreate());
    // The ride-along is given up within the 20 ms after the end of the run.
    const queued = [one.check(made.slot._id, aCheck(made)), one.accepted(made)];
    const told = await Promise.allSettled([hanging, ...queued]);
    expect(told).toMatchObject(Array.from({ length: 3 }, () => ({ reason: { code: 'unavailable' } })));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(one.commit.waiting).toBe(0);
    release();
    await one.commit.idle();
    expect(writes()).toHaveLength(before + 1);
    expect(await one.check(made.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
  });

  // With a run of nothing taken for the running one (without `rest` in `leave`): nothing is ever run again.
  it('go on when what was to ride along is given up just before it leaves', async () => {
    const made = await created();
    let rideBegan = 0;
    one.store.scripts.push(async (...it) => {
      const report = await passOn(...it);
      // 10 ms before the ride-along is given up, so 10 ms after that it would have left.
      while (rideBegan === 0) await sleep(1);
      await sleep(rideBegan + 8_490 - performance.now());
      return report;
    });
    // It began earlier, so on a busy machine its own time may be up before the write answers.
    const ahead = one.create(aCreate()).catch(() => undefined);
    while (one.store.writes.length < 2) await sleep(1);
    rideBegan = performance.now();
    await expect(one.accepted(made)).rejects.toMatchObject({ code: 'unavailable' });
    await ahead;
    await sleep(50);
    expect(await one.check(made.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
  });
});
