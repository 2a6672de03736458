import { aClaim, aFact, eventsOf, firstDelivery, told } from '../../../../../test/builders/delivery.builder';
import { aDelivery, anAttempt, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { DeliveryRecord, Slot, VerificationRecord } from '../../slot';
import { claim } from './claim';

const command = aClaim();
const slotOf = (record: Partial<VerificationRecord>): Slot => aSlot({ current: aRecord(record) });
const kindOf = (slot: Slot, ms: number): string => claim(slot, command, at(ms)).outcome.kind;
const nothing = { outcome: { kind: 'nothing' } };

describe('a delivery whose lease ran out', () => {
  it('is claimed from the end of its lease, never before', () => {
    const slot = aSlot();
    expect(claim(slot, command, at(29_999))).toEqual(nothing);
    const { outcome, next, relies } = claim(slot, command, at(30_000));
    expect([outcome.kind, relies]).toEqual(['claimed', 'alive']);
    expect(next).toEqual({
      ...slot,
      current: aRecord({
        deliveries: [aDelivery({ lease: { owner: 'other', n: 2, until: at(60_000) }, lostCalls: 1 })],
      }),
      ops: [{ op: 'c1', outcome: 'claimed', at: at(30_000) }],
    });
  });

  it.each<[string, Slot, number]>([
    ['its verification was approved', slotOf({ status: 'approved', endedAt: at(1) }), 30_000],
    ['its verification has expired', aSlot(), 600_000],
    ['less than a minute of life is left', aSlot(), 540_001],
  ])('is given up when %s', (_why, slot, ms) => {
    const { outcome, next } = claim(slot, command, at(ms));
    expect(outcome).toEqual({ kind: 'abandoned' });
    const given = { state: 'unknown', errorCode: 'lease_expired', lostCalls: 1 } as const;
    const { lease: _, ...left } = aDelivery(given);
    expect(next?.current).toEqual({ ...slot.current, deliveries: [left], seq: 2 });
    expect(next?.ops).toEqual([{ op: 'c1', outcome: 'abandoned', at: at(ms) }]);
    expect(next?.outbox).toMatchObject([
      {
        type: 'send_failed',
        seq: 2,
        at: at(ms),
        actor: 'job:redispatch',
        data: { deliveryId: 'd1', state: 'unknown', provider: null, errorCode: 'lease_expired' },
      },
    ]);
  });

  it('is attempted again in the last millisecond in which that is of use', () => {
    const short = slotOf({ policy: { ...aRecord().policy, ttlMs: 60_000 }, expiresAt: at(60_000) });
    expect(kindOf(aSlot(), 540_000)).toBe('claimed');
    expect([kindOf(short, 30_000), kindOf(short, 30_001)]).toEqual(['claimed', 'abandoned']);
  });

  // Catches: no bound on owners that never come to a call, such as those that go down while they wait for one.
  it('is given up after ten owners', () => {
    const owned = (n: number): Slot =>
      slotOf({ deliveries: [aDelivery({ lease: { owner: 'gone', n, until: at(30_000), unused: true } })] });
    expect([kindOf(owned(9), 30_000), kindOf(owned(10), 30_000)]).toEqual(['claimed', 'abandoned']);
  });

  // Catches: calls that are counted anew for each owner: ten owners, ten times as many texts of one code.
  it.each<[string, Partial<DeliveryRecord>, number, string]>([
    ['its owner may have made one', {}, 2, 'claimed'],
    ['its owner may have made the only one', {}, 1, 'abandoned'],
    ['two owners may have made one each', { lostCalls: 1 }, 3, 'claimed'],
    ['three owners may have made one each', { lostCalls: 2 }, 3, 'abandoned'],
    ['one was written down, and another may have been made', { attempts: [anAttempt()] }, 2, 'abandoned'],
    ['it takes the place of two', { callsBefore: 2 }, 3, 'abandoned'],
  ])('has the calls that are left when %s: %j, of %i', (_why, delivery, maxCalls, kind) => {
    const slot = slotOf({ deliveries: [aDelivery(delivery)] });
    expect(claim(slot, { ...command, maxCalls }, at(30_000)).outcome).toEqual({ kind });
  });

  it('counts no call of an owner that says it made none', () => {
    const lease = { owner: 'gone', n: 1, until: at(30_000), unused: true } as const;
    const { next } = claim(slotOf({ deliveries: [aDelivery({ lease })] }), command, at(30_000));
    expect(next?.current.deliveries).toEqual([
      aDelivery({ lease: { owner: 'other', n: 2, until: at(60_000) } }),
    ]);
  });

  it('is given up where it is when its verification was replaced', () => {
    const past = [aRecord({ status: 'superseded', endedAt: at(5), seq: 2 })];
    const slot = aSlot({ current: aRecord({ id: 'v2', deliveries: [aDelivery({ id: 'd2' })] }), past });
    const { outcome, next } = claim(slot, command, at(30_000));
    expect(outcome.kind).toBe('abandoned');
    expect(next?.current).toBe(slot.current);
    expect(next?.past).toMatchObject([{ status: 'superseded', seq: 3, deliveries: [{ state: 'unknown' }] }]);
  });

  it('is left alone when there is no lease, no such delivery or no slot', () => {
    const { lease: _, ...done } = aDelivery({ state: 'accepted' });
    expect(claim(slotOf({ deliveries: [done] }), command, at(30_000))).toEqual(nothing);
    expect(claim(aSlot(), { ...command, deliveryId: 'd2' }, at(30_000))).toEqual(nothing);
    expect(claim(aSlot(), { ...command, verificationId: 'v2' }, at(30_000))).toEqual(nothing);
    expect(claim(null, command, at(30_000))).toEqual(nothing);
  });

  it.each([
    ['claimed', 30_000],
    ['abandoned', 600_000],
  ])('is told as %s when that is repeated, and nothing changes', (kind, ms) => {
    const after = claim(aSlot(), command, at(ms)).next ?? aSlot();
    expect(claim(after, command, at(ms + 60_000))).toEqual({ outcome: { kind } });
  });
});

describe('a delivery that receipts told of before its sender died', () => {
  // Catches: a second text of a code that is there already.
  it('is not sent again; only its lease goes', () => {
    const early = told(aSlot(), 5, [aFact('sent')]);
    const { outcome, next = early } = claim(early, command, at(30_000));
    expect(outcome).toEqual({ kind: 'on_its_way' });
    expect(firstDelivery(next)).toMatchObject({ state: 'sent' });
    expect(firstDelivery(next)).not.toHaveProperty('lease');
    expect(next).toMatchObject({ ops: [], outbox: [], current: { seq: 1, rev: 2, uncopiedAt: at(5) } });
    expect(claim(next, command, at(30_001))).toEqual(nothing);
    expect(firstDelivery(told(next, 31_000, [aFact('delivered')])).state).toBe('delivered');
  });

  it('is attempted again when it failed, which waits for the result', () => {
    const { outcome, next } = claim(told(aSlot(), 5, [aFact('undelivered')]), command, at(30_000));
    expect(outcome.kind).toBe('claimed');
    expect(next?.current.deliveries).toMatchObject([{ state: 'sending', lease: { owner: 'other', n: 2 } }]);
  });

  // Catches: a failure that waited for a result which never came, and is forgotten with the lease.
  it('is undelivered with its lease when a failure waited for the result', () => {
    const early = told(told(aSlot(), 5, [aFact('accepted')]), 6, [aFact('undelivered')]);
    const { outcome, next = early } = claim(early, command, at(30_000));
    expect(outcome.kind).toBe('on_its_way');
    expect(firstDelivery(next)).toMatchObject({
      state: 'undelivered',
      errorCode: 'unreachable',
      finalAt: at(30_000),
    });
    expect(firstDelivery(next)).not.toHaveProperty('lease');
    expect(eventsOf(next)).toEqual(['2 undelivered']);
    expect(next.current.seq).toBe(2);
    expect(next.current).not.toHaveProperty('followAt');
  });
});
