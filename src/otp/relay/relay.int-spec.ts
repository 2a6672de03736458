import { mongo } from 'mongoose';
import { newId } from '../../common/ids';
import type { AuditEvent } from '../../audit/audit-event';
import { useDatabase } from '../../../test/support/mongo';
import { SlotWorld } from '../../../test/support/slot-world';
import { MAX_TOMBSTONES } from './relay-plan';
import { RelayService } from './relay.service';

describe('the drain', () => {
  const test = useDatabase();
  let world: SlotWorld;
  let drain: RelayService;

  beforeAll(async () => {
    world = await SlotWorld.open(test);
    drain = drainOf(world);
  });
  beforeEach(() => world.clear());

  it('copies events in order and the state, then leaves nothing in the slot but what lives', async () => {
    const id = await world.create('s');
    await world.check('s', id, '000000');
    await world.check('s', id, '111111');
    await drain.drain();
    expect(await world.logged()).toMatchObject([
      { _id: `${id}.000001`, pos: 1, type: 'created', applicationId: 'app', purpose: 'default', seq: 1 },
      { _id: `${id}.000002`, pos: 2, type: 'check_failed', to: '+44*********00', actor: 'key:test' },
      { _id: `${id}.000003`, pos: 3, type: 'approved', verificationId: id },
    ]);
    expect(await world.copies()).toMatchObject([{ _id: id, status: 'approved', seq: 3, checksUsed: 2 }]);
    expect(await world.slot('s')).toMatchObject({ pendingAudit: [], current: { id } });
  });

  it('never copies the code, its MAC, a lease or the digest of a transaction', async () => {
    const id = await world.create('s', { transaction: 'x' });
    await drain.drain();
    const [copy] = await world.copies();
    for (const field of ['mac', 'sealed', 'transactionDigest', 'masked'])
      expect(copy).not.toHaveProperty(field);
    expect(copy!.deliveries[0]).not.toHaveProperty('lease');
    expect(copy!.personal).toBeInstanceOf(mongo.Binary);
    expect(copy!._id).toBe(id);
  });

  it('updates a past verification by its late result before it becomes a tombstone', async () => {
    const old = await world.create('s');
    await world.create('s');
    await drain.drain();
    expect((await world.slot('s')).past[0]).not.toHaveProperty('tombstone');
    await world.report('s', old);
    await drain.drain();
    expect((await world.slot('s')).past).toMatchObject([{ id: old, status: 'superseded', tombstone: true }]);
    const copy = (await world.copies()).find((one) => one._id === old);
    expect(copy).toMatchObject({ status: 'superseded', deliveries: [{ state: 'accepted' }] });
  });

  it('moves what waits outside the slots', async () => {
    const events = [1, 2, 3].map(() => keyCreated());
    for (const event of events) await world.inbox.add(event);
    await drain.drain();
    expect((await world.logged()).map((entry) => entry._id)).toEqual(events.map((event) => event.id));
    expect(await world.log.waiting(10)).toEqual([]);
  });

  it('does nothing when nothing is due', async () => {
    expect(await drain.drain()).toEqual({ full: false, oldest: null });
  });

  it('bounds the tombstones of a slot, and erases what it then can no longer time', async () => {
    const id = await world.create('s');
    await drain.drain();
    const copy = (await world.history.find('app', id))!;
    const ids = Array.from({ length: MAX_TOMBSTONES + 2 }, (_, n) => `old-${String(n).padStart(3, '0')}`);
    await world.history.save(ids.map((old) => ({ ...copy, id: old })));
    await world.putTombstones('s', ids);
    await world.check('s', id, '000000');
    await drain.drain();
    const slot = await world.slot('s');
    expect(slot.past.map((entry) => entry.id)).toEqual(ids.slice(2));
    expect(slot.ids).toEqual([...ids.slice(2), id]);
    const erased = (await world.copies()).filter((one) => one.personal === null);
    expect(erased.map((one) => one._id)).toEqual(ids.slice(0, 2));
  });

  describe('crashes', () => {
    const steps = [
      'waiting',
      'append',
      'save',
      'update',
      'erasePersonal',
      'markChanged',
      'settle',
      'forgetWaiting',
    ] as const;
    const cases = steps.flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]);

    // Catches: settling before the log or the read model is durable; appending without ids of its own.
    it.each(cases)('at %s, %s it is done: each event once, nothing lost', async (step, when) => {
      await someHistory(world, 3);
      await world.inbox.add(keyCreated());
      const crashing = drainOf(world, {
        [when]: async (name: string) => {
          if (name === step) throw new Error('crash');
        },
      });
      await expect(crashing.drain()).rejects.toThrow('crash');
      await someHistory(world, 2);
      await drain.drain();
      await drain.drain();
      await expectComplete(world);
      expect((await world.logged()).filter((entry) => entry.type === 'key_created')).toHaveLength(1);
    });

    // Catches: settling the slots before the hours are marked: the last change would never be counted.
    it.each(['before', 'after'] as const)('%s hours are marked: they are marked in the end', async (when) => {
      await someHistory(world, 1);
      const crashing = drainOf(world, {
        [when]: async (name: string) => {
          if (name === 'markChanged') throw new Error('crash');
        },
      });
      await expect(crashing.drain()).rejects.toThrow('crash');
      await drain.drain();
      const hours = await world.history.changedHours({ applicationId: 'app' }, 10);
      expect(hours).not.toEqual([]);
      for (const hour of hours) await world.history.tallied(hour, 0);
      await drain.drain();
      expect(await world.history.countChangedHours({})).toBe(0);
    });

    it('between two entries of the log: the rest follows, in order', async () => {
      await someHistory(world, 2);
      const slots = await world.slots.undrained(await world.slots.now(), 500);
      const [first] = slots.flatMap((slot) => slot.pendingAudit);
      const id = `${first!.verificationId}.000001`;
      await world.log.append([{ ...keyCreated(), id }]);
      await drain.drain();
      await expectComplete(world);
    });
  });

  describe('two at once', () => {
    // Catches: settling by "all" instead of by what was read; a snapshot without its `seq` guard.
    it('a paused drain that wakes up late adds nothing twice and takes nothing back', async () => {
      await someHistory(world, 3);
      const gate = withGate();
      const paused = drainOf(world, {
        before: (name) => (['append', 'save', 'update'].includes(name) ? gate.closed : Promise.resolve()),
      });
      const live = await world.create('live');
      const late = paused.drain();
      await gate.reached;
      await world.check('live', live, '000000');
      await someHistory(world, 2);
      await drain.drain();
      const copies = await world.copies();
      gate.open();
      await late;
      await expectComplete(world);
      expect(await world.copies()).toEqual(copies);
    });

    it('a settle that comes late leaves alone what was queued since', async () => {
      const id = await world.create('s');
      const gate = withGate();
      const paused = drainOf(world, {
        before: (name) => (name === 'settle' ? gate.closed : Promise.resolve()),
      });
      const late = paused.drain();
      await gate.reached;
      await world.check('s', id, '000000');
      gate.open();
      await late;
      expect((await world.slot('s')).pendingAudit).toMatchObject([{ type: 'check_failed', seq: 2 }]);
      await drain.drain();
      await expectComplete(world);
    });

    it('many rounds beside a stream of operations', async () => {
      let busy = true;
      const work = (async () => {
        for (let i = 0; i < 15; i++) await someHistory(world, 2);
        busy = false;
      })();
      const loop = async () => {
        while (busy) await drainOf(world).drain();
      };
      await Promise.all([work, loop(), loop(), loop()]);
      await drain.drain();
      await expectComplete(world);
    });
  });
});

