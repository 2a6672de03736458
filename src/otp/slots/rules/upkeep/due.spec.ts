import fc from 'fast-check';
import { aDelivery, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { DeliveryRecord, PastRecord, Slot, SlotEvent, VerificationRecord } from '../../slot';
import { expire } from '../expire';
import { dueAt, dueWork, workOf, type Work } from './due';
import { erase } from './erase';

const DAY_MS = 86_400_000;
const event = (ms: number): SlotEvent => ({
  type: 'created',
  verificationId: 'v1',
  seq: 1,
  at: at(ms),
  actor: 'key:test',
  to: '+44*********00',
  data: {},
});
const { lease: _lease, ...sent } = aDelivery({ state: 'accepted' });
/** Pending, and its text is out. */
const quiet = (overrides: Partial<VerificationRecord> = {}) => aRecord({ deliveries: [sent], ...overrides });
const ended = (overrides: Partial<VerificationRecord> = {}) =>
  quiet({ status: 'approved', endedAt: at(10), ...overrides });
const erased = { personal: null };
const tombstone = (id: string, ms: number): PastRecord => ({
  id,
  status: 'failed',
  endedAt: at(ms),
  tombstone: true,
});
const leased = (id: string, ms: number): DeliveryRecord =>
  aDelivery({ id, lease: { owner: 'me', n: 1, until: at(ms) } });
const claim = (verificationId: string, deliveryId: string, ms: number): Work => ({
  kind: 'claim',
  at: at(ms),
  verificationId,
  deliveryId,
});
const EXPIRE: Work = { kind: 'expire', at: at(600_000) };

describe('the work on a slot', () => {
  it.each<[what: string, slot: Partial<Slot>, work: Work[]]>([
    ['is its expiry, while it is pending', { current: quiet() }, [EXPIRE]],
    ['is a claim at the end of a lease', { current: aRecord() }, [claim('v1', 'd1', 30_000), EXPIRE]],
    [
      'is a claim for each lease',
      { current: aRecord({ deliveries: [leased('a', 5), sent, leased('b', 6)] }) },
      [claim('v1', 'a', 5), claim('v1', 'b', 6), EXPIRE],
    ],
    [
      'is the next gateway or channel when its time comes',
      { current: quiet({ followAt: at(60_000) }) },
      [{ kind: 'follow-up', at: at(60_000), verificationId: 'v1' }, EXPIRE],
    ],
    ['is none of these after the end', { current: ended({ ...erased, followAt: at(60_000) }) }, []],
    [
      'is the erasure of personal data a day after the end',
      { current: ended() },
      [{ kind: 'erase', at: at(DAY_MS + 10), verificationId: 'v1' }],
    ],
    [
      'is a claim after the end too: somebody has to give the delivery up',
      { current: ended({ ...erased, deliveries: [leased('a', 5)] }) },
      [claim('v1', 'a', 5)],
    ],
    [
      'is a claim beside the erasure of personal data',
      { current: ended({ deliveries: [leased('a', 5)] }) },
      [claim('v1', 'a', 5), { kind: 'erase', at: at(DAY_MS + 10), verificationId: 'v1' }],
    ],
    [
      'is a claim for a past verification that is still whole',
      { current: ended(erased), past: [ended({ id: 'old', deliveries: [leased('a', 5)] })] },
      [claim('old', 'a', 5)],
    ],
    [
      'is the removal of a tombstone a day after the end, not after its making',
      { current: ended(erased), past: [tombstone('x', 3), tombstone('y', 4)] },
      [
        { kind: 'erase', at: at(DAY_MS + 3), verificationId: 'x' },
        { kind: 'erase', at: at(DAY_MS + 4), verificationId: 'y' },
      ],
    ],
    [
      'is the relay of the oldest event, five seconds later',
      { current: ended(erased), outbox: [event(9), event(7), event(8)] },
      [{ kind: 'relay', at: at(5_007) }],
    ],
    [
      'is the relay of what left no event',
      { current: ended({ ...erased, uncopiedAt: at(4) }), outbox: [event(9)] },
      [{ kind: 'relay', at: at(5_004) }],
    ],
    [
      'is the relay of a past verification',
      { current: ended(erased), past: [ended({ id: 'old', uncopiedAt: at(3) })] },
      [{ kind: 'relay', at: at(5_003) }],
    ],
  ])('%s', (_, overrides, work) => {
    const slot = aSlot(overrides);
    expect(workOf(slot)).toEqual(expect.arrayContaining(work));
    expect(workOf(slot)).toHaveLength(work.length);
  });

  it('is nothing when nothing is left, and then there is no moment for it', () => {
    expect(dueAt(aSlot({ current: ended(erased) }))).toBeUndefined();
  });

  it('is due from its moment on, not a millisecond before', () => {
    const slot = aSlot({ current: quiet() });
    expect([dueWork(slot, at(599_999)), dueWork(slot, at(600_000))]).toEqual([[], [EXPIRE]]);
  });
});

const moment = fc.integer({ min: 0, max: 2 * DAY_MS }).map(at);
const delivery = fc
  .option(moment)
  .map((until) => (until ? aDelivery({ lease: { owner: 'me', n: 1, until } }) : sent));
const deliveries = fc.array(delivery, { maxLength: 3 });
const whole = (id: string) =>
  fc
    .record({
      status: fc.constantFrom('pending' as const, 'approved' as const, 'expired' as const),
      when: moment,
      deliveries,
      hasPersonal: fc.boolean(),
      followAt: fc.option(moment, { nil: undefined }),
      uncopiedAt: fc.option(moment, { nil: undefined }),
    })
    .map(({ status, when, hasPersonal, followAt, uncopiedAt, ...rest }) =>
      aRecord({
        id,
        status,
        ...(status === 'pending' ? { expiresAt: when } : { endedAt: when }),
        ...(hasPersonal ? {} : erased),
        ...(followAt ? { followAt } : {}),
        ...(uncopiedAt ? { uncopiedAt } : {}),
        ...rest,
      }),
    );
const anySlot = fc
  .record({
    current: whole('v1'),
    old: fc.option(whole('old').map((record) => ({ ...record, status: 'failed' as const, endedAt: at(1) }))),
    gone: fc.option(moment),
    events: fc.array(moment, { maxLength: 3 }),
  })
  .map(({ current, old, gone, events }) =>
    aSlot({
      current,
      past: [
        ...(gone ? [{ id: 'gone', status: 'failed', endedAt: gone, tombstone: true } as const] : []),
        ...(old ? [old] : []),
      ],
      outbox: events.map((when) => ({ ...event(0), at: when })),
    }),
  );

describe('of any slot', () => {
  it('the moment is that of its first work, and nothing is due before', () => {
    fc.assert(
      fc.property(anySlot, (slot) => {
        const first = dueAt(slot);
        const times = workOf(slot).map(({ at: when }) => when.getTime());
        expect(first?.getTime() ?? Infinity).toBe(Math.min(...times));
        if (!first) return;
        expect(dueWork(slot, new Date(first.getTime() - 1))).toEqual([]);
        expect(dueWork(slot, first)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('what is due at a moment are exactly the pieces whose own moment has come', () => {
    fc.assert(
      fc.property(anySlot, moment, (slot, now) => {
        const isDue = new Set(dueWork(slot, now));
        expect(isDue.size).toBe(workOf(slot).filter(({ at: when }) => when <= now).length);
        for (const { at: when } of isDue) expect(when.getTime()).toBeLessThanOrEqual(now.getTime());
      }),
      { numRuns: 200 },
    );
  });

  // Catches: a job that finds a slot again and again and can do nothing with it, and one that comes too early.
  it('expiry is due exactly when the rule for it does something', () => {
    fc.assert(
      fc.property(anySlot, moment, (slot, now) => {
        const isDue = dueWork(slot, now).some(({ kind }) => kind === 'expire');
        expect(expire(slot, { actor: 'job:expiry' }, now).next !== undefined).toBe(isDue);
      }),
      { numRuns: 300 },
    );
  });

  it('erasure is never done before it is due', () => {
    fc.assert(
      fc.property(anySlot, moment, (slot, now) => {
        const due = dueWork(slot, now).flatMap((work) =>
          work.kind === 'erase' ? [work.verificationId] : [],
        );
        const others = slot.ids.filter((id) => !due.includes(id));
        const { next } = erase(slot, { verificationIds: others }, now);
        const kept = [...(next ?? slot).past, (next ?? slot).current].map(({ id }) => id);
        expect(kept).toEqual(slot.ids);
        expect((next ?? slot).current.personal).toEqual(slot.current.personal);
      }),
      { numRuns: 300 },
    );
  });
});
