import { mongo } from 'mongoose';
import { newId } from '../../../common/ids';
import { aCheck, aCreate, another, RIGHT, WRONG } from '../../../../test/builders/slot-commands.builder';
import {
  passOn as done,
  SlotInstance,
  storedSlot,
  writesOf,
  type Script,
} from '../../../../test/support/slot-instance';
import { useDatabase } from '../../../../test/support/mongo';
import type { CreateCommand } from '../rules/create';
import type { Statement } from './statement';

const reset = (): Error => new mongo.MongoNetworkError('connection reset');
const steppedDown = (): Error => new mongo.MongoServerError({ code: 10107, message: 'not primary' });
const notDone: Script = async () => ({ matched: 0, errors: new Map(), isConcernFailed: false });

/** The write is done or not, and its answer is one of those that do not say which. */
const lostAnswers: [string, (does: Script) => Script][] = [
  [
    'the connection broke',
    (does) =>
      async (...it) => (await does(...it), Promise.reject(reset())),
  ],
  [
    'the primary stepped down',
    (does) =>
      async (...it) => (await does(...it), Promise.reject(steppedDown())),
  ],
  [
    'the write concern failed',
    (does) =>
      async (...it) => ({ ...(await does(...it)), isConcernFailed: true }),
  ],
  [
    'its statement was interrupted',
    (does) =>
      async (...it) => (
        await does(...it),
        { matched: 0, errors: new Map([[0, 11602]]), isConcernFailed: false }
      ),
  ],
];

