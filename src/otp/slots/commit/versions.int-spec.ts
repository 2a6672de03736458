import { newId } from '../../../common/ids';
import { aCheck, aCreate, another, RIGHT, WRONG } from '../../../../test/builders/slot-commands.builder';
import { deleteSlot, SlotInstance, storedSlot, writesOf } from '../../../../test/support/slot-instance';
import { useDatabase } from '../../../../test/support/mongo';
import type { CreateCommand } from '../rules/create';

/**
 * What one instance remembers of a slot that another one has changed. Each test was seen to fail with what stands
 * above it.
 */
describe('a slot that somebody else has changed', () => {
  const database = useDatabase();
  let a: SlotInstance;
  let b: SlotInstance;

  beforeEach(() => {
    a = new SlotInstance(database.durableDb);
    b = new SlotInstance(database.durableDb);
  });

  const stored = (command: CreateCommand) => storedSlot(database.durableDb, command.slot._id);

  // Without `v` in the filter: one guess is not counted.
  it('loses no update', async () => {
    const made = aCreate();
    await a.create(made);
    const guesses = [b, a, b, a].map((one) => () => one.check(made.slot._id, aCheck(made, WRONG)));
    for (const guess of guesses) expect(await guess()).toEqual({ kind: 'wrong' });
    expect(await stored(made)).toMatchObject({ failures: 4, current: { checksUsed: 4, seq: 5 } });
    expect((await stored(made)).ops).toHaveLength(5);
  });

  // With versions that start at 1: the check approves, and so destroys, a code that it was not about.
  it('is another one when it was deleted and made again meanwhile', async () => {
    const old = aCreate();
    await a.create(old);
    await deleteSlot(database.durableDb, old.slot._id);
    const made = another(old);
    await b.create(made);
    expect(await a.check(old.slot._id, aCheck(old))).toEqual({ kind: 'not_found' });
    expect((await stored(made)).current).toMatchObject({ id: made.record.id, status: 'pending' });
    expect((await stored(made)).current.mac).toEqual(made.record.mac);
    expect(await b.check(made.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
  });

  // With versions that start at 1.
  it('starts at a version that no earlier one has reached', async () => {
    const old = aCreate();
    await a.create(old);
    for (let n = 0; n < 3; n++) await a.check(old.slot._id, aCheck(old, WRONG));
    const { v } = await stored(old);
    await deleteSlot(database.durableDb, old.slot._id);
    await b.create(another(old));
    expect((await stored(old)).v).toBeGreaterThan(v);
  });

  // With answers from memory (`isWriteOnly` always true): the new code is not found, 30 of 30.
  it('is never answered about from memory: replaced elsewhere, 30 of 30', async () => {
    for (let n = 0; n < 30; n++) {
      const old = aCreate();
      await a.create(old);
      const made = another(old);
      expect(await b.create(made)).toEqual({ kind: 'started', verificationId: made.record.id });
      expect(await a.check(old.slot._id, aCheck(made, WRONG))).toEqual({ kind: 'wrong' });
      expect(await a.check(old.slot._id, aCheck(old))).toEqual({ kind: 'ended', status: 'superseded' });
      expect(await a.check(old.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
    }
  });

  // Without `v` in the filter: the canceled code is approved.
  it('is never changed from memory: replaced or canceled elsewhere, 30 of 30', async () => {
    for (let n = 0; n < 30; n++) {
      const [replaced, canceled] = [aCreate(), aCreate()];
      await Promise.all([a.create(replaced), a.create(canceled)]);
      await b.create(another(replaced));
      await b.cancel(canceled.slot._id, canceled.record.id);
      const answers = [replaced, canceled].map((one) => a.check(one.slot._id, aCheck(one)));
      expect(await Promise.all(answers)).toEqual([
        { kind: 'ended', status: 'superseded' },
        { kind: 'ended', status: 'canceled' },
      ]);
      expect((await stored(canceled)).current).toMatchObject({ status: 'canceled', checksUsed: 0 });
    }
  });

  // Without `memory.drop` in `settle` and `tryAgain`: each of the later checks is tried on the old state first.
  it('is forgotten after a conflict', async () => {
    const made = aCreate();
    await a.create(made);
    await b.cancel(made.slot._id, made.record.id);
    for (let n = 0; n < 3; n++)
      expect(await a.check(made.slot._id, aCheck(made))).toEqual({ kind: 'ended', status: 'canceled' });
    // The create, and the one check that was proposed from memory.
    expect(writesOf(a, made.slot._id)).toBe(2);
  });

  /** An answer that comes without a write, what the other instance did meanwhile, and what is true then. */
  interface Case {
    readonly first: Parameters<typeof aCreate>[0];
    readonly before?: (made: CreateCommand) => Promise<unknown>;
    readonly meanwhile: (made: CreateCommand) => Promise<unknown>;
    readonly ask: (made: CreateCommand) => Promise<unknown>;
    readonly truth: object;
  }
  const gone = (made: CreateCommand) => deleteSlot(database.durableDb, made.slot._id);
  const canceled = (made: CreateCommand) => b.cancel(made.slot._id, made.record.id);
  const approved = (made: CreateCommand) => b.check(made.slot._id, aCheck(made));
  const repeated = newId();

  const cases: Record<string, Case> = {
    'a check that has been done': {
      first: {},
      before: (made) => a.check(made.slot._id, aCheck(made, RIGHT, repeated)),
      meanwhile: gone,
      ask: (made) => a.check(made.slot._id, aCheck(made, RIGHT, repeated)),
      truth: { kind: 'not_found' },
    },
    'a resend that has been done': {
      first: {},
      before: (made) => a.resend(made.slot._id, made.record.id, repeated),
      meanwhile: gone,
      ask: (made) => a.resend(made.slot._id, made.record.id, repeated),
      truth: { kind: 'not_found' },
    },
    'a verification that has ended': {
      first: {},
      before: (made) => a.cancel(made.slot._id, made.record.id),
      meanwhile: gone,
      ask: (made) => a.cancel(made.slot._id, made.record.id),
      truth: { kind: 'not_found' },
    },
    'a key that is not known here': {
      first: {},
      meanwhile: canceled,
      ask: (made) => a.check(made.slot._id, { ...aCheck(made), candidates: [] }),
      truth: { kind: 'ended', status: 'canceled' },
    },
    'a lock': {
      first: { maxChecks: 20 },
      before: async (made) => {
        for (let n = 0; n < 10; n++) await a.check(made.slot._id, aCheck(made, WRONG));
      },
      meanwhile: (made) => b.unlock(made.slot._id),
      ask: (made) => a.check(made.slot._id, aCheck(made)),
      truth: { kind: 'approved' },
    },
    'nothing to unlock': {
      first: {},
      meanwhile: (made) => b.check(made.slot._id, aCheck(made, WRONG)),
      ask: (made) => a.unlock(made.slot._id),
      truth: { kind: 'unlocked' },
    },
    'a cool-down': {
      first: { cooldownMs: 60_000 },
      meanwhile: approved,
      ask: (made) => a.create(another(made, { cooldownMs: 60_000 })),
      truth: { kind: 'started' },
    },
    'a full window': {
      first: { sendsMax: 1 },
      meanwhile: approved,
      ask: (made) => a.create(another(made, { sendsMax: 1 })),
      truth: { kind: 'started' },
    },
    'a create that would join without a message': {
      first: { cooldownMs: 60_000 },
      meanwhile: canceled,
      ask: (made) => a.create(another(made, { cooldownMs: 60_000, whenPending: 'resend' })),
      truth: { kind: 'too_soon' },
    },
    'a pending verification': {
      first: {},
      meanwhile: canceled,
      ask: (made) => a.create(another(made, { whenPending: 'reject' })),
      truth: { kind: 'started' },
    },
    'an id that is taken': {
      first: {},
      meanwhile: gone,
      ask: (made) => a.create({ ...made, op: newId() }),
      truth: { kind: 'started' },
    },
    'a slot of another recipient': {
      first: {},
      meanwhile: gone,
      ask: (made) => a.create({ ...another(made), slot: { ...made.slot, key: 'somebody else' } }),
      truth: { kind: 'started' },
    },
  };

  // With answers from memory (`isWriteOnly` always true): every one of these tells what was.
  it.each(Object.keys(cases))('is read anew for: %s', async (name) => {
    const { first, before, meanwhile, ask, truth } = cases[name]!;
    const made = aCreate(first);
    await a.create(made);
    await before?.(made);
    await meanwhile(made);
    expect(await ask(made)).toMatchObject(truth);
  });
});
