import { Logger } from '@nestjs/common';
import { mongo } from 'mongoose';
import { useDatabase } from '../../../test/support/mongo';
import { RelayWorld, type RelayProcess } from '../../../test/support/relay-process';
import type { Lease } from '../../common/mongo/lease.repository';
import { isTombstone, type VerificationRecord } from '../slots/slot';
import { relayJob } from './relay.job';

const test = useDatabase();
let world: RelayWorld;
beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await RelayWorld.open(test);
});
afterEach(() => world.clear());

describe('the relay', () => {
  it('copies events and the state, then leaves nothing in the slot but what lives', async () => {
    const here = world.start();
    const id = await here.create('s');
    await here.check('s', id, false);
    await here.check('s', id, true);
    await here.relay.flush();
    expect(await world.logged()).toMatchObject([
      { _id: `${id}.000001`, type: 'created', applicationId: 'app', purpose: 'default', seq: 1 },
      { _id: `${id}.000002`, type: 'check_failed', to: '+44*********00', actor: 'key:test' },
      { _id: `${id}.000003`, type: 'approved', verificationId: id },
    ]);
    expect(await world.copies()).toMatchObject([{ _id: id, status: 'approved', seq: 3, checksUsed: 2 }]);
    expect(await world.slot('s')).toMatchObject({ outbox: [], current: { id } });
  });

  // Catches: a relay that asks the database for what this process has just written.
  it('reads no slot that this process has written', async () => {
    const here = world.start();
    await here.someStories(3);
    here.reads = 0;
    await here.relay.flush();
    expect(here.reads).toBe(0);
    await expectComplete();
  });

  it('copies no code, MAC, lease or digest, and personal data as bytes', async () => {
    const here = world.start();
    await here.create('s');
    await here.relay.flush();
    const [copy] = await world.copies();
    for (const field of ['mac', 'sealed', 'transactionDigest', 'masked', 'refunds'])
      expect(copy).not.toHaveProperty(field);
    expect(copy!.deliveries[0]).not.toHaveProperty('lease');
    expect(copy!.personal).toBeInstanceOf(mongo.Binary);
  });

  it('updates a past verification by its late result before it becomes a tombstone', async () => {
    const here = world.start();
    const old = await here.create('s');
    await here.create('s');
    await here.relay.flush();
    expect((await world.slot('s')).past.some(isTombstone)).toBe(false);
    await here.report('s', old);
    await here.relay.flush();
    expect((await world.slot('s')).past).toMatchObject([{ id: old, status: 'superseded', tombstone: true }]);
    const copy = (await world.copies()).find((one) => one._id === old);
    expect(copy).toMatchObject({ status: 'superseded', deliveries: [{ state: 'accepted' }] });
  });

  it('bounds the tombstones of a slot, and erases what it then can no longer time', async () => {
    const id = await world.start().create('s');
    const here = world.start();
    await here.relayAll();
    const { _id, recipient = null, ...copy } = (await world.copies())[0]!;
    const ids = Array.from({ length: 202 }, (_, n) => `old-${String(n).padStart(3, '0')}`);
    await here.verifications.save(ids.map((old) => ({ ...copy, recipient, id: old })));
    await world.change('s', (slot) => {
      const past = ids.map(
        (old) => ({ id: old, status: 'superseded', endedAt: new Date(), tombstone: true }) as const,
      );
      return { ...slot, past, ids: [...ids, id] };
    });
    const other = world.start();
    await other.check('s', id, false);
    await other.relay.flush();
    const slot = await world.slot('s');
    expect(slot.past.map((entry) => entry.id)).toEqual(ids.slice(2));
    expect(slot.ids).toEqual([...ids.slice(2), id]);
    const erased = (await world.copies()).filter((one) => one.personal === null);
    expect(erased.map((one) => one._id)).toEqual(ids.slice(0, 2));
  });

  describe('a process that dies', () => {
    const steps = ['append', 'save', 'mark', 'erasePersonal', 'acknowledge'] as const;
    const cases = steps.flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]);

    // Catches: acknowledging before the log or the read model is durable; copies that are not idempotent.
    it.each(cases)('at %s, %s it is done, loses and doubles nothing', async (step, when) => {
      const dying = world.start({
        [when]: async (name: string) => {
          if (name === step) throw new Error('crash');
        },
      });
      await dying.someStories(3);
      await dying.relay.flush();
      await dying.kill();
      await world.start().someStories(2);
      const heir = world.start();
      await heir.relayAll();
      await heir.relayAll();
      await expectComplete();
      // Catches: acknowledging before the hours are marked: the last change would never be counted.
      expect(await heir.hours.countWaiting({ applicationId: 'app' })).toBeGreaterThan(0);
    });

    it('leaves what it had in memory to the relay job of another one, from 5 s on', async () => {
      const dying = world.start();
      await dying.someStories(2);
      await dying.kill();
      const heir = world.start();
      const job = relayJob(heir.slots, heir.relay);
      expect(await job.hasWork!()).toBe(false);
      expect(await job.run({} as Lease)).toEqual({ full: false, oldest: null });
      for (const id of ['slot-0', 'slot-1']) await world.age(id, 5_000);
      expect(await job.hasWork!()).toBe(true);
      expect(await job.run({} as Lease)).toMatchObject({ full: false, oldest: expect.any(Date) });
      await expectComplete();
      expect(await job.hasWork!()).toBe(false);
    });
  });

  describe('two at once', () => {
    // Catches: acknowledging "all" instead of what was read; a copy without its version's guard.
    it('a paused relay that wakes up late adds nothing twice and takes nothing back', async () => {
      const gate = withGate();
      const paused = world.start({
        before: (name) => (['append', 'save'].includes(name) ? gate.closed : Promise.resolve()),
      });
      await paused.someStories(3);
      const live = await paused.create('live');
      const late = paused.relay.flush();
      await gate.reached;
      const other = world.start();
      await other.check('live', live, false);
      await other.someStories(2);
      await other.relayAll();
      const before = await world.copies();
      gate.open();
      await late;
      await expectComplete();
      expect(await world.copies()).toEqual(before);
    });

    it('an acknowledgement that comes late leaves alone what was queued since', async () => {
      const gate = withGate();
      const paused = world.start({
        before: (name) => (name === 'acknowledge' ? gate.closed : Promise.resolve()),
      });
      const id = await paused.create('s');
      const late = paused.relay.flush();
      await gate.reached;
      const other = world.start();
      await other.check('s', id, false);
      gate.open();
      await late;
      expect((await world.slot('s')).outbox).toMatchObject([{ type: 'check_failed', seq: 2 }]);
      // The acknowledgement was the last write.
      await paused.relay.flush();
      await expectComplete();
    });

    // Catches: relaying what memory holds without a look at the version (the first would copy it too).
    it('whoever wrote last relays for both', async () => {
      const [first, last] = [world.start(), world.start()];
      const id = await first.create('s');
      await last.check('s', id, false);
      await first.relay.flush();
      expect(await world.logged()).toEqual([]);
      await last.relay.flush();
      await expectComplete();
    });

    it('the job relays for a process that wrote last and died', async () => {
      const [first, last] = [world.start(), world.start()];
      const id = await first.create('s');
      await last.check('s', id, false);
      await last.kill();
      await first.relay.flush();
      await first.relayAll();
      await expectComplete();
    });

    it('many rounds of three instances beside a stream of operations', async () => {
      let busy = true;
      const processes = [world.start(), world.start(), world.start()];
      const work = async (here: RelayProcess) => {
        for (let i = 0; i < 5; i++) await here.someStories(2);
      };
      const loop = async (here: RelayProcess) => {
        for (let n = 0; busy; n++) await (n % 2 ? here.relayAll() : here.relay.flush());
      };
      const loops = processes.map(loop);
      await Promise.all(processes.map(work));
      busy = false;
      await Promise.all(loops);
      await processes[0]!.relayAll();
      await expectComplete();
    });
  });
});

/** Every event of every verification exactly once, copies at the last version, nothing left in a slot. */
async function expectComplete(): Promise<void> {
  const log = await world.logged();
  const stored = await world.copies();
  expect(log.map(({ _id }) => _id)).toEqual(
    stored.flatMap(({ _id, seq }) =>
      Array.from({ length: seq }, (_, index) => `${_id}.${String(index + 1).padStart(6, '0')}`),
    ),
  );
  for (const { outbox, current, past } of await world.slots()) {
    expect(outbox).toEqual([]);
    const whole = [current, ...past.filter((one): one is VerificationRecord => !isTombstone(one))];
    for (const { id, seq, uncopiedAt } of whole) {
      expect(uncopiedAt).toBeUndefined();
      expect(stored.find(({ _id }) => _id === id)).toMatchObject({ seq });
    }
  }
}

function withGate() {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
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
