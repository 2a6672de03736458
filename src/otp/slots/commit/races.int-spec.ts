import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../../common/ids';
import { aCheck, aCreate, another, RIGHT, WRONG } from '../../../../test/builders/slot-commands.builder';
import { SlotInstance, storedSlot, writesOf } from '../../../../test/support/slot-instance';
import { useDatabase } from '../../../../test/support/mongo';
import type { CreateCommand } from '../rules/create';

/** How often each outcome was told. */
function counted(
  outcomes: readonly { readonly kind: string; readonly status?: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, status } of outcomes) {
    const name = status ? `${kind} ${status}` : kind;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Each test was seen to fail with what stands above it. */
describe('several instances on one slot at once', () => {
  const database = useDatabase();
  const instances = (count: number) =>
    Array.from({ length: count }, () => new SlotInstance(database.durableDb));
  const stored = (command: CreateCommand) => storedSlot(database.durableDb, command.slot._id);

  /** `count` calls, dealt out in turn. */
  const dealt = <T>(among: readonly SlotInstance[], count: number, call: (one: SlotInstance) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, n) => call(among[n % among.length]!)));

  // Without `v` in the filter: two approvals.
  it('64 right checks over two: one approval', async () => {
    const two = instances(2);
    for (let round = 0; round < 5; round++) {
      const made = aCreate();
      await two[round % 2]!.create(made);
      const told = await dealt(two, 64, (one) => one.check(made.slot._id, aCheck(made)));
      expect(counted(told)).toEqual({ approved: 1, 'ended approved': 63 });
      const { outbox } = await stored(made);
      expect(outbox.map(({ type }) => type)).toEqual(['created', 'approved']);
    }
  });

  // Without `v` in the filter: guesses that are not counted.
  it('200 wrong checks over four: five are evaluated, and nobody hears of an error', async () => {
    const four = instances(4);
    for (let round = 0; round < 3; round++) {
      const made = aCreate();
      await four[0]!.create(made);
      const told = await dealt(four, 200, (one) => one.check(made.slot._id, aCheck(made, WRONG)));
      expect(counted(told)).toEqual({ wrong: 4, failed: 1, 'ended failed': 195 });
      const { failures, current, ops } = await stored(made);
      expect([failures, current.checksUsed, ops.length]).toEqual([5, 5, 6]);
      for (const one of four) expect(writesOf(one, made.slot._id)).toBeLessThanOrEqual(8);
    }
  });

  // With E11000 as a refusal of its own instead of a conflict: 500 less one errors. With an upsert whose filter is
  // `_id` alone: several live codes, one over the other.
  it.each([
    ['quietly', { cooldownMs: 30_000 }, { started: 1, joined_quietly: 499 }],
    ['as often as the window allows', { sendsMax: 4 }, { started: 1, joined: 3, send_limit: 496 }],
    ['not at all', { whenPending: 'reject' as const }, { started: 1, pending: 499 }],
  ])('500 creates over four for a new number: one live code, joined %s', async (_, rules, expected) => {
    const four = instances(4);
    const slotId = newId();
    const told = await dealt(four, 500, (one) => one.create(aCreate({ slotId, ...rules })));
    expect(counted(told)).toEqual(expected);
    const { current, past, ids } = await storedSlot(database.durableDb, slotId);
    expect([current.status, past, ids]).toEqual(['pending', [], [current.id]]);
    expect(told.find(({ kind }) => kind === 'started')).toEqual({
      kind: 'started',
      verificationId: current.id,
    });
  });

  // Without the retry of what lost (`tryAgain`): hundreds of errors.
  it('160 creates over four that join: each has its own delivery', async () => {
    const four = instances(4);
    const made = aCreate({ sendsMax: 200 });
    await four[0]!.create(made);
    const join = (one: SlotInstance) => one.create(another(made, { sendsMax: 200, whenPending: 'resend' }));
    expect(counted(await dealt(four, 160, join))).toEqual({ joined: 99, send_limit: 61 });
    const { deliveries } = (await stored(made)).current;
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(100);
  });

  // Without the look at `ops` in `check`.
  it('one check told to four instances: one guess, and all hear what it came to', async () => {
    const four = instances(4);
    const made = aCreate();
    await four[0]!.create(made);
    const command = aCheck(made, WRONG);
    const told = await dealt(four, 40, (one) => one.check(made.slot._id, command));
    expect(counted(told)).toEqual({ wrong: 40 });
    expect((await stored(made)).current.checksUsed).toBe(1);
  });
});

/** Each test was seen to fail without the `$$NOW` guard of `statement.ts`. */
describe('an instance whose idea of the database’s time is wrong', () => {
  const database = useDatabase();
  const ttlMs = 1_500;

  it.each([0, -5_000])('approves no expired code: %d ms off', async (skewMs) => {
    const one = new SlotInstance(database.durableDb);
    const made = aCreate({ ttlMs });
    await one.create(made);
    await sleep(ttlMs + 50);
    one.skewMs = skewMs;
    expect(await one.check(made.slot._id, aCheck(made, RIGHT))).toEqual({ kind: 'ended', status: 'expired' });
    const { current, failures } = await storedSlot(database.durableDb, made.slot._id);
    expect([current.status, current.checksUsed, failures]).toEqual(['pending', 0, 0]);
  });

  it('neither resends nor counts a guess at an expired code: 5 s late', async () => {
    const one = new SlotInstance(database.durableDb);
    const made = aCreate({ ttlMs });
    await one.create(made);
    await sleep(ttlMs + 50);
    one.skewMs = -5_000;
    const told = await one.together<unknown>([
      () => one.resend(made.slot._id, made.record.id),
      () => one.check(made.slot._id, aCheck(made, WRONG)),
      () => one.cancel(made.slot._id, made.record.id),
    ]);
    expect(told.map((each) => each.status === 'fulfilled' && each.value)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'ended', status: 'expired' })),
    );
    expect((await storedSlot(database.durableDb, made.slot._id)).ops).toHaveLength(1);
  });

  it('replaces no live code as expired: 5 s early', async () => {
    const one = new SlotInstance(database.durableDb);
    const made = aCreate({ ttlMs: 4_900 });
    await one.create(made);
    one.skewMs = 5_000;
    expect(await one.create(another(made, { whenPending: 'reject' }))).toEqual({
      kind: 'pending',
      verificationId: made.record.id,
    });
    expect(writesOf(one, made.slot._id)).toBe(2);
    const { current, past } = await storedSlot(database.durableDb, made.slot._id);
    expect([current.id, current.status, past]).toEqual([made.record.id, 'pending', []]);
    expect(await one.check(made.slot._id, aCheck(made))).toEqual({ kind: 'approved' });
  });

  it('asks the database for its opinion only where it is a close thing', async () => {
    const one = new SlotInstance(database.durableDb);
    const [far, close] = [aCreate(), aCreate({ ttlMs: 10_000 })];
    const guards = async (made: CreateCommand) => {
      await one.create(made);
      await one.check(made.slot._id, aCheck(made));
      return one.store.writes.at(-1)![0]!.q['$expr'];
    };
    expect(await guards(far)).toBeUndefined();
    expect(await guards(close)).toEqual({ $lt: ['$$NOW', '$current.expiresAt'] });
  });
});