/** Each test was seen to fail with what stands above it. */
describe('a write whose answer does not say what happened', () => {
  const database = useDatabase();
  let a: SlotInstance;
  let b: SlotInstance;

  beforeEach(() => {
    a = new SlotInstance(database.durableDb);
    b = new SlotInstance(database.durableDb);
  });

  const stored = (command: CreateCommand) => storedSlot(database.durableDb, command.slot._id);
  const created = async (over = {}): Promise<CreateCommand> => {
    const made = aCreate(over);
    await a.create(made);
    return made;
  };

  describe.each(lostAnswers)('because %s', (_, losing) => {
    // Without the settling read (`settle`, all `unknownOutcome`): everybody hears 503.
    it('is answered when a majority has the operation', async () => {
      const made = await created();
      a.store.scripts.push(losing(done));
      expect(await a.check(made.slot._id, aCheck(made, WRONG))).toEqual({ kind: 'wrong' });
      expect(await stored(made)).toMatchObject({ failures: 1, current: { checksUsed: 1 } });
    });

    // With `absent: 'lost'` for `'unknown'`: it is run a second time, while the first may still land.
    it('is answered 503 when a majority does not have it, and not tried again', async () => {
      const made = await created();
      a.store.scripts.push(losing(notDone));
      const writes = a.store.writes.length;
      await expect(a.check(made.slot._id, aCheck(made))).rejects.toMatchObject({ code: 'unavailable' });
      expect(a.store.writes).toHaveLength(writes + 1);
      expect((await stored(made)).current).toMatchObject({ status: 'pending', checksUsed: 0 });
    });

    // Without `memory.drop` in `settle`: the next one is proposed on a version that is not there any more.
    it.each([
      ['done', done],
      ['not done', notDone],
    ])('leaves nothing in memory: %s', async (__, does) => {
      const made = await created();
      a.store.scripts.push(losing(does));
      await a.check(made.slot._id, aCheck(made, WRONG)).catch(() => undefined);
      const [writes, reads] = [a.store.writes.length, a.store.reads.length];
      expect(await a.check(made.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
      expect([a.store.writes.length - writes, a.store.reads.length - reads]).toEqual([1, 1]);
    });
  });

  // With the outcome of a statement told by the presence of its first operation: the second one hears 503.
  it('tells the first operation that it was refused and the second that it took effect, once', async () => {
    const made = await created({ cooldownMs: 60_000 });
    const op = newId();
    const calls = [
      () => a.resend(made.slot._id, made.record.id),
      () => a.check(made.slot._id, aCheck(made, WRONG, op)),
    ];
    const told = await a.together<{ kind: string }>(calls, lostAnswers[0]![1](done));
    expect(told).toMatchObject([{ value: { kind: 'too_soon' } }, { value: { kind: 'wrong' } }]);
    expect(writesOf(a, made.slot._id)).toBe(2);
    const { ops, current } = await stored(made);
    expect(ops.filter((one) => one.op === op)).toHaveLength(1);
    expect(current).toMatchObject({ checksUsed: 1, deliveries: [{ id: made.delivery.id }] });
  });

  /** Two right checks in one statement that does not take effect; by then the verification is canceled. */
  const twoChecks = (made: CreateCommand, script: Script) => {
    const calls = [aCheck(made), aCheck(made)].map((command) => () => a.check(made.slot._id, command));
    return a.together(calls, script);
  };

  // With all operations of a statement decided one on the other when they are settled: the second one hears `ended,
  // approved` of an approval that is written nowhere.
  it('tells nobody of a state that was only planned: outcome unknown', async () => {
    const made = await created();
    const told = await twoChecks(made, lostAnswers[0]![1](notDone));
    expect(told).toMatchObject([
      { status: 'rejected', reason: { code: 'unavailable' } },
      { status: 'rejected', reason: { code: 'unavailable' } },
    ]);
    expect((await stored(made)).current.status).toBe('pending');
  });

  it('tells nobody of a state that was only planned: race lost', async () => {
    const made = await created();
    const told = await twoChecks(made, async (statements, write) => {
      await b.check(made.slot._id, aCheck(made, WRONG));
      const report = await write(statements);
      // Between the settling read and the next try.
      a.store.scripts.push(async (later, writeLater) => {
        await b.cancel(made.slot._id, made.record.id);
        return writeLater(later);
      });
      return report;
    });
    expect(told).toMatchObject([
      { value: { kind: 'ended', status: 'canceled' } },
      { value: { kind: 'ended', status: 'canceled' } },
    ]);
  });

  describe('that comes late', () => {
    /** What a write holds back until somebody lets it through. */
    const heldBack = async (call: () => Promise<unknown>): Promise<readonly Statement[]> => {
      let held: readonly Statement[] = [];
      a.store.scripts.push(async (statements) => {
        held = statements;
        throw reset();
      });
      await expect(call()).rejects.toMatchObject({ code: 'unavailable' });
      return held;
    };

    // Without `v` in the filter: the code is approved after it was canceled.
    it('matches nothing when somebody else has written meanwhile', async () => {
      const made = await created();
      const held = await heldBack(() => a.check(made.slot._id, aCheck(made)));
      await b.cancel(made.slot._id, made.record.id);
      const before = await stored(made);
      expect(await a.store.repository.write(held)).toEqual({
        matched: 0,
        errors: new Map(),
        isConcernFailed: false,
      });
      expect(await stored(made)).toEqual(before);
    });

    // With an upsert whose filter is `_id` alone: it replaces the other verification.
    it('makes no slot where somebody else has made one', async () => {
      const made = aCreate();
      const held = await heldBack(() => a.create(made));
      await b.create(another(made));
      const before = await stored(made);
      const { matched, errors } = await a.store.repository.write(held);
      expect([matched, [...errors.values()]]).toEqual([0, [11000]]);
      expect(await stored(made)).toEqual(before);
    });

    // Without the look at `ops` in `check`: the repeat hears that the verification is approved already.
    it('counts once, and the repeat hears its outcome', async () => {
      const made = await created();
      const op = newId();
      const held = await heldBack(() => a.check(made.slot._id, aCheck(made, RIGHT, op)));
      expect((await a.store.repository.write(held)).matched).toBe(1);
      expect(await b.check(made.slot._id, aCheck(made, RIGHT, op))).toEqual({ kind: 'approved' });
      expect(await a.check(made.slot._id, aCheck(made, RIGHT, op))).toEqual({ kind: 'approved' });
      expect((await stored(made)).current.checksUsed).toBe(1);
    });

    // Without the look at `ops` in `check`.
    it('is nothing any more when the repeat was faster', async () => {
      const made = await created();
      const op = newId();
      const held = await heldBack(() => a.check(made.slot._id, aCheck(made, WRONG, op)));
      expect(await a.check(made.slot._id, aCheck(made, WRONG, op))).toEqual({ kind: 'wrong' });
      expect((await a.store.repository.write(held)).matched).toBe(0);
      expect((await stored(made)).current.checksUsed).toBe(1);
    });
  });

  it('is answered 503 when it cannot be read either', async () => {
    const made = await created();
    a.store.readFailure = reset();
    a.store.scripts.push(lostAnswers[0]![1](done));
    await expect(a.check(made.slot._id, aCheck(made))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await a.check(made.slot._id, aCheck(made))).toEqual({ kind: 'ended', status: 'approved' });
  });

  it('is no reason to write when the read before it failed', async () => {
    const made = await created();
    b.store.readFailure = reset();
    await expect(b.check(made.slot._id, aCheck(made))).rejects.toMatchObject({ code: 'unavailable' });
    expect(b.store.writes).toEqual([]);
    expect(await b.check(made.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
  });
});
