import {
  aFact,
  aReceipt,
  EUR,
  eventsOf,
  firstDelivery,
  sentSlot,
  told,
} from '../../../../../test/builders/delivery.builder';
import { aDelivery, anAttempt, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { DeliveryRecord, VerificationRecord } from '../../slot';
import type { ReceiptFact } from './attempt';
import { lateReceipt, receipt, type ReceiptCommand } from './receipt';

describe('receipts of a delivery', () => {
  it('accepted, sent, delivered: the state rises, and only the end is an event', () => {
    let slot = told(sentSlot(), 20, [aFact('accepted')]);
    expect(firstDelivery(slot)).toMatchObject({ state: 'accepted' });
    slot = told(slot, 30, [aFact('sent')]);
    expect(firstDelivery(slot)).toMatchObject({ state: 'sent', errorCode: null });
    expect(firstDelivery(slot)).not.toHaveProperty('finalAt');
    expect(slot.current).toMatchObject({ seq: 2, rev: 2, uncopiedAt: at(20) });
    slot = told(slot, 40, [aFact('delivered')]);
    expect(firstDelivery(slot)).toMatchObject({ state: 'delivered', finalAt: at(40), provider: 'acme' });
    expect(slot.current).toMatchObject({ seq: 3, status: 'pending' });
    // The event makes the relay copy the record.
    expect(slot.current).not.toHaveProperty('rev');
    expect(slot.current).not.toHaveProperty('uncopiedAt');
    expect(eventsOf(slot)).toEqual(['2 sent', '3 delivered']);
    expect(slot.outbox.at(-1)).toMatchObject({
      at: at(40),
      actor: 'job:receipt',
      to: '+44*********00',
      data: { deliveryId: 'd1', state: 'delivered', provider: 'acme', errorCode: null },
    });
    expect(slot.ops).toEqual([]);
  });

  it('undelivered: with its reason', () => {
    const slot = told(sentSlot(), 20, [aFact('undelivered', { reason: 'blocked' })]);
    expect(firstDelivery(slot)).toMatchObject({
      state: 'undelivered',
      errorCode: 'blocked',
      finalAt: at(20),
    });
    expect(firstDelivery(slot).attempts).toMatchObject([{ receipt: 'undelivered', reason: 'blocked' }]);
    expect(eventsOf(slot).at(-1)).toBe('3 undelivered');
  });

  it('call off the deletion of the slot', () => {
    expect(told({ ...sentSlot(), purgeAt: at(15) }, 20, [aFact('sent')])).not.toHaveProperty('purgeAt');
  });

  // Catches: a repeat that counts as a change (a second event, a needless write).
  it.each<[string, ReceiptFact]>([
    ['accepted', aFact('accepted')],
    ['sent', aFact('sent')],
    ['delivered', aFact('delivered')],
    ['undelivered', aFact('undelivered')],
    ['a part', aFact('delivered', { part: 'a', parts: 3, price: EUR(5) })],
    ['a price', aFact('unknown', { price: EUR(5) })],
  ])('change nothing at all when they are repeated: %s', (_name, one) => {
    const slot = told(sentSlot(), 20, [one]);
    expect(receipt(slot, aReceipt([one, one]), at(30))).toEqual({
      outcome: { kind: 'nothing', final: null },
    });
  });

  it('that say nothing change nothing', () => {
    expect(receipt(sentSlot(), aReceipt([aFact('unknown'), aFact('unknown')]), at(20)).next).toBeUndefined();
  });

  it('say which state became final by them, once', () => {
    const outcome = (slot = sentSlot(), ...facts: ReceiptFact[]) =>
      receipt(slot, aReceipt(facts), at(20)).outcome;
    expect(outcome(sentSlot(), aFact('sent'))).toEqual({ kind: 'changed', final: null });
    for (const final of ['delivered', 'undelivered'] as const) {
      expect(outcome(sentSlot(), aFact(final))).toEqual({ kind: 'changed', final });
      const after = told(sentSlot(), 15, [aFact(final)]);
      expect(outcome(after, aFact(final))).toEqual({ kind: 'nothing', final: null });
      // A price is news, the state is not.
      expect(outcome(after, aFact(final, { price: EUR(1) }))).toEqual({ kind: 'changed', final: null });
    }
  });

  // Catches: a final state that moves back, or to the other one.
  it.each(['accepted', 'sent', 'unknown', 'undelivered', 'delivered'] as const)(
    'leave a final state as it is when %s comes later',
    (late) => {
      for (const end of ['delivered', 'undelivered'] as const) {
        const slot = told(sentSlot(), 20, [aFact(end)]);
        const after = told(slot, 30, [aFact(late)]);
        expect(firstDelivery(after)).toMatchObject({ state: end, finalAt: at(20) });
        expect(eventsOf(after)).toEqual(eventsOf(slot));
      }
    },
  );

  // Catches: a gateway that touches what another one sent.
  it('change nothing when they are of a gateway that was not asked', () => {
    expect(receipt(sentSlot(), aReceipt([aFact('delivered')], { gateway: 'other' }), at(20))).toEqual({
      outcome: { kind: 'nothing', final: null },
    });
  });

  it.each<[string, Partial<ReceiptCommand>]>([
    ['delivery', { deliveryId: 'other' }],
    ['verification', { verificationId: 'other' }],
  ])('have no place in a slot without that %s', (_what, names) => {
    const noPlace = { outcome: { kind: 'no_place', final: null } };
    expect(receipt(sentSlot(), aReceipt([aFact('delivered')], names), at(20))).toEqual(noPlace);
  });

  it('have no place in a tombstone, or without a slot', () => {
    const past = [{ id: 'v1', status: 'approved', endedAt: at(5), tombstone: true } as const];
    for (const slot of [null, aSlot({ current: aRecord({ id: 'v2' }), past })])
      expect(receipt(slot, aReceipt([aFact('delivered')]), at(20)).outcome.kind).toBe('no_place');
  });

  it('are believed from a gateway that was asked for certain, though nobody wrote it down', () => {
    const slot = sentSlot([anAttempt({ provider: 'other' })]);
    const failed = told(slot, 20, [aFact('undelivered')], { proven: true });
    expect(firstDelivery(failed)).toMatchObject({ state: 'accepted', provider: 'other' });
    const arrived = told(slot, 20, [aFact('delivered')], { proven: true });
    expect(firstDelivery(arrived)).toMatchObject({ state: 'delivered', provider: 'acme' });
    expect(firstDelivery(arrived).attempts).toMatchObject([
      { provider: 'other' },
      { provider: 'acme', outcome: 'unknown', early: true, receipt: 'delivered' },
    ]);
  });

  it.each([
    ['a', ['sent', undefined]],
    ['b', [undefined, 'sent']],
    ['c', [undefined, 'sent']],
    [null, [undefined, 'sent']],
  ])(
    'are about the attempt with their reference (%s), else the last of their gateway',
    (reference, expected) => {
      const twice = sentSlot([anAttempt({ reference: 'a' }), anAttempt({ reference: 'b' })]);
      const { attempts } = firstDelivery(told(twice, 20, [aFact('sent', { reference })]));
      expect(attempts.map((one) => one.receipt)).toEqual(expected);
    },
  );
});

describe('receipts of a verification that has ended', () => {
  it('never change how it ended', () => {
    const slot = sentSlot(undefined, { status: 'approved', endedAt: at(5), seq: 2 });
    const after = told(slot, 20, [aFact('undelivered')]);
    expect(after.current).toMatchObject({ status: 'approved', endedAt: at(5), seq: 4 });
    expect(after.current).not.toHaveProperty('followAt');
    expect(firstDelivery(after).state).toBe('undelivered');
  });

  it('update one that was replaced, where it is', () => {
    const old = { ...sentSlot().current, status: 'superseded' as const, endedAt: at(15), seq: 3 };
    const slot = aSlot({
      current: aRecord({ id: 'v2', deliveries: [aDelivery({ id: 'd2' })] }),
      past: [old],
    });
    const after = told(slot, 20, [aFact('delivered')]);
    expect(after.past).toMatchObject([
      { id: 'v1', status: 'superseded', seq: 4, deliveries: [{ state: 'delivered' }] },
    ]);
    expect(after.current).toBe(slot.current);
    expect(after.outbox).toMatchObject([{ type: 'delivered', verificationId: 'v1', seq: 4 }]);
    expect(told(slot, 20, [aFact('undelivered')]).current).toBe(slot.current);
    expect(told(slot, 20, [aFact('undelivered')]).past[0]).not.toHaveProperty('followAt');
  });
});

describe('what follows an undelivered text', () => {
  const follows = (
    ms: number,
    fact: Partial<ReceiptFact> = {},
    more: Partial<ReceiptCommand> = {},
    record: Partial<VerificationRecord> = {},
  ) => told(sentSlot(undefined, record), ms, [aFact('undelivered', fact)], more).current.followAt;

  it('is due at once when it failed in time', () => {
    const slot = told(sentSlot(), 20, [aFact('undelivered')]);
    expect(slot.current).toMatchObject({ followAt: at(20), followUp: { deliveryId: 'd1' } });
  });

  // Catches: each of the conditions.
  const wide = { withinMs: 3_600_000 };
  const short = { policy: { ...aRecord().policy, ttlMs: 60_000 }, expiresAt: at(60_000) };
  it.each<[string, number, Partial<ReceiptCommand>, Partial<VerificationRecord>, boolean]>([
    ['in the last millisecond of its time', 120_000, {}, {}, true],
    ['a millisecond later', 120_001, {}, {}, false],
    ['where it is switched off', 20, { withinMs: 0 }, {}, false],
    ['where it is switched off, at the moment of the send', 0, { withinMs: 0 }, {}, false],
    ['with a minute of life left', 540_000, wide, {}, true],
    ['with less than a minute', 540_001, wide, {}, false],
    ['with half of a short life left', 30_000, wide, short, true],
    ['with less than half of a short life', 30_001, wide, short, false],
  ])('%s', (_when, ms, more, record, isDue) => {
    expect(follows(ms, {}, more, record)).toEqual(isDue ? at(ms) : undefined);
  });

  it.each(['invalid-number', 'blocked'])('after %s is only another channel', (reason) => {
    const steps = (['sms', 'voice'] as const).map((channel) => ({ channel, waitMs: 60_000 }));
    expect(follows(20, { reason })).toBeUndefined();
    expect(follows(20, { reason }, {}, { plan: { steps, step: 0 } })).toEqual(at(20));
    expect(follows(20, { reason }, {}, { plan: { steps, step: 1 } })).toBeUndefined();
  });

  it('is nothing after an older delivery, or when the text arrived', () => {
    const slot = sentSlot();
    const newer: DeliveryRecord = { ...firstDelivery(slot), id: 'newer' };
    const two = { ...slot, current: { ...slot.current, deliveries: [firstDelivery(slot), newer] } };
    const after = told(two, 20, [aFact('undelivered')]);
    expect(after.current.deliveries.map((one) => one.state)).toEqual(['undelivered', 'accepted']);
    expect(after.current).not.toHaveProperty('followAt');
    expect(told(slot, 20, [aFact('delivered')]).current).not.toHaveProperty('followAt');
  });
});

describe('receipts that come too late for the slot', () => {
  const report = (...receipts: ReceiptFact[]) => ({
    deliveryId: 'd1',
    gateway: 'acme',
    proven: false,
    receipts,
  });
  const copied = sentSlot().current;

  it('that make a state final give a new version without changes within it', () => {
    const late = lateReceipt({ ...copied, rev: 2 }, report(aFact('delivered')), at(20));
    expect(late).toMatchObject({
      change: { seq: 3, deliveries: [{ state: 'delivered', finalAt: at(20) }] },
      final: 'delivered',
    });
    expect(late?.change).not.toHaveProperty('rev');
  });

  it('that do not count within the version', () => {
    const late = lateReceipt(copied, report(aFact('sent')), at(20));
    expect(late).toMatchObject({ change: { seq: 2, rev: 1, deliveries: [{ state: 'sent' }] }, final: null });
    const again = lateReceipt({ ...copied, rev: 4 }, report(aFact('sent')), at(20));
    expect(again?.change.rev).toBe(5);
  });

  it('change the delivery that they are about, and no other', () => {
    const other = { ...aDelivery({ id: 'd0', state: 'accepted' }) };
    const late = lateReceipt(
      { ...copied, deliveries: [other, ...copied.deliveries] },
      report(aFact('sent')),
      at(20),
    );
    expect(late?.change.deliveries).toMatchObject([other, { id: 'd1', state: 'sent' }]);
  });

  it('change nothing when they are known, or about something that is not', () => {
    const { change } = lateReceipt(copied, report(aFact('delivered')), at(20)) ?? { change: copied };
    expect(lateReceipt(change, report(aFact('delivered')), at(30))).toBeNull();
    expect(lateReceipt(copied, { ...report(aFact('delivered')), deliveryId: 'd2' }, at(20))).toBeNull();
    expect(lateReceipt(copied, { ...report(aFact('delivered')), gateway: 'other' }, at(20))).toBeNull();
  });
});
