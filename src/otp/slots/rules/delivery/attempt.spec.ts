import fc from 'fast-check';
import {
  aFact,
  EUR,
  eventsOf,
  firstDelivery,
  sentSlot,
  told,
} from '../../../../../test/builders/delivery.builder';
import { anAttempt } from '../../../../../test/builders/slot-state.builder';
import type { AttemptRecord } from '../../slot';
import { heard, isCall, withEarly, earlyAttempt, type ReceiptFact } from './attempt';

const part = (state: ReceiptFact['state'], id: string, more: Partial<ReceiptFact> = {}): ReceiptFact =>
  aFact(state, { part: id, ...more });
const after = (attempt: Partial<AttemptRecord>, ...facts: ReceiptFact[]): AttemptRecord =>
  facts.reduce(heard, anAttempt(attempt));

describe('an attempt after receipts', () => {
  it.each<[AttemptRecord['receipt'], ReceiptFact['state'], AttemptRecord['receipt']]>([
    [undefined, 'unknown', undefined],
    [undefined, 'accepted', 'accepted'],
    [undefined, 'sent', 'sent'],
    [undefined, 'delivered', 'delivered'],
    [undefined, 'undelivered', 'undelivered'],
    ['accepted', 'unknown', 'accepted'],
    ['accepted', 'sent', 'sent'],
    ['sent', 'accepted', 'sent'],
    ['sent', 'unknown', 'sent'],
    ['sent', 'undelivered', 'undelivered'],
    ['delivered', 'undelivered', 'delivered'],
    ['undelivered', 'delivered', 'undelivered'],
    ['undelivered', 'sent', 'undelivered'],
  ])('that was %s and is told %s is %s', (before, state, expected) => {
    expect(heard(anAttempt(before ? { receipt: before } : {}), aFact(state)).receipt).toBe(expected);
  });

  it('keeps the reason of its failure, and no later one', () => {
    const failed = after(
      {},
      aFact('undelivered', { reason: 'blocked' }),
      aFact('undelivered', { reason: 'content' }),
    );
    expect(failed.reason).toBe('blocked');
  });

  it('that arrived keeps no reason of a failure that is told afterwards', () => {
    expect(after({}, aFact('delivered'), aFact('undelivered', { reason: 'blocked' })).reason).toBeNull();
  });

  it('has no list of parts where the whole is told to have arrived', () => {
    expect(after({ parts: 2 }, aFact('delivered'))).not.toHaveProperty('deliveredParts');
  });

  it('takes no price in parts where nothing was said of the currency before', () => {
    const priced = after({ price: null, pricedParts: ['a'] }, part('sent', 'b', { price: EUR(5) }));
    expect(priced).toMatchObject({ price: null, pricedParts: ['a'] });
  });

  // Catches: a repeat that counts as a change (a second event, a needless write).
  it.each<[string, ReceiptFact]>([
    ['accepted', aFact('accepted')],
    ['sent', aFact('sent')],
    ['delivered', aFact('delivered')],
    ['undelivered', aFact('undelivered')],
    ['a part', part('delivered', 'a', { parts: 3, price: EUR(5) })],
    ['a price', aFact('unknown', { price: EUR(5) })],
  ])('is the same object when it is told twice: %s', (_name, fact) => {
    const once = after({}, fact);
    expect(heard(once, { ...fact })).toBe(once);
  });

  it('is the same object when it is told nothing', () => {
    const attempt = anAttempt();
    expect(heard(attempt, aFact('unknown'))).toBe(attempt);
  });

  it('reads nothing in what a vendor says', () => {
    const hostile = after({}, aFact('delivered', { part: '$current.mac', reference: '$$ROOT', parts: 9 }));
    expect(hostile).toMatchObject({ deliveredParts: ['$current.mac'], receipt: 'sent' });
  });
});

describe('an attempt of several parts', () => {
  it('is delivered when all are', () => {
    const one = after({ parts: 2 }, part('delivered', 'a'), part('delivered', 'a'));
    expect(one).toMatchObject({ receipt: 'sent', deliveredParts: ['a'] });
    expect(heard(one, part('delivered', 'b'))).toMatchObject({
      receipt: 'delivered',
      deliveredParts: ['a', 'b'],
    });
  });

  it('is undelivered when one is', () => {
    expect(after({ parts: 2 }, part('delivered', 'a'), part('undelivered', 'b')).receipt).toBe('undelivered');
  });

  it('believes the vendor about how many there are', () => {
    const one = after({ parts: 1 }, part('delivered', 'a', { parts: 2 }));
    expect(one).toMatchObject({ receipt: 'sent', parts: 2 });
  });

  it('adds up their prices, each once, in place of what was said before', () => {
    const both = after(
      { parts: 2, price: EUR(1) },
      part('delivered', 'a', { price: EUR(30) }),
      part('delivered', 'a', { price: EUR(30) }),
      part('delivered', 'b', { price: EUR(40) }),
      part('delivered', 'b', { price: { micros: 9, currency: 'USD' } }),
      part('delivered', 'c', { price: { micros: 9, currency: 'USD' } }),
    );
    expect(both).toMatchObject({ price: EUR(70), pricedParts: ['a', 'b'] });
    const whole = [
      both,
      aFact('unknown', { price: EUR(60) }),
      part('unknown', 'd', { price: EUR(40) }),
    ] as const;
    expect(heard(heard(whole[0], whole[1]), whole[2])).toMatchObject({ price: EUR(60), pricedParts: ['*'] });
  });

  // Catches: a vendor that makes up parts without end, in a document that every operation rewrites.
  it('keeps 255 of them at most', () => {
    const many = Array.from({ length: 400 }, (_, n) => part('delivered', `${n}`, { price: EUR(1) }));
    const one = after({ parts: 500 }, ...many);
    expect([one.deliveredParts?.length, one.pricedParts?.length]).toEqual([255, 255]);
  });

  it('that came before the answer count when it tells how many there are', () => {
    const early = [part('delivered', 'a'), part('delivered', 'b')].reduce(heard, earlyAttempt('acme'));
    expect(early.receipt).toBe('sent');
    expect(withEarly(anAttempt({ parts: 2 }), early)).toEqual({
      ...anAttempt({ parts: 2 }),
      receipt: 'delivered',
      deliveredParts: ['a', 'b'],
    });
  });
});