/** A few slots with everything that leaves events: creates over each other, wrong and right guesses, results. */
async function someHistory(world: SlotWorld, slots: number): Promise<void> {
  for (let n = 0; n < slots; n++) {
    const slotId = `slot-${n}`;
    const first = await world.create(slotId);
    await world.check(slotId, first, '000000');
    const second = await world.create(slotId);
    await world.report(slotId, first);
    await world.report(slotId, second);
    await world.check(slotId, second, '111111');
  }
}

/** Every event of every verification exactly once and in order, positions dense, copies at the last version. */
async function expectComplete(world: SlotWorld): Promise<void> {
  const log = await world.logged();
  expect(log.map((entry) => entry.pos)).toEqual(log.map((_, index) => index + 1));
  const copies = await world.copies();
  for (const copy of copies) {
    const own = log.filter((entry) => entry._id.startsWith(`${copy._id}.`));
    expect(own.map((entry) => entry._id.slice(-6))).toEqual(
      Array.from({ length: copy.seq }, (_, index) => String(index + 1).padStart(6, '0')),
    );
  }
  expect(new Set(log.flatMap((entry) => entry.verificationId ?? [])).size).toBe(copies.length);
  expect(await world.slots.undrained(await world.slots.now(), 500)).toEqual([]);
  expect(await world.log.waiting(10)).toEqual([]);
}

const keyCreated = (): AuditEvent => ({
  id: newId(),
  type: 'key_created',
  applicationId: 'app',
  verificationId: null,
  seq: null,
  at: new Date(),
  actor: 'admin',
  purpose: null,
  to: null,
  data: {},
});

interface Interruptions {
  before?: (step: string) => Promise<void>;
  after?: (step: string) => Promise<void>;
}

/** A drain on the real collections whose steps can be interrupted. */
function drainOf(world: SlotWorld, interruptions: Interruptions = {}): RelayService {
  return new RelayService(
    interrupted(world.slots, interruptions),
    interrupted(world.log, interruptions),
    interrupted(world.history, interruptions),
  );
}

function interrupted<T extends object>(target: T, { before, after }: Interruptions): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await before?.(String(name));
        const result: unknown = await Reflect.apply(value, target, args);
        await after?.(String(name));
        return result;
      };
    },
  });
}

function withGate() {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  return {
    open: () => open(),
    reached,
    get closed() {
      arrive();
      return opened;
    },
  };
}
