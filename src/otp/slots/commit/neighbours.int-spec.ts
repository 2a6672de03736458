import { aCheck, aCreate, another, WRONG } from '../../../../test/builders/slot-commands.builder';
import { SlotInstance, storedSlot, writesOf } from '../../../../test/support/slot-instance';
import { useDatabase } from '../../../../test/support/mongo';
import type { CreateCommand } from '../rules/create';
import { SLOTS } from '../slot.schema';

/** Each test was seen to fail with what stands above it. */
describe('the neighbours in a batch', () => {
  const database = useDatabase();
  let one: SlotInstance;

  beforeEach(() => {
    one = new SlotInstance(database.durableDb);
  });

  const stored = (command: CreateCommand) => storedSlot(database.durableDb, command.slot._id);
  const documents = () => database.durableDb.collection<{ _id: string }>(SLOTS);
  const created = async (count: number): Promise<CreateCommand[]> => {
    const made = Array.from({ length: count }, () => aCreate());
    await Promise.all(made.map((command) => one.create(command)));
    return made;
  };
  const outcomes = (told: readonly PromiseSettledResult<{ kind: string }>[]): string[] =>
    told.map((each) => (each.status === 'fulfilled' ? each.value.kind : each.status));

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const large = (megabytes: number): string => 'x'.repeat(megabytes * 1024 * 1024);
  const values: [string, unknown][] = [
    ['a value that BSON cannot hold', circular],
    ['a value too large for a document', large(16)],
    ['a value too large for a command', large(17)],
  ];

  // Without the second run one by one (`separate`): they hear of a refusal that is not theirs.
  it.each(values)('do not hear of a create with %s', async (_, value) => {
    const good = Array.from({ length: 6 }, () => aCreate());
    const plain = aCreate();
    const bad = { ...plain, record: { ...plain.record, country: value as string } };
    const all = [...good.slice(0, 3), bad, ...good.slice(3)];
    const told = await one.together(all.map((command) => () => one.create(command)));
    expect(outcomes(told)).toEqual(all.map((command) => (command === bad ? 'rejected' : 'started')));
    for (const command of good) expect((await stored(command)).current.status).toBe('pending');
    await expect(stored(bad)).rejects.toThrow('no slot');
  });

  // The same; and without the look at `ops`, some are charged twice.
  it.each(values)('are charged once beside a check with %s', async (_, value) => {
    const all = await created(6);
    const told = await one.together(
      all.map((command, n) => () => {
        const guess = aCheck(command, n === 0 ? undefined : WRONG);
        return one.check(command.slot._id, n === 3 ? { ...guess, op: value as string } : guess);
      }),
    );
    expect(outcomes(told)).toEqual(['approved', 'wrong', 'wrong', 'rejected', 'wrong', 'wrong']);
    const used = await Promise.all(all.map(async (command) => (await stored(command)).current.checksUsed));
    expect(used).toEqual([1, 1, 1, 0, 1, 1]);
  });

  // Without the second run one by one after a read that failed (`failed`).
  it.each([
    ['that makes a rule throw', { ops: 7 }],
    ['that cannot be read', { past: 7 }],
    ['without a verification', { current: null }],
  ])('do not hear of a document %s', async (_, damage) => {
    const all = await created(6);
    await documents().updateOne({ _id: all[3]!.slot._id }, { $set: damage });
    // Another instance: it has to read all of them.
    one = new SlotInstance(database.durableDb);
    const told = await one.together(
      all.map((command) => () => one.check(command.slot._id, aCheck(command, WRONG))),
    );
    expect(outcomes(told)).toEqual(['wrong', 'wrong', 'wrong', 'rejected', 'wrong', 'wrong']);
    for (const command of all.filter((each) => each !== all[3]))
      expect((await stored(command)).current.checksUsed).toBe(1);
  });

  // Without `catch` in `planSlot`.
  it('do not hear of a rule that throws, on their own slot either', async () => {
    const [mine, other] = (await created(2)) as [CreateCommand, CreateCommand];
    const broken = (): never => {
      throw new Error('a fault of ours');
    };
    const told = await one.together([
      () => one.check(mine.slot._id, aCheck(mine, WRONG)),
      () => one.run<null, { kind: string }>(broken, mine.slot._id, null),
      () => one.check(mine.slot._id, aCheck(mine)),
      () => one.check(other.slot._id, aCheck(other)),
    ]);
    expect(outcomes(told)).toEqual(['wrong', 'rejected', 'approved', 'approved']);
    expect(told[1]).toMatchObject({ reason: { message: 'a fault of ours' } });
    // The create, and one statement: nothing had to be done one by one for it.
    expect(writesOf(one, mine.slot._id)).toBe(2);
  });

  // Without the second run one by one (`separate`).
  it('on one slot are done beside bad ones of every kind', async () => {
    const [made] = (await created(1)) as [CreateCommand];
    const slotId = made.slot._id;
    const bad = another(made);
    const told = await one.together<{ kind: string }>([
      () => one.check(slotId, { ...aCheck(made, WRONG), op: circular as unknown as string }),
      () => one.check(slotId, aCheck(made, WRONG)),
      () => one.create({ ...bad, record: { ...bad.record, country: circular as unknown as string } }),
      () => one.cancel(slotId, made.record.id),
    ]);
    expect(outcomes(told)).toEqual(['rejected', 'wrong', 'rejected', 'canceled']);
    expect(await stored(made)).toMatchObject({ failures: 1, current: { status: 'canceled', checksUsed: 1 } });
  });

  it('hears of the refusal without the words of the server, which may quote values', async () => {
    const plain = aCreate();
    const bad = { ...plain, record: { ...plain.record, country: large(16) } };
    await expect(one.create(bad)).rejects.toThrow(/^the database refused the operation \(code (\d+|none)\)$/);
  });

  describe('of one slot that somebody else keeps changing', () => {
    const ROUNDS = 3;

    /** Each neighbour's commands one after the other; how many writes it took until all were answered. */
    const writesUntilAnswered = async (all: readonly CreateCommand[]): Promise<number> => {
      const before = one.store.writes.length;
      for (let n = 0; n < ROUNDS; n++) {
        const told = await Promise.all(all.map((each) => one.check(each.slot._id, aCheck(each, WRONG))));
        expect(told.every(({ kind }) => kind === 'wrong')).toBe(true);
      }
      return one.store.writes.length - before;
    };

    // With the losers run again inside their batch: the neighbours wait for all of that.
    it('need as few rounds as without it', async () => {
      const [hot, ...others] = (await created(21)) as [CreateCommand, ...CreateCommand[]];
      await one.commit.idle();
      const quiet = await writesUntilAnswered(others.slice(0, 10));
      let isHot = true;
      one.store.always = async (statements, write) => {
        const isAbout = statements.some(({ q }) => q['_id'] === hot.slot._id);
        if (isHot && isAbout) await documents().updateOne({ _id: hot.slot._id }, { $inc: { v: 1 } });
        return write(statements);
      };
      const loser = one.check(hot.slot._id, aCheck(hot));
      const rest = others.slice(10);
      const busy = await writesUntilAnswered(rest);
      isHot = false;
      expect(await loser).toEqual({ kind: 'approved' });
      // The create, and one statement per command: nobody is taken along into the rounds of the loser.
      for (const each of rest) expect(writesOf(one, each.slot._id)).toBe(1 + ROUNDS);
      // Between two rounds the loser may have one of its own.
      expect(busy).toBeLessThanOrEqual(quiet + 2 * ROUNDS);
    });

    // With `RETRY_MS` unlimited: it goes on until its deadline, on the real clock.
    it('and that one is given up after 5 s, nothing done', async () => {
      const [hot] = (await created(1)) as [CreateCommand];
      let tries = 0;
      one.store.always = async (statements, write) => {
        await documents().updateOne({ _id: hot.slot._id }, { $inc: { v: 1 } });
        tries += 1;
        one.skewMs += 1_000;
        return write(statements);
      };
      await expect(one.check(hot.slot._id, aCheck(hot))).rejects.toMatchObject({ code: 'unavailable' });
      // A second each; on a busy machine a try takes its own time besides.
      expect(tries).toBeLessThanOrEqual(5);
      expect((await stored(hot)).current.checksUsed).toBe(0);
    });
  });
});
