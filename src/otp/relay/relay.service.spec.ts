import { Logger } from '@nestjs/common';
import { aRecord, aSlot, at } from '../../../test/builders/slot-state.builder';
import type { RelayBatch, RelaySink } from './relay-sink';
import { RelayService } from './relay.service';
import { acknowledge, type Acknowledgement } from '../slots/rules/upkeep/acknowledge';
import type { Slot } from '../slots/slot';

const GATHER_MS = 300;

/** The slots in memory, by the rule that the real ones go by. A test decides when an acknowledgement is written. */
class FakeSlots {
  readonly slots = new Map<string, Slot>();
  private readonly listeners: ((slot: Slot) => void)[] = [];
  /** How many slots each look at the versions was for. */
  readonly looks: number[] = [];
  isDown = false;
  acknowledged: Promise<void> = Promise.resolve();

  onWritten(listener: (slot: Slot) => void): void {
    this.listeners.push(listener);
  }

  async unchanged(slots: readonly Slot[]): Promise<readonly Slot[]> {
    this.looks.push(slots.length);
    if (this.isDown) throw new Error('down');
    return slots.filter(({ _id, v }) => this.slots.get(_id)?.v === v);
  }

  /** Another process writes it: nobody here is told. */
  writeElsewhere(_id: string): void {
    const slot = this.slots.get(_id)!;
    this.slots.set(_id, { ...slot, v: slot.v + 1 });
  }

  async acknowledge(slotId: string, command: Acknowledgement): Promise<void> {
    await this.acknowledged;
    const slot = this.slots.get(slotId);
    const { next } = acknowledge(slot ?? null, command, at(0));
    if (slot && next) this.tell({ ...next, v: slot.v + 1 });
  }

  /** One more event in a slot. */
  write(_id: string): void {
    const slot = this.slots.get(_id) ?? aSlot({ _id, v: 0, current: aRecord({ id: `v-${_id}`, seq: 0 }) });
    const seq = slot.current.seq + 1;
    const { id } = slot.current;
    const event = {
      type: 'check_failed',
      verificationId: id,
      seq,
      at: at(0),
      actor: 'admin',
      to: '',
      data: {},
    } as const;
    this.tell({
      ...slot,
      v: slot.v + 1,
      current: { ...slot.current, seq },
      outbox: [...slot.outbox, event],
    });
  }

  waitingEvents(): number {
    return [...this.slots.values()].reduce((sum, { outbox }) => sum + outbox.length, 0);
  }

  private tell(slot: Slot): void {
    this.slots.set(slot._id, slot);
    for (const listener of this.listeners) listener(slot);
  }
}

class FakeSink implements RelaySink {
  readonly name = 'fake';
  readonly batches: RelayBatch[] = [];
  isDown = false;
  open: Promise<void> = Promise.resolve();

  async take(batch: RelayBatch): Promise<void> {
    this.batches.push(batch);
    await this.open;
    if (this.isDown) throw Object.assign(new Error('down'), { code: 91 });
  }

  get ids(): string[] {
    return this.batches.flatMap(({ events }) => events.map(({ id }) => id));
  }
}

