import {
  aFact,
  answered,
  aResult,
  EUR,
  eventsOf,
  firstDelivery,
  told,
} from '../../../../../test/builders/delivery.builder';
import { aDelivery, anAttempt, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { Slot } from '../../slot';
import { result } from './result';

const refused = anAttempt({ outcome: 'rejected', reason: 'content', reference: null });
const overChannels = {
  plan: {
    steps: (['sms', 'voice', 'email'] as const).map((channel) => ({ channel, waitMs: 60_000 })),
    step: 0,
  },
  followAt: at(60_000),
};

describe('the result of a delivery', () => {
  it('is written down, ends the lease and is an event', () => {
    const attempt = anAttempt();
    const { outcome, next } = result(aSlot({ purgeAt: at(1) }), aResult([attempt]), at(9));
    expect(outcome).toEqual({ kind: 'recorded' });
    expect(next?.current).toEqual(
      aRecord({
        seq: 2,
        deliveries: [
          {
            ...aDelivery({ state: 'accepted', provider: 'acme', reference: 'acme-1', attemptedAt: at(9) }),
            attempts: [attempt],
            lease: undefined,
          },
        ],
      }),
    );
    expect(next?.outbox).toEqual([
      {
        type: 'sent',
        verificationId: 'v1',
        seq: 2,
        at: at(9),
        actor: 'job:delivery',
        to: '+44*********00',
        data: { deliveryId: 'd1', state: 'accepted', provider: 'acme', errorCode: null, vendorCode: null },
      },
    ]);
    expect(next).not.toHaveProperty('purgeAt');
    expect(next).toMatchObject({ ops: [], sends: [at(0)] });
  });

  // Catches: an audit log that says `unavailable`, and not the vendor's word for it.
  it('is told with the vendor’s own code of the gateway that decided', () => {
    const [first, second] = ['a', 'b'].map((provider) =>
      anAttempt({ provider, outcome: 'rejected', reason: 'unavailable', vendorCode: `${provider}-30007` }),
    );
    const slot = answered(aSlot(), 10, [first!, second!]);
    expect(slot.outbox).toMatchObject([
      { data: { provider: 'b', errorCode: 'unavailable', vendorCode: 'b-30007' } },
    ]);
  });

  // Catches: the code of another gateway, or of another call of the same one.
  it('has the code of the call that decided, wherever that stands among the others', () => {
    const calls = [
      ['a', 'rejected', 'a-1'],
      ['a', 'unknown', 'a-2'],
      ['b', 'rejected', 'b-1'],
    ] as const;
    const attempts = calls.map(([provider, outcome, vendorCode]) =>
      anAttempt({ provider, outcome, vendorCode, reason: 'unavailable' }),
    );
    const by = (provider: string | null) => {
      const said = { state: 'rejected', provider, reference: null, errorCode: 'unavailable' } as const;
      return answered(aSlot(), 10, attempts, { result: said }).outbox[0]?.data['vendorCode'];
    };
    expect([by('a'), by('b'), by(null)]).toEqual(['a-1', 'b-1', null]);
  });

  it.each(['rejected', 'unknown'] as const)('%s is told as a message that was not sent', (outcome) => {
    const slot = answered(aSlot(), 9, [anAttempt({ outcome, reason: 'timeout' })]);
    expect(slot.outbox).toMatchObject([
      { type: 'send_failed', data: { state: outcome, errorCode: 'timeout' } },
    ]);
  });

  // Catches: a paused instance that comes back after its lease ran out.
  it.each([
    ['another owner', { leaseOwner: 'other' }],
    ['an earlier owner', { leaseN: 2 }],
    ['another delivery', { deliveryId: 'd2' }],
    ['another verification', { verificationId: 'v2' }],
  ])('changes nothing when it is of %s', (_who, names) => {
    expect(result(aSlot(), aResult([anAttempt()], names), at(9))).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('changes nothing the second time, nor without a slot', () => {
    const nothing = { outcome: { kind: 'nothing' } };
    expect(result(answered(aSlot(), 9), aResult(), at(10))).toEqual(nothing);
    expect(result(null, aResult(), at(10))).toEqual(nothing);
  });

  it('updates the delivery of a past verification without touching a status', () => {
    const past = [aRecord({ status: 'superseded', endedAt: at(5), seq: 2 })];
    const current = aRecord({ id: 'v2', deliveries: [aDelivery({ id: 'd2' })] });
    const slot = aSlot({ current, past });
    const after = answered(slot, 10, [refused]);
    expect(after.past).toMatchObject([
      { status: 'superseded', deliveries: [{ state: 'rejected' }], seq: 3, refunds: 0 },
    ]);
    expect(after.current).toBe(current);
    expect(after.sends).toBe(slot.sends);
    expect(after.outbox).toMatchObject([{ type: 'send_failed', verificationId: 'v1', seq: 3 }]);
  });

  it('changes nothing of a verification of which a tombstone is left', () => {
    const past = [{ id: 'v1', status: 'superseded', endedAt: at(5), tombstone: true } as const];
    const slot = aSlot({ current: aRecord({ id: 'v2' }), past });
    expect(result(slot, aResult(), at(9)).next).toBeUndefined();
  });
});

describe('a delivery that every gateway refused', () => {
  it('gives its send and its cool-down back, three times per verification', () => {
    const after = (refunds: number): Slot => answered(aSlot({ current: aRecord({ refunds }) }), 9, [refused]);
    expect(after(2)).toMatchObject({ sends: [], current: { refunds: 3 } });
    expect(after(3)).toMatchObject({ sends: [at(0)], current: { refunds: 3 } });
  });

  it.each([
    ['d1', [30_000, 60_000]],
    ['d2', [0, 60_000]],
    ['d3', [0, 30_000]],
  ])('gives back exactly its own send: %s', (deliveryId, left) => {
    const times = [0, 30_000, 60_000];
    const deliveries = times.map((ms, index) => aDelivery({ id: `d${index + 1}`, at: at(ms) }));
    const slot = aSlot({ current: aRecord({ deliveries }), sends: times.map(at) });
    expect(answered(slot, 70_000, [refused], { deliveryId }).sends).toEqual(left.map(at));
  });

  it('gives back no other send when its own counts no more', () => {
    expect(answered(aSlot({ sends: [at(1)] }), 9, [refused])).toMatchObject({
      sends: [at(1)],
      current: { refunds: 1 },
    });
  });

  it('is followed at once by the next channel, if one is left', () => {
    const slot = aSlot({ current: aRecord(overChannels) });
    expect(answered(slot, 10, [refused]).current).toMatchObject({
      followAt: at(10),
      followUp: { deliveryId: 'd1' },
    });
    expect(answered(slot, 10).current.followAt).toEqual(at(60_000));
    expect(answered(aSlot(), 10, [refused]).current).not.toHaveProperty('followAt');
    const atLast = aRecord({ plan: { ...overChannels.plan, step: 2 } });
    expect(answered(aSlot({ current: atLast }), 10, [refused]).current).not.toHaveProperty('followAt');
  });
});

describe('a result that comes after receipts', () => {
  // Catches: a result that takes back what a receipt said, or that is lost because the state is not `sending`.
  it.each(['accepted', 'sent', 'delivered'] as const)('leaves %s as it is, and is recorded', (state) => {
    const early = told(aSlot(), 5, [aFact(state, { price: EUR(7) })]);
    expect(firstDelivery(early)).toMatchObject({ state, provider: 'acme', lease: { owner: 'me' } });
    const slot = answered(early, 10, [anAttempt({ latencyMs: 9 })]);
    expect(firstDelivery(slot)).toMatchObject({
      state,
      provider: 'acme',
      reference: 'acme-1',
      attemptedAt: at(10),
    });
    expect(firstDelivery(slot)).not.toHaveProperty('lease');
    expect(firstDelivery(slot).attempts).toEqual([
      { ...anAttempt({ latencyMs: 9 }), receipt: state, price: EUR(7), pricedParts: ['*'] },
    ]);
    expect(firstDelivery(slot).finalAt).toEqual(state === 'delivered' ? at(5) : undefined);
    const events = state === 'delivered' ? ['2 delivered', '3 sent'] : ['2 sent'];
    expect(eventsOf(slot)).toEqual(events);
    expect(slot.current.seq).toBe(events.length + 1);
  });

  // Catches: a state that falls because another gateway took the text as well.
  it('lets nothing fall that was told when another gateway decides', () => {
    const early = told(aSlot(), 5, [aFact('sent')]);
    const unknown = anAttempt({ outcome: 'unknown', reason: 'timeout' });
    const slot = answered(early, 10, [unknown, anAttempt({ provider: 'other' })]);
    expect(firstDelivery(slot)).toMatchObject({ state: 'sent', provider: 'other' });
  });

  // Catches: another text while the gateways are still being asked.
  it('says that the text is undelivered, which waited for it', () => {
    const early = told(aSlot(), 5, [aFact('undelivered', { reason: 'content' })]);
    expect(firstDelivery(early)).toMatchObject({ state: 'sending', attempts: [{ receipt: 'undelivered' }] });
    expect(early.current).not.toHaveProperty('followAt');
    const slot = answered(early, 10);
    expect(firstDelivery(slot)).toMatchObject({
      state: 'undelivered',
      errorCode: 'content',
      finalAt: at(10),
    });
    expect(slot.current).toMatchObject({ seq: 3, followAt: at(10), followUp: { deliveryId: 'd1' } });
    expect(eventsOf(slot)).toEqual(['2 sent', '3 undelivered']);
    const byOther = answered(early, 10, [
      anAttempt({ outcome: 'unknown' }),
      anAttempt({ provider: 'other' }),
    ]);
    expect(firstDelivery(byOther)).toMatchObject({ state: 'accepted', provider: 'other' });
    expect(eventsOf(byOther)).toEqual(['2 sent']);
  });

  it.each([
    ['is switched off', 10, { withinMs: 0 }],
    ['comes too late', 101, { withinMs: 100 }],
  ])('makes nothing follow where that %s', (_why, ms, more) => {
    const early = told(aSlot(), 5, [aFact('undelivered')]);
    const slot = answered(early, ms, [anAttempt()], more);
    expect(firstDelivery(slot).state).toBe('undelivered');
    expect(slot.current).not.toHaveProperty('followAt');
  });

  it('counts parts that came early when it tells how many there are', () => {
    const early = told(aSlot(), 5, [aFact('delivered', { part: 'a' }), aFact('delivered', { part: 'b' })]);
    expect(firstDelivery(early).state).toBe('sent');
    const slot = answered(early, 10, [anAttempt({ parts: 2 })]);
    expect(firstDelivery(slot)).toMatchObject({
      state: 'delivered',
      attempts: [{ deliveredParts: ['a', 'b'] }],
    });
    expect(eventsOf(slot)).toEqual(['2 sent', '3 delivered']);
  });

  it('gives no send back for a text that arrived or is on its way', () => {
    for (const state of ['delivered', 'accepted'] as const) {
      const slot = answered(told(aSlot(), 5, [aFact(state)]), 10, [refused]);
      expect(firstDelivery(slot).state).toBe(state);
      expect(slot).toMatchObject({ sends: [at(0)], current: { refunds: 0 } });
    }
  });

  it('gives it back when the receipts said nothing of the kind', () => {
    const slot = answered(told(aSlot(), 5, [aFact('undelivered')]), 10, [refused]);
    expect(firstDelivery(slot).state).toBe('rejected');
    expect(slot).toMatchObject({ sends: [], current: { refunds: 1 } });
  });

  it('joins the last call of a gateway that was asked twice', () => {
    const early = told(aSlot(), 5, [aFact('sent')]);
    const slot = answered(early, 10, [anAttempt({ reference: 'a' }), anAttempt({ reference: 'b' })]);
    expect(firstDelivery(slot).attempts.map((one) => one.receipt)).toEqual([undefined, 'sent']);
  });

  it('keeps what a gateway told that it does not name', () => {
    const early = told(aSlot(), 5, [aFact('sent')], { gateway: 'lost' });
    const slot = answered(early, 10);
    expect(firstDelivery(slot).attempts.map((one) => one.provider)).toEqual(['lost', 'acme']);
  });
});
