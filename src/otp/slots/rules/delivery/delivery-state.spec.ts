import fc from 'fast-check';
import {
  aClaim,
  aFact,
  aReceipt,
  answered,
  aResult,
  EUR,
  eventsOf,
  firstDelivery,
  sentSlot,
  told,
} from '../../../../../test/builders/delivery.builder';
import { anAttempt, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { DeliveryState, Slot } from '../../slot';
import type { Decision } from '../decision';
import { claim } from './claim';
import { receipt } from './receipt';
import { result } from './result';

describe('a message that two gateways may have sent', () => {
  const both = sentSlot([
    anAttempt({ provider: 'slow', outcome: 'unknown', reason: 'timeout', reference: null }),
    anAttempt(),
  ]);
  const slow = { gateway: 'slow' };

  it('is delivered when either text arrives, even after the other one did not', () => {
    const failed = told(both, 20, [aFact('undelivered')]);
    expect(firstDelivery(failed)).toMatchObject({ state: 'undelivered', provider: 'acme' });
    const arrived = told(failed, 30, [aFact('delivered')], slow);
    expect(firstDelivery(arrived)).toMatchObject({
      state: 'delivered',
      provider: 'slow',
      reference: null,
      errorCode: null,
      finalAt: at(30),
    });
    expect(eventsOf(arrived).slice(1)).toEqual(['3 undelivered', '4 delivered']);
    expect(firstDelivery(told(arrived, 40, [aFact('undelivered')])).state).toBe('delivered');
  });

  // Catches: a failed duplicate that makes a text undelivered which is still on its way, or there.
  it('is not undelivered because the duplicate is', () => {
    const slot = told(both, 20, [aFact('undelivered')], slow);
    expect(firstDelivery(slot)).toMatchObject({ state: 'accepted', provider: 'acme' });
    const arrived = told(slot, 30, [aFact('delivered')]);
    expect(firstDelivery(arrived)).toMatchObject({ state: 'delivered', provider: 'acme' });
  });

  it('goes by the last that may have taken it when none accepted', () => {
    const unknown = { outcome: 'unknown', reason: 'timeout', reference: null };
    const slot = sentSlot([anAttempt(unknown), anAttempt({ provider: 'other', outcome: 'rejected' })]);
    expect(firstDelivery(told(slot, 20, [aFact('sent')]))).toMatchObject({ state: 'sent', errorCode: null });
  });
});

/** A gateway that was asked, and what it tells in the end of each of the parts. */
const gateway = (provider: string) =>
  fc.record({
    provider: fc.constant(provider),
    outcome: fc.constantFrom('accepted', 'unknown', 'rejected'),
    ends: fc.array(fc.constantFrom('delivered' as const, 'undelivered' as const), {
      minLength: 1,
      maxLength: 3,
    }),
    noise: fc.array(fc.constantFrom('accepted' as const, 'sent' as const, 'unknown' as const), {
      maxLength: 2,
    }),
    tellsParts: fc.boolean(),
  });

const scene = fc
  .uniqueArray(fc.constantFrom('acme', 'other', 'slow'), { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map(gateway)))
  .chain((gateways) => {
    // A gateway may be skipped before it is called; no receipt is about that.
    const skipped = gateways.map(({ provider }) =>
      anAttempt({ provider, outcome: 'skipped', reason: 'paused', reference: null, parts: 0 }),
    );
    const calls = gateways.map(({ provider, outcome, ends }) =>
      anAttempt({ provider, outcome, parts: ends.length, reason: outcome === 'accepted' ? null : 'content' }),
    );
    const receipts = gateways.flatMap(({ provider, ends, noise, tellsParts }) =>
      [
        ...ends.map((state, n) =>
          aFact(state, { part: `${n}`, price: EUR(n + 1), parts: tellsParts ? ends.length : null }),
        ),
        ...noise.map((state) => aFact(state)),
      ].map((fact) => aReceipt([fact], { gateway: provider })),
    );
    const doubled = fc.subarray(receipts).map((some) => [...receipts, ...some]);
    const order = doubled.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    return fc.record({
      attempts: fc.constant([...skipped, ...calls]),
      order,
      other: order,
      resultAt: fc.nat({ max: receipts.length }),
    });
  });

type Step = (slot: Slot, now: Date) => Decision<unknown>;
const ranks: readonly DeliveryState[] = ['accepted', 'sent', 'undelivered', 'delivered'];
const rank = (slot: Slot): number => ranks.indexOf(firstDelivery(slot).state);
const finalOf = (slot: Slot): DeliveryState | null => (rank(slot) >= 2 ? firstDelivery(slot).state : null);

/** Each step, and at once again: the repeat must change nothing, and no step may take anything back. */
function through(steps: readonly Step[]): Slot {
  return steps.reduce((slot, step, n) => {
    const decision = step(slot, at(n));
    const after = decision.next ?? slot;
    expect(step(after, at(n + 1)).next).toBeUndefined();
    expect(rank(after)).toBeGreaterThanOrEqual(rank(slot));
    expect(after.current.seq - slot.current.seq).toBe(after.outbox.length - slot.outbox.length);
    return after;
  }, aSlot());
}

describe('a result and receipts', () => {
  it('lead to the same final state in whatever order they come', () => {
    fc.assert(
      fc.property(scene, ({ attempts, order, other, resultAt }) => {
        const said: Step = (slot, now) => result(slot, aResult(attempts), now);
        const tells = (all: typeof order): Step[] => all.map((one) => (slot, now) => receipt(slot, one, now));
        const first = through([said, ...tells(order)]);
        const between = through([...tells(other).slice(0, resultAt), said, ...tells(other).slice(resultAt)]);
        const last = through([...tells(order), said]);
        expect([finalOf(between), finalOf(last)]).toEqual([finalOf(first), finalOf(first)]);
        for (const slot of [first, between, last]) {
          expect(firstDelivery(slot).finalAt !== undefined).toBe(finalOf(slot) !== null);
          expect(firstDelivery(slot)).not.toHaveProperty('lease');
          expect(
            firstDelivery(slot).attempts.map(({ provider, parts, price }) => ({ provider, parts, price })),
          ).toEqual(
            firstDelivery(first).attempts.map(({ provider, parts, price }) => ({ provider, parts, price })),
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  // A job may take the lease away between any two of them: then nobody writes the result down.
  it('take nothing back when the sender dies in between', () => {
    const takeOver: Step = (slot, now) => claim(slot, aClaim(), new Date(now.getTime() + 30_000));
    fc.assert(
      fc.property(scene, ({ attempts, order, resultAt }) => {
        const said: Step = (slot, now) => result(slot, aResult(attempts), now);
        const tells: Step[] = order.map((one) => (slot, now) => receipt(slot, one, now));
        through([...tells.slice(0, resultAt), takeOver, ...tells.slice(resultAt), said]);
      }),
      { numRuns: 100 },
    );
  });

  it('are recorded in one step when the answer comes last', () => {
    const early = told(aSlot(), 5, [aFact('delivered')]);
    expect(eventsOf(answered(early, 10))).toEqual(['2 delivered', '3 sent']);
  });
});