describe('the relay from memory', () => {
  let slots: FakeSlots;
  let sink: FakeSink;
  let other: FakeSink;
  let relay: RelayService;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    jest.useFakeTimers();
    slots = new FakeSlots();
    [sink, other] = [new FakeSink(), new FakeSink()];
    relay = new RelayService(slots, [sink, other], { monotonic: () => performance.now() });
    relay.onModuleInit();
  });
  afterEach(() => jest.useRealTimers());

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('gathers for a moment, then gives one batch to all sinks, with one snapshot per verification', async () => {
    for (const id of ['a', 'a', 'b', 'a']) slots.write(id);
    await pass(GATHER_MS - 1);
    expect(sink.batches).toEqual([]);
    await pass(1);
    expect(sink.batches).toHaveLength(1);
    expect(other.batches).toEqual(sink.batches);
    expect(sink.ids).toEqual(['v-a.000001', 'v-a.000002', 'v-a.000003', 'v-b.000001']);
    expect(sink.batches[0]!.snapshots.map(({ id, seq }) => `${id}.${seq}`)).toEqual(['v-a.3', 'v-b.1']);
    expect(slots.waitingEvents()).toBe(0);
  });

  it('leaves to the next round what was written a moment before this one', async () => {
    slots.write('a');
    await pass(GATHER_MS - 149);
    slots.write('b');
    await pass(149);
    expect(sink.ids).toEqual(['v-a.000001']);
    await pass(GATHER_MS);
    expect(sink.ids).toEqual(['v-a.000001', 'v-b.000001']);
  });

  describe('beside other processes', () => {
    const writeMany = (n: number) => Array.from({ length: n }, (_, i) => slots.write(`s${i}`));

    it('looks at the versions of eight slots, and relays all when nobody else wrote those', async () => {
      writeMany(100);
      await pass(GATHER_MS);
      expect(slots.looks).toEqual([8]);
      expect(slots.waitingEvents()).toBe(0);
    });

    // Catches: relaying what somebody else has written since, and will relay.
    it('leaves alone what somebody else wrote last', async () => {
      writeMany(100);
      for (const id of ['s3', 's50', 's99']) slots.writeElsewhere(id);
      await pass(GATHER_MS);
      expect(slots.looks).toEqual([8, 100]);
      expect(sink.ids).toHaveLength(97);
      expect(slots.waitingEvents()).toBe(3);
      await pass(10_000);
      expect([sink.batches.length, relay.lagMs]).toEqual([1, 0]);
    });

    it('relays all when the versions cannot be read', async () => {
      slots.isDown = true;
      writeMany(10);
      slots.writeElsewhere('s3');
      await pass(GATHER_MS);
      expect(sink.ids).toHaveLength(10);
    });
  });

  it('takes 500 slots at a time, without a pause while there are more', async () => {
    for (let n = 0; n < 1_200; n++) slots.write(`s${n}`);
    await pass(GATHER_MS + 10);
    expect(sink.batches.map(({ events }) => events.length)).toEqual([500, 500]);
    await pass(GATHER_MS);
    expect(sink.batches).toHaveLength(3);
    expect(slots.waitingEvents()).toBe(0);
  });

  // Catches: acknowledging before every sink has it.
  it('tells the slots nothing before every sink has it', async () => {
    let open = (): void => undefined;
    other.open = new Promise((resolve) => (open = resolve));
    slots.write('a');
    await pass(GATHER_MS);
    expect([sink.batches.length, slots.waitingEvents()]).toEqual([1, 1]);
    slots.write('a');
    open();
    await pass(0);
    expect(slots.slots.get('a')!.outbox).toMatchObject([{ seq: 2 }]);
    await pass(GATHER_MS);
    expect(slots.waitingEvents()).toBe(0);
  });

  it('goes on while acknowledgements wait for a commit, four batches far', async () => {
    let open = (): void => undefined;
    slots.acknowledged = new Promise((resolve) => (open = resolve));
    for (let n = 0; n < 6; n++) {
      slots.write(`s${n}`);
      await pass(GATHER_MS);
    }
    expect(sink.batches).toHaveLength(4);
    open();
    await pass(2 * GATHER_MS);
    expect(sink.batches.length).toBeGreaterThan(4);
    expect(slots.waitingEvents()).toBe(0);
  });

  describe('a sink that fails for a while', () => {
    it('gets everything when it is back, and the others twice at most what they skip', async () => {
      sink.isDown = true;
      slots.write('a');
      await pass(GATHER_MS);
      slots.write('a');
      slots.write('b');
      await pass(20_000);
      expect(slots.waitingEvents()).toBe(3);
      // It backs off: 1, 2, 4, 8 s.
      expect(sink.batches).toHaveLength(5);
      sink.isDown = false;
      await pass(30_000);
      expect(slots.waitingEvents()).toBe(0);
      expect(new Set(sink.ids)).toEqual(new Set(['v-a.000001', 'v-a.000002', 'v-b.000001']));
    });

    // Catches: waiting for a command that the driver never answers; nothing would be relayed from memory any more.
    it('is asked again when it did not answer for 30 s', async () => {
      sink.open = new Promise(() => undefined);
      slots.write('a');
      await pass(GATHER_MS + 30_000);
      sink.open = Promise.resolve();
      expect(slots.waitingEvents()).toBe(1);
      await pass(1_000);
      expect([sink.batches.length, slots.waitingEvents()]).toEqual([2, 0]);
    });

    it('makes memory hold no more than 2,000 slots: the others are found by their due date', async () => {
      sink.isDown = true;
      for (let n = 0; n < 2_500; n++) slots.write(`s${n}`);
      await pass(10_000);
      sink.isDown = false;
      await pass(60_000);
      expect(slots.waitingEvents()).toBe(500);
    });

    it('does not keep what another instance has relayed meanwhile', async () => {
      sink.isDown = true;
      slots.write('a');
      await pass(GATHER_MS);
      const [a] = slots.slots.values();
      await slots.acknowledge('a', {
        events: a!.outbox,
        copied: [{ id: 'v-a', seq: 1, rev: 0 }],
        dropped: [],
      });
      sink.batches.length = 0;
      await pass(60_000);
      expect(sink.batches).toEqual([]);
      expect(relay.lagMs).toBe(0);
    });
  });

  it('forgets what a slot could not be told: the relay job finds it', async () => {
    slots.acknowledged = Promise.reject(new Error('unavailable'));
    slots.acknowledged.catch(() => undefined);
    slots.write('a');
    await pass(GATHER_MS);
    await pass(60_000);
    expect([sink.batches.length, slots.waitingEvents(), relay.lagMs]).toEqual([1, 1, 0]);
  });

  it('says how long the oldest waits, until its slot knows', async () => {
    let open = (): void => undefined;
    slots.acknowledged = new Promise((resolve) => (open = resolve));
    expect(relay.lagMs).toBe(0);
    slots.write('a');
    await pass(200);
    slots.write('b');
    expect(relay.lagMs).toBe(200);
    await pass(1_000);
    expect(relay.lagMs).toBe(1_200);
    open();
    await pass(0);
    expect(relay.lagMs).toBe(0);
  });

  describe('when the process goes down', () => {
    it('stores all that is in memory, at once', async () => {
      for (let n = 0; n < 700; n++) slots.write(`s${n}`);
      await relay.onApplicationShutdown();
      expect([sink.batches.length, slots.waitingEvents()]).toEqual([2, 0]);
    });

    it('waits 2 s for a sink that hangs', async () => {
      sink.open = new Promise(() => undefined);
      slots.write('a');
      let isDone = false;
      void relay.onApplicationShutdown().then(() => (isDone = true));
      await pass(1_999);
      expect(isDone).toBe(false);
      await pass(1);
      expect(isDone).toBe(true);
    });

    it('does not try a sink again that fails', async () => {
      sink.isDown = true;
      slots.write('a');
      await relay.onApplicationShutdown();
      await pass(60_000);
      expect(sink.batches).toHaveLength(1);
    });
  });

  it('relays what it is given by a job, and says when that failed', async () => {
    slots.write('a');
    sink.isDown = true;
    await expect(relay.relay([...slots.slots.values()])).rejects.toThrow('down');
    sink.isDown = false;
    await relay.relay([...slots.slots.values()]);
    expect(slots.waitingEvents()).toBe(0);
    await pass(GATHER_MS);
    expect(sink.batches).toHaveLength(2);
  });
});
