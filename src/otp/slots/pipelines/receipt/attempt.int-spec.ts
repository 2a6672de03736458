import fc from 'fast-check';
import { useDatabase } from '../../../../../test/support/mongo';
import { attempt, EUR, events, fact, first, ReceiptWorld } from '../../../../../test/support/receipt-world';
import type { ReceiptFact } from './attempt';

describe('receipts of parts, inside the server', () => {
  const test = useDatabase();
  const world = new ReceiptWorld(test);
  const sent = world.sent.bind(world);
  const tell = world.tell.bind(world);

  const part = (state: ReceiptFact['state'], id: string, more: Partial<ReceiptFact> = {}) =>
    fact(state, { part: id, ...more });

  it('is delivered when all are', async () => {
    let slot = await sent([attempt('acme', { parts: 2 })]);
    slot = await tell(slot, 20, [part('delivered', 'a'), part('delivered', 'a')]);
    expect(first(slot)).toMatchObject({ state: 'sent', attempts: [{ deliveredParts: ['a'] }] });
    slot = await tell(slot, 30, [part('delivered', 'b')]);
    expect(first(slot)).toMatchObject({ state: 'delivered', attempts: [{ deliveredParts: ['a', 'b'] }] });
  });

  it('is undelivered when one is', async () => {
    let slot = await sent([attempt('acme', { parts: 2 })]);
    slot = await tell(slot, 20, [part('delivered', 'a'), part('undelivered', 'b')]);
    expect(first(slot).state).toBe('undelivered');
  });

  it('believes the vendor about how many there are', async () => {
    let slot = await sent([attempt('acme', { parts: 1 })]);
    slot = await tell(slot, 20, [part('delivered', 'a', { parts: 2 })]);
    expect(first(slot)).toMatchObject({ state: 'sent', attempts: [{ parts: 2 }] });
  });

  it('adds up their prices, each once, in place of what was said before', async () => {
    let slot = await sent([attempt('acme', { parts: 2, price: EUR(1) })]);
    slot = await tell(slot, 20, [part('delivered', 'a', { price: EUR(30) })]);
    slot = await tell(slot, 30, [part('delivered', 'a', { price: EUR(30) })]);
    slot = await tell(slot, 40, [part('delivered', 'b', { price: EUR(40) })]);
    slot = await tell(slot, 50, [part('delivered', 'b', { price: { micros: 9, currency: 'USD' } })]);
    expect(first(slot).attempts).toMatchObject([{ price: EUR(70), pricedParts: ['a', 'b'] }]);
    slot = await tell(slot, 60, [fact('unknown', { price: EUR(60) })]);
    slot = await tell(slot, 70, [part('unknown', 'c', { price: EUR(40) })]);
    expect(first(slot).attempts).toMatchObject([{ price: EUR(60), pricedParts: ['*'] }]);
  });

  // Catches: a vendor that makes up parts without end, in a document that every operation rewrites.
  it('are bounded', async () => {
    const many = Array.from({ length: 400 }, (_, n) => part('delivered', `${n}`, { price: EUR(1) }));
    const slot = await tell(await sent([attempt('acme', { parts: 500 })]), 20, many);
    expect(first(slot).attempts[0]?.deliveredParts).toHaveLength(255);
    expect(first(slot).attempts[0]?.pricedParts).toHaveLength(255);
  });

  const ids = ['a', 'b', 'c', 'd'];
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
      const told = outcomes.map((state, n) =>
        part(state, ids[n]!, { parts: outcomes.length, price: EUR(n + 1) }),
      );
      const all = [...told, ...told, ...noise.map((state) => fact(state))];
      const order = fc.shuffledSubarray(all, { minLength: all.length });
      return fc.record({ outcomes: fc.constant(outcomes), size: fc.constant(size), order });
    });

  it('ends in the same state in whatever order and however often it is told', async () => {
    await fc.assert(
      fc.asyncProperty(life, async ({ outcomes, order, size }) => {
        let slot = await sent([attempt('acme', { parts: outcomes.length })]);
        const ranks = ['accepted', 'sent', 'undelivered', 'delivered'];
        for (let start = 0; start < order.length; start += size) {
          const before = first(slot);
          slot = await tell(slot, 20 + start, order.slice(start, start + size));
          expect(ranks.indexOf(first(slot).state)).toBeGreaterThanOrEqual(ranks.indexOf(before.state));
          if (before.finalAt)
            expect(first(slot)).toMatchObject({ state: before.state, finalAt: before.finalAt });
        }
        const end = outcomes.includes('undelivered') ? 'undelivered' : 'delivered';
        const arrived = ids.filter((_, n) => outcomes[n] === 'delivered');
        expect(first(slot).state).toBe(end);
        const [one] = first(slot).attempts;
        expect([...(one?.deliveredParts ?? [])].sort()).toEqual(arrived);
        expect(one?.price).toEqual(EUR((outcomes.length * (outcomes.length + 1)) / 2));
        expect(events(slot)).toEqual(['1 created', '2 sent', `3 ${end}`]);
        expect(slot.current.seq).toBe(3);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
