import fc from 'fast-check';
import { aDelivery, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import { isTombstone, type Slot, type SlotEvent, type Tombstone, type VerificationRecord } from '../../slot';
import { acknowledge, surplusTombstones, type Acknowledgement } from './acknowledge';

const DAY_MS = 86_400_000;
const LEASE_MS = 30_000;

const event = (seq: number, verificationId = 'v1', ms = 0): SlotEvent => ({
  type: seq === 1 ? 'created' : 'check_failed',
  verificationId,
  seq,
  at: at(ms),
  actor: 'key:test',
  to: '+44*********00',
  data: {},
});
const tombstone = (id: string, endedAt = 0): Tombstone => ({
  id,
  status: 'superseded',
  endedAt: at(endedAt),
  tombstone: true,
});
const { lease: _lease, ...unleased } = aDelivery({ state: 'accepted' });
const ended = (overrides: Partial<VerificationRecord> = {}): VerificationRecord => {
  const { mac: _mac, sealed: _sealed, ...rest } = aRecord({ id: 'old', deliveries: [unleased], seq: 2 });
  return { ...rest, status: 'approved', endedAt: at(10), ...overrides };
};

/** What a relay that has just read this slot would acknowledge. */
const everythingOf = ({ outbox, past, current }: Slot): Acknowledgement => ({
  events: outbox.map(({ verificationId, seq }) => ({ verificationId, seq })),
  copied: [...past.filter((one): one is VerificationRecord => !isTombstone(one)), current].map(
    ({ id, seq, rev = 0 }) => ({ id, seq, rev }),
  ),
  dropped: surplusTombstones(past),
});
const after = (slot: Slot, command: Acknowledgement, now: Date): Slot =>
  acknowledge(slot, command, now).next ?? slot;
const nothing: Acknowledgement = { events: [], copied: [], dropped: [] };

describe('acknowledge', () => {
  it('knows of no slot', () => {
    expect(acknowledge(null, nothing, at(0))).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('removes the events that are named, and no other', () => {
    const slot = aSlot({ outbox: [event(1), event(2), event(1, 'other')] });
    const { outcome, next } = acknowledge(slot, { ...nothing, events: [event(1)] }, at(5));
    expect(outcome).toEqual({ kind: 'acknowledged' });
    expect(next!.outbox).toEqual([event(2), event(1, 'other')]);
    expect(next).toMatchObject({ current: slot.current, past: slot.past });
    expect(next).not.toHaveProperty('purgeAt');
  });

  // Catches: acknowledging "all" instead of what was read.
  it('leaves what came after the read', () => {
    const read = aSlot({ outbox: [event(1)] });
    const later = {
      ...read,
      outbox: [event(1), event(2)],
      current: aRecord({ seq: 2, rev: 1, uncopiedAt: at(3) }),
    };
    const next = after(later, everythingOf(read), at(5));
    expect(next.outbox).toEqual([event(2)]);
    expect(next.current).toBe(later.current);
  });

  it.each([
    ['the version', { seq: 2, rev: 3 }, true],
    ['an older one', { seq: 2, rev: 2 }, false],
    ['one with fewer events', { seq: 1, rev: 3 }, false],
    ['a newer one, which another state of it had', { seq: 3, rev: 0 }, false],
  ])('takes the mark from a record when %s is stored', (_name, version, isTaken) => {
    const slot = aSlot({ current: aRecord({ seq: 2, rev: 3, uncopiedAt: at(1) }) });
    const next = after(slot, { ...nothing, copied: [{ id: 'v1', ...version }] }, at(5));
    expect('uncopiedAt' in next.current).toBe(!isTaken);
  });

  describe('past verifications', () => {
    const full = (past: Slot['past'], outbox: SlotEvent[] = []) => aSlot({ past, outbox });

    it('become tombstones once they are stored', () => {
      const slot = full([ended()]);
      const next = after(slot, everythingOf(slot), at(1_000));
      expect(next.past).toEqual([{ id: 'old', status: 'approved', endedAt: at(10), tombstone: true }]);
      expect(next.ids).toEqual(['old', 'v1']);
    });

    it('stay whole when they changed since they were stored', () => {
      const read = full([ended()], [event(2, 'old')]);
      const changed = full([ended({ seq: 3 })], [event(2, 'old'), event(3, 'old')]);
      const next = after(changed, everythingOf(read), at(1_000));
      expect(next.past).toEqual([ended({ seq: 3 })]);
      expect(next.outbox).toEqual([event(3, 'old')]);
    });

    it.each([
      ['while the lease runs', LEASE_MS - 1, true],
      ['in the last millisecond of the minute after it', LEASE_MS + 59_999, true],
      ['from then on', LEASE_MS + 60_000, false],
    ])('stay whole for a result that may still come: %s', (_name, ms, isWhole) => {
      const slot = full([ended({ deliveries: [aDelivery()], uncopiedAt: at(1) })]);
      const [past] = after(slot, everythingOf(slot), at(ms)).past;
      expect(isTombstone(past!)).toBe(!isWhole);
      expect(past).not.toHaveProperty('uncopiedAt');
    });

    it('are dropped as tombstones where they are named, and their ids with them', () => {
      const slot = full([tombstone('a'), tombstone('b'), ended()]);
      const next = after(slot, { ...nothing, dropped: ['a', 'old', 'v1'] }, at(20));
      expect(next.past).toEqual([tombstone('b'), ended()]);
      expect(next.ids).toEqual(['b', 'old', 'v1']);
    });

    it.each([
      ['200 tombstones', 200, []],
      ['202', 202, ['t0', 't1']],
    ])('are one too many from the oldest on: %s', (_name, count, surplus) => {
      const tombstones = Array.from({ length: count }, (_, n) => tombstone(`t${n}`));
      expect(surplusTombstones([ended(), ...tombstones])).toEqual(surplus);
    });
  });

  it.each([
    ['60 s', 59_999, 1, false],
    ['60 s', 60_000, 0, false],
    ['a day with an idempotency key', DAY_MS - 1, 1, true],
    ['a day with an idempotency key', DAY_MS, 0, true],
  ])('keeps operations that may be asked for: %s, at %d ms %d', (_name, ms, kept, isKeyed) => {
    const op = { op: 'a', outcome: 'wrong', at: at(0), ...(isKeyed ? { keyed: true as const } : {}) };
    const slot = aSlot({ ops: [op], outbox: [event(1)] });
    expect(after(slot, everythingOf(slot), at(ms)).ops).toHaveLength(kept);
  });

  describe('the end of a slot that nobody uses', () => {
    const rest = aSlot({ current: ended({ id: 'v1' }), outbox: [event(2)] });

    it('comes 30 days after what was the last', () => {
      expect(after(rest, everythingOf(rest), at(50)).purgeAt).toEqual(at(50 + 30 * DAY_MS));
    });

    // Catches: a slot that is deleted with a code in it that is still good, and with its failures.
    it('comes 30 days after a code that is still out there has expired', () => {
      const life = { expiresAt: at(30 * DAY_MS), policy: { ...aRecord().policy, ttlMs: 30 * DAY_MS } };
      const slot = aSlot({ current: aRecord(life), outbox: [event(1)] });
      expect(after(slot, everythingOf(slot), at(50)).purgeAt).toEqual(at(60 * DAY_MS));
    });

    it('does not move: nothing happened since', () => {
      const slot = after(rest, everythingOf(rest), at(50));
      expect(acknowledge(slot, everythingOf(rest), at(DAY_MS))).toEqual({ outcome: { kind: 'nothing' } });
    });

    it('is put right when a clock that was ahead has set it', () => {
      const slot = { ...rest, purgeAt: at(400 * DAY_MS) };
      expect(after(slot, everythingOf(slot), at(50)).purgeAt).toEqual(at(50 + 30 * DAY_MS));
    });

    it.each<[string, Partial<Slot>]>([
      ['an event waits', { outbox: [event(2), event(3)] }],
      ['a change waits', { current: ended({ id: 'v1', rev: 1, uncopiedAt: at(1) }) }],
      ['a past verification is still whole', { past: [ended({ deliveries: [aDelivery()] })] }],
      ['the recipient is locked for good', { failures: 100 }],
      ['strangers are locked out for good', { failures: 90, devices: ['d'] }],
    ])('does not come while %s', (_name, state) => {
      const slot = { ...rest, ...state, purgeAt: at(1) };
      const copied = slot.past.length > 0 ? everythingOf(slot).copied : [];
      const next = after(slot, { events: [event(2)], copied, dropped: [] }, at(50));
      expect(next).not.toHaveProperty('purgeAt');
    });

    it('comes for a recipient with 99 failures', () => {
      const slot = { ...rest, failures: 99 };
      expect(after(slot, everythingOf(slot), at(50))).toHaveProperty('purgeAt');
    });
  });

  it('keeps what it does not change as it is, so that the writer leaves it alone', () => {
    const slot = aSlot({
      past: [tombstone('a')],
      outbox: [event(1)],
      ops: [{ op: 'a', outcome: 'x', at: at(0) }],
    });
    const next = after(slot, everythingOf(slot), at(5));
    for (const part of ['current', 'past', 'ids', 'ops', 'sends'] as const)
      expect(next[part]).toBe(slot[part]);
  });

  describe('over any state', () => {
    const records = (id: string) =>
      fc
        .record({
          seq: fc.integer({ min: 1, max: 3 }),
          rev: fc.integer({ min: 1, max: 2 }),
          marked: fc.boolean(),
          open: fc.boolean(),
        })
        .map(({ seq, rev, marked, open }) =>
          ended({
            id,
            seq,
            rev,
            deliveries: [open ? aDelivery() : unleased],
            ...(marked ? { uncopiedAt: at(1) } : {}),
          }),
        );
    const ids = ['a', 'b', 'v1'] as const;
    const slots = fc
      .record({
        past: fc.tuple(
          fc.oneof(records('a'), fc.constant(tombstone('a'))),
          fc.oneof(records('b'), fc.constant(tombstone('b'))),
        ),
        current: records('v1'),
        outbox: fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 3 })), {
          selector: ([id, seq]) => `${id}.${seq}`,
        }),
        failures: fc.constantFrom(0, 100),
      })
      .map(({ outbox, ...rest }) => aSlot({ ...rest, outbox: outbox.map(([id, seq]) => event(seq, id)) }));
    /** Read at another time, so of another state. */
    const commands = slots.map((slot) => ({
      ...everythingOf(slot),
      dropped: slot.past.filter(isTombstone).map(({ id }) => id),
    }));
    const times = fc.integer({ min: 0, max: 200_000 }).map(at);

    it('twice is once', () => {
      fc.assert(
        fc.property(slots, commands, times, (slot, command, now) => {
          const once = after(slot, command, now);
          expect(acknowledge(once, command, now)).toEqual({ outcome: { kind: 'nothing' } });
        }),
      );
    });

    it('never takes away what it was not told', () => {
      fc.assert(
        fc.property(slots, commands, times, (slot, command, now) => {
          const next = after(slot, command, now);
          const isTold = (id: string, seq: number): boolean =>
            command.events.some((one) => one.verificationId === id && one.seq === seq);
          expect(next.outbox).toEqual(
            slot.outbox.filter(({ verificationId, seq }) => !isTold(verificationId, seq)),
          );
          for (const record of [...slot.past, slot.current]) {
            const isKnown = command.copied.some(
              ({ id, seq, rev }) =>
                'seq' in record && id === record.id && seq === record.seq && rev === (record.rev ?? 0),
            );
            const isDropped = isTombstone(record) && command.dropped.includes(record.id);
            const left = [...next.past, next.current].find(({ id }) => id === record.id);
            if (!isKnown && !isDropped) expect(left).toBe(record);
          }
        }),
      );
    });
  });
});
