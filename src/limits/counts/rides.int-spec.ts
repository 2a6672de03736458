import { aCheck, aCreate } from '../../../test/builders/slot-commands.builder';
import { chargedSends } from '../../../test/support/charged-sends';
import { aSend, onlyLimits, stopInstances } from '../../../test/support/limits-instance';
import { useDatabase } from '../../../test/support/mongo';
import { passOn, storedSlot, type Script } from '../../../test/support/slot-instance';
import { mongo as driver } from 'mongoose';
import type { CreateCommand } from '../../otp/slots/rules/create';
import { LIMIT_LOG } from '../log/limit-log.repository';

const mongo = useDatabase();
afterEach(async () => {
  await stopInstances();
  await mongo.durableDb.collection(LIMIT_LOG).deleteMany({});
});

const anInstance = () => chargedSends(mongo.durableDb);
const pages = () => mongo.durableDb.collection<{ _id: number; n: number }>(LIMIT_LOG);
const stored = (command: CreateCommand) => storedSlot(mongo.durableDb, command.slot._id);
const limited = (max: number, over: object = {}) =>
  aSend({ settings: onlyLimits({ l: { by: ['number'], max, windowSeconds: 3_600 } }), ...over });
const reset = (): Error => new driver.MongoNetworkError('connection reset');

/** Counted by an instance that has read the log and nothing else. */
const onRecord = async (call: Parameters<typeof aSend>[0]) => (await anInstance()).count(aSend(call));

describe('a charge that goes with its send', () => {
  it('is in the same command, before the slot, and everybody sees it', async () => {
    const one = await anInstance();
    one.beQuiet();
    const { appends } = one.store;
    const call = limited(5);
    for (let n = 0; n < 3; n++) expect(await one.send(call)).toBe('started');
    expect(one.store.appends).toBe(appends);
    const [first] = one.slots.store.writes;
    expect(first?.map(({ q }) => typeof q['_id'])).toEqual(['number', 'string']);
    expect(await one.count(call)).toBe(3);
    expect(await onRecord(call)).toBe(3);
  });

  // Catches: a charge that is added whatever stands before it (without `n` in its filter), and a slot that is written
  // although its charge was not (`ordered: false`): both instances would send.
  it('is judged by all that stands before it: of two instances, one gets the last place', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    for (let round = 0; round < 5; round++) {
      const call = limited(1, { number: `+3460012345${round}` });
      one.beQuiet();
      other.beQuiet();
      const commands = [aCreate(), aCreate()] as const;
      const answers = await Promise.all([one.send(call, commands[0]), other.send(call, commands[1])]);
      expect(answers.sort()).toEqual(['refused', 'started']);
      const slots = await pages().countDocuments({
        _id: { $in: commands.map(({ slot }) => slot._id) },
      } as object);
      expect(slots).toBe(1);
    }
  });

  // Catches: reservations that count neither when they are made nor when they board, so that a burst slips in between.
  it('counts here before it is on record', async () => {
    const one = await anInstance();
    one.beQuiet();
    const answers = await Promise.all(Array.from({ length: 20 }, () => one.send(limited(7))));
    expect(answers.filter((answer) => answer === 'started')).toHaveLength(7);
    expect(await onRecord(limited(7))).toBe(7);
  });

  it('hurts no neighbour when it is left behind', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    const made = aCreate();
    await one.send(limited(5), made);
    one.beQuiet();
    await other.send(limited(5));
    const [checked, sent, refused] = await Promise.all([
      one.slots.check(made.slot._id, aCheck(made)),
      one.send(limited(3)),
      one.send(limited(2)),
    ]);
    expect([checked.kind, sent, refused]).toEqual(['approved', 'started', 'refused']);
    expect((await stored(made)).current.checksUsed).toBe(1);
  });

  // Catches: nobody looks again at what stands behind a refused insertion (without `settle` of what was run).
  it('goes on behind an insertion that meets a slot', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    one.beQuiet();
    // By now creates are guessed to be the first of their slots.
    await Promise.all(Array.from({ length: 60 }, () => one.send(limited(99))));
    const taken = aCreate();
    await other.slots.create(taken);
    // The first goes alone, the others together.
    const commands = [undefined, taken.slot._id, undefined, undefined].map((slotId) =>
      aCreate({ ...(slotId ? { slotId } : {}), whenPending: 'replace' }),
    );
    const answers = await Promise.all(commands.map((command) => one.send(limited(99), command)));
    expect(answers).toEqual(commands.map(() => 'started'));
    for (const command of commands) expect((await stored(command)).current.id).toBe(command.record.id);
    expect(await onRecord(limited(99))).toBe(64);
  });

  it('is not on record when nothing was sent, and given back when it was', async () => {
    const one = await anInstance();
    const slotId = aCreate().slot._id;
    const call = limited(5);
    await one.send(call, aCreate({ slotId }));
    one.beQuiet();
    const again = aCreate({ slotId, whenPending: 'reject' });
    expect(await one.send(call, again)).not.toBe('started');
    expect(await one.count(call)).toBe(1);
    await one.log.beforeApplicationShutdown();
    expect(await onRecord(call)).toBe(1);
  });

  it('goes on over pages', async () => {
    const one = await anInstance();
    one.beQuiet();
    const wide = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `l${i}`,
        { by: ['number' as const], max: 999, windowSeconds: 60 + i },
      ]),
    );
    const call = aSend({ settings: onlyLimits(wide) });
    for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 20 }, () => one.send(call)));
    const count = await pages().countDocuments({ _id: { $type: 'number' } } as object);
    expect(count).toBeGreaterThan(1);
    expect(await one.count(call)).toBe(200);
    expect(await onRecord(call)).toBe(200);
  });

  // Catches: a page that is made anew in the middle (without `$setOnInsert`), and holds less than it says.
  it('does not go into a page that is gone', async () => {
    const one = await anInstance();
    await one.send(limited(5));
    one.beQuiet();
    await pages().deleteMany({ _id: { $type: 'number' } } as object);
    expect(await one.send(limited(5))).toBe('started');
    expect(await one.send(limited(5))).toBe('started');
    expect(await onRecord(limited(5))).toBe(2);
  });

  const lost: [string, Script][] = [
    ['was written', async (...it) => (await passOn(...it), Promise.reject(reset()))],
    ['was not', () => Promise.reject(reset())],
  ];
  it.each(lost)('whose answer was lost, and it %s: limits are not passed', async (what, script) => {
    const one = await anInstance();
    one.beQuiet();
    one.slots.store.scripts.push(script);
    const answers = [await one.send(limited(3)).catch(() => 'unknown')];
    for (let n = 0; n < 4; n++) answers.push(await one.send(limited(3)));
    const isWritten = what === 'was written';
    expect(answers).toEqual(
      isWritten
        ? ['started', 'started', 'started', 'refused', 'refused']
        : ['unknown', 'started', 'started', 'started', 'refused'],
    );
    expect(await onRecord(limited(3))).toBe(3);
  });
});