describe('receipts of all parts of a text', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const ranks = ['accepted', 'sent', 'undelivered', 'delivered'];
  const life = fc
    .record({
      outcomes: fc.array(fc.constantFrom('delivered' as const, 'undelivered' as const), {
        minLength: 1,
        maxLength: 4,
      }),
      noise: fc.array(fc.constantFrom('accepted' as const, 'sent' as const, 'unknown' as const), {
        maxLength: 4,
      }),
      size: fc.integer({ min: 1, max: 3 }),
    })
    .chain(({ outcomes, noise, size }) => {
      const parts = outcomes.map((state, n) =>
        part(state, ids[n] ?? '', { parts: outcomes.length, price: EUR(n + 1) }),
      );
      const all = [...parts, ...parts, ...noise.map((state) => aFact(state))];
      const order = fc.shuffledSubarray(all, { minLength: all.length });
      return fc.record({ outcomes: fc.constant(outcomes), size: fc.constant(size), order });
    });

  it('end in the same state in whatever order and however often they are told', () => {
    fc.assert(
      fc.property(life, ({ outcomes, order, size }) => {
        let slot = sentSlot([anAttempt({ parts: outcomes.length })]);
        for (let start = 0; start < order.length; start += size) {
          const before = firstDelivery(slot);
          slot = told(slot, 20 + start, order.slice(start, start + size));
          const now = firstDelivery(slot);
          expect(ranks.indexOf(now.state)).toBeGreaterThanOrEqual(ranks.indexOf(before.state));
          if (before.finalAt) expect(now).toMatchObject({ state: before.state, finalAt: before.finalAt });
        }
        const end = outcomes.includes('undelivered') ? 'undelivered' : 'delivered';
        const [attempt] = firstDelivery(slot).attempts;
        expect(firstDelivery(slot).state).toBe(end);
        expect([...(attempt?.deliveredParts ?? [])].sort()).toEqual(
          ids.filter((_, n) => outcomes[n] === 'delivered'),
        );
        expect(attempt?.price).toEqual(EUR((outcomes.length * (outcomes.length + 1)) / 2));
        expect(eventsOf(slot)).toEqual(['2 sent', `3 ${end}`]);
        expect(slot.current.seq).toBe(3);
      }),
      { numRuns: 150 },
    );
  });
});

describe('an attempt that receipts told of before its answer was written down', () => {
  it('is a call of whose outcome nothing is known', () => {
    expect(earlyAttempt('acme')).toEqual({
      provider: 'acme',
      outcome: 'unknown',
      reason: null,
      vendorCode: null,
      latencyMs: 0,
      reference: null,
      parts: 0,
      estimate: null,
      price: null,
      early: true,
    });
  });

  // Catches: what receipts told first, lost with the answer; what they did not tell, in the place of the answer's.
  it.each<[string, ReceiptFact[], Partial<AttemptRecord>]>([
    ['nothing', [], {}],
    ['that it is on its way', [aFact('sent')], { receipt: 'sent' }],
    ['that it failed, and why', [aFact('undelivered')], { receipt: 'undelivered', reason: 'unreachable' }],
    ['a part', [part('delivered', 'a')], { deliveredParts: ['a'], receipt: 'sent' }],
    [
      'all parts',
      [part('delivered', 'a'), part('delivered', 'b')],
      { deliveredParts: ['a', 'b'], receipt: 'delivered' },
    ],
    ['how many parts there are', [part('sent', 'a', { parts: 3 })], { receipt: 'sent', parts: 3 }],
    ['a price', [aFact('sent', { price: EUR(7) })], { receipt: 'sent', price: EUR(7), pricedParts: ['*'] }],
  ])('is the answer with what they told: %s', (_, facts, told) => {
    const answer = anAttempt({ parts: 2, reason: 'of the answer', price: EUR(9) });
    const early = facts.reduce(heard, earlyAttempt('acme'));
    expect(withEarly(answer, early)).toEqual({ ...answer, ...told });
  });

  it('was one, unlike a gateway that was skipped', () => {
    expect([isCall(earlyAttempt('acme')), isCall(anAttempt({ outcome: 'skipped' }))]).toEqual([true, false]);
  });
});
