import { checkConstants, createConstants, createOn } from '../../../../../test/builders/slot.builder';
import { useDatabase } from '../../../../../test/support/mongo';
import {
  at,
  attempt,
  EUR,
  events,
  fact,
  first,
  ReceiptWorld,
  target,
} from '../../../../../test/support/receipt-world';
import type { SlotDocument, VerificationRecord } from '../../slot';
import { checkPipeline } from '../check.pipeline';
import { claimPipeline } from '../lease.pipeline';
import type { ReceiptFact } from './attempt';
import type { ReceiptConstants } from './receipt.pipeline';

const SECOND = 1_000;

describe('receipts, inside the server', () => {
  const test = useDatabase();
  const world = new ReceiptWorld(test);
  const run = world.run.bind(world);
  const create = world.create.bind(world);
  const answer = world.answer.bind(world);
  const sent = world.sent.bind(world);
  const tell = world.tell.bind(world);

  it('accepted, sent, delivered: the state rises, and only the end is an event', async () => {
    let slot = await sent();
    slot = await tell(slot, 20, [fact('accepted')]);
    expect(first(slot)).toMatchObject({ state: 'accepted' });
    slot = await tell(slot, 30, [fact('sent')]);
    expect(first(slot)).toMatchObject({ state: 'sent', errorCode: null });
    expect(first(slot)).not.toHaveProperty('finalAt');
    expect(slot.current).toMatchObject({ seq: 2, rev: 2, uncopied: true });
    expect(slot.dueAt).toEqual(at(30));
    slot = await tell(slot, 40, [fact('delivered')]);
    expect(first(slot)).toMatchObject({ state: 'delivered', finalAt: at(40), provider: 'acme' });
    expect(slot.current).toMatchObject({ seq: 3, status: 'pending' });
    expect(events(slot)).toEqual(['1 created', '2 sent', '3 delivered']);
    expect(slot.pendingAudit[2]).toMatchObject({
      actor: 'job:test',
      data: { deliveryId: first(slot).id, state: 'delivered', provider: 'acme', errorCode: null },
    });
    expect(slot.ops.map((op) => op.outcome)).toEqual(['started', 'accepted', 'delivered']);
  });

  it('undelivered: with its reason', async () => {
    const slot = await tell(await sent(), 20, [fact('undelivered', { reason: 'blocked' })]);
    expect(first(slot)).toMatchObject({ state: 'undelivered', errorCode: 'blocked', finalAt: at(20) });
    expect(first(slot).attempts).toMatchObject([{ receipt: 'undelivered', reason: 'blocked' }]);
    expect(events(slot).at(-1)).toBe('3 undelivered');
  });

  // Catches: a repeat that counts as a change (a second event, a needless write).
  it.each<[string, ReceiptFact]>([
    ['accepted', fact('accepted')],
    ['sent', fact('sent')],
    ['delivered', fact('delivered')],
    ['undelivered', fact('undelivered')],
    ['a part', fact('delivered', { part: 'a', parts: 3, price: EUR(5) })],
    ['a price', fact('unknown', { price: EUR(5) })],
  ])('a repeat changes nothing at all: %s', async (_name, one) => {
    const slot = await tell(await sent(), 20, [one]);
    expect(await tell(slot, 30, [one, one])).toEqual(slot);
  });

  it('says nothing with a receipt that says nothing', async () => {
    const slot = await sent();
    expect(await tell(slot, 20, [fact('unknown'), fact('unknown')])).toEqual(slot);
  });

  // Catches: a final state that moves back, or to the other one.
  it.each(['accepted', 'sent', 'unknown', 'undelivered', 'delivered'] as const)(
    'a final state stays when %s comes later',
    async (late) => {
      for (const end of ['delivered', 'undelivered'] as const) {
        const slot = await tell(await sent(), 20, [fact(end)]);
        const after = await tell(slot, 30, [fact(late)]);
        expect(first(after)).toMatchObject({ state: end, finalAt: at(20) });
        expect(events(after)).toEqual(events(slot));
      }
    },
  );

  describe('of a message that two gateways may have sent', () => {
    const both = () =>
      sent([attempt('slow', { outcome: 'unknown', reason: 'timeout', reference: null }), attempt('acme')]);
    const slow = { gateway: 'slow' };

    it('is delivered when either text arrives, even after the other one did not', async () => {
      const failed = await tell(await both(), 20, [fact('undelivered')]);
      expect(first(failed)).toMatchObject({ state: 'undelivered', provider: 'acme' });
      const arrived = await tell(failed, 30, [fact('delivered')], slow);
      expect(first(arrived)).toMatchObject({
        state: 'delivered',
        provider: 'slow',
        reference: null,
        errorCode: null,
        finalAt: at(30),
      });
      expect(events(arrived).slice(2)).toEqual(['3 undelivered', '4 delivered']);
      expect(first(await tell(arrived, 40, [fact('undelivered')])).state).toBe('delivered');
    });

    // Catches: a failed duplicate that makes a text undelivered which is still on its way, or there.
    it('is not undelivered because the duplicate is', async () => {
      const slot = await tell(await both(), 20, [fact('undelivered')], slow);
      expect(first(slot)).toMatchObject({ state: 'accepted', provider: 'acme' });
      const arrived = await tell(slot, 30, [fact('delivered')]);
      expect(first(arrived)).toMatchObject({ state: 'delivered', provider: 'acme' });
    });

    it('goes by the last that may have taken it when none accepted', async () => {
      const unknown = { outcome: 'unknown', reason: 'timeout', reference: null };
      const slot = await sent([attempt('acme', unknown), attempt('other', { outcome: 'rejected' })], {});
      expect(first(await tell(slot, 20, [fact('sent')]))).toMatchObject({ state: 'sent', errorCode: null });
    });
  });

  // Catches: a gateway that touches what another one sent.
  it('changes nothing for a gateway that was not asked', async () => {
    const slot = await sent();
    expect(await tell(slot, 20, [fact('delivered')], { gateway: 'other' })).toEqual(slot);
    expect(await tell(slot, 20, [fact('delivered')], { deliveryId: 'other' })).toEqual(slot);
    expect(await tell(slot, 20, [fact('delivered')], { verificationId: 'other' })).toEqual(slot);
  });

  it('believes a gateway that was asked for certain, though nobody wrote it down', async () => {
    const slot = await sent([attempt('other')]);
    const failed = await tell(slot, 20, [fact('undelivered')], { proven: true });
    expect(first(failed)).toMatchObject({ state: 'accepted', provider: 'other' });
    const arrived = await tell(slot, 20, [fact('delivered')], { proven: true });
    expect(first(arrived)).toMatchObject({ state: 'delivered', provider: 'acme' });
    expect(first(arrived).attempts).toMatchObject([
      { provider: 'other' },
      { provider: 'acme', outcome: 'unknown', early: true, receipt: 'delivered' },
    ]);
  });

  it('is about the attempt with its reference, else the last of its gateway', async () => {
    const twice = [attempt('acme', { reference: 'a' }), attempt('acme', { reference: 'b' })];
    const receipts = async (reference: string | null) =>
      first(await tell(await sent(twice), 20, [fact('sent', { reference })])).attempts.map(
        (one) => one.receipt,
      );
    expect(await receipts('a')).toEqual(['sent', undefined]);
    expect(await receipts('b')).toEqual([undefined, 'sent']);
    expect(await receipts('c')).toEqual([undefined, 'sent']);
    expect(await receipts(null)).toEqual([undefined, 'sent']);
  });

  describe('before the result', () => {
    // Catches: a result that takes back what a receipt said, or that is lost because the state is not `sending`.
    it.each(['accepted', 'sent', 'delivered'] as const)(
      '%s stays, and the result is recorded',
      async (state) => {
        const early = await tell(await create(), 5, [fact(state, { price: EUR(7) })]);
        expect(first(early)).toMatchObject({ state, provider: 'acme', lease: { owner: 'me' } });
        const slot = await answer(early, 10, [attempt('acme', { latencyMs: 9 })]);
        expect(first(slot)).toMatchObject({
          state,
          provider: 'acme',
          reference: 'acme-1',
          attemptedAt: at(10),
        });
        expect(first(slot)).not.toHaveProperty('lease');
        expect(first(slot).attempts).toEqual([
          { ...attempt('acme', { latencyMs: 9 }), receipt: state, price: EUR(7), pricedParts: ['*'] },
        ]);
        if (state === 'delivered') expect(first(slot).finalAt).toEqual(at(5));
        const last = state === 'delivered' ? ['2 delivered', '3 sent'] : ['2 sent'];
        expect(events(slot)).toEqual(['1 created', ...last]);
        expect(slot.current.seq).toBe(last.length + 1);
      },
    );

    // Catches: a state that falls because another gateway took the text as well.
    it('what was told stays also when another gateway decides', async () => {
      const early = await tell(await create(), 5, [fact('sent')]);
      const unknown = attempt('acme', { outcome: 'unknown', reason: 'timeout' });
      const slot = await answer(early, 10, [unknown, attempt('other')]);
      expect(first(slot)).toMatchObject({ state: 'sent', provider: 'other' });
    });

    // Catches: another text while the gateways are still being asked.
    it('undelivered waits for the result, which then says so', async () => {
      const early = await tell(await create(), 5, [fact('undelivered', { reason: 'content' })]);
      expect(first(early)).toMatchObject({ state: 'sending', attempts: [{ receipt: 'undelivered' }] });
      expect(early.current).not.toHaveProperty('followAt');
      const slot = await answer(early, 10, [attempt('acme')]);
      expect(first(slot)).toMatchObject({ state: 'undelivered', errorCode: 'content', finalAt: at(10) });
      expect(slot.current).toMatchObject({
        seq: 3,
        followAt: at(10),
        followUp: { deliveryId: first(slot).id },
      });
      expect(events(slot)).toEqual(['1 created', '2 sent', '3 undelivered']);
      const other = await answer(early, 10, [attempt('acme', { outcome: 'unknown' }), attempt('other')]);
      expect(first(other)).toMatchObject({ state: 'accepted', provider: 'other' });
    });

    it('parts that came early count when the result tells how many there are', async () => {
      const early = await tell(await create(), 5, [
        fact('delivered', { part: 'a' }),
        fact('delivered', { part: 'b' }),
      ]);
      expect(first(early).state).toBe('sent');
      const slot = await answer(early, 10, [attempt('acme', { parts: 2 })]);
      expect(first(slot)).toMatchObject({ state: 'delivered', attempts: [{ deliveredParts: ['a', 'b'] }] });
    });

    it('a text that arrived gives no send back', async () => {
      const early = await tell(await create(), 5, [fact('delivered')]);
      const slot = await answer(early, 10, [attempt('acme', { outcome: 'rejected', reason: 'content' })]);
      expect(first(slot)).toMatchObject({ state: 'delivered' });
      expect(slot.sends).toHaveLength(1);
      expect(slot.current.refunds).toBe(0);
    });

    // Catches: a second text of a code that is there already, because its sender died.
    it('a delivery that was told of is not sent again when its sender died', async () => {
      const claim = (slot: SlotDocument) =>
        run(slot, claimPipeline(at(30_000)), { ...target(slot), leaseOwner: 'other', leaseMs: 30_000 });
      const told = await claim(await tell(await create(), 5, [fact('sent')]));
      expect(first(told)).toMatchObject({ state: 'sent' });
      expect(first(told)).not.toHaveProperty('lease');
      expect(told.ops.at(-1)).toMatchObject({ outcome: 'abandoned' });
      expect(events(told)).toEqual(['1 created']);
      expect(first(await tell(told, 31_000, [fact('delivered')]))).toMatchObject({ state: 'delivered' });
      const failed = await claim(await tell(await create(), 5, [fact('undelivered')]));
      expect(first(failed)).toMatchObject({ state: 'sending', lease: { owner: 'other', n: 2 } });
    });

    // Catches: a failure that waited for a result which never came, and is forgotten with the lease.
    it('a failure that waited for the result is told when its sender died', async () => {
      const told = await tell(await create(), 5, [fact('accepted')]);
      const failed = await world.takeOver(await tell(told, 6, [fact('undelivered')]), 30_000);
      expect(first(failed)).toMatchObject({ state: 'undelivered', errorCode: 'unreachable' });
      expect(first(failed)).not.toHaveProperty('lease');
      expect(events(failed)).toEqual(['1 created', '2 undelivered']);
      expect(failed.current.seq).toBe(2);
    });
  });

  describe('of a verification that has ended', () => {
    it('never changes how it ended', async () => {
      const slot = await sent();
      const approved = await run(slot, checkPipeline(at(15)), checkConstants(slot.current.id, '111111'));
      const after = await tell(approved, 20, [fact('undelivered')]);
      expect(after.current).toMatchObject({ status: 'approved', endedAt: at(15), seq: 4 });
      expect(after.current).not.toHaveProperty('followAt');
      expect(first(after).state).toBe('undelivered');
    });

    it('updates one that was replaced, where it is', async () => {
      const slot = await sent([attempt('acme')], { whenPending: 'replace' });
      const old = slot.current;
      const again = { whenPending: 'replace', cooldownMs: 0 } as const;
      const replaced = await run(slot, ...createOn(slot, at(15), createConstants(again)));
      const after = await tell(replaced, 20, [fact('delivered')], target(slot, old));
      const past = after.past[0] as VerificationRecord;
      expect(past).toMatchObject({ id: old.id, status: 'superseded', deliveries: [{ state: 'delivered' }] });
      expect(after.current).toEqual(replaced.current);
      expect(after.pendingAudit.at(-1)).toMatchObject({
        type: 'delivered',
        verificationId: old.id,
        seq: past.seq,
      });
      const failed = await tell(replaced, 20, [fact('undelivered')], target(slot, old));
      expect(failed.current).toEqual(replaced.current);
    });
  });

  describe('what follows', () => {
    const follows = async (
      ms: number,
      one: Partial<ReceiptFact> = {},
      more: Partial<ReceiptConstants> = {},
      ask: Parameters<typeof create>[0] = {},
    ) => (await tell(await sent(undefined, ask), ms, [fact('undelivered', one)], more)).current.followAt;

    it('undelivered in time makes the next gateway due', async () => {
      const slot = await tell(await sent(), 20, [fact('undelivered')]);
      expect(slot.current).toMatchObject({ followAt: at(20), followUp: { deliveryId: first(slot).id } });
      expect(slot.dueAt).toEqual(at(20));
    });

    // Catches: each of the conditions.
    it('not too late, not with too little life, not where it is switched off', async () => {
      expect(await follows(120_000)).toEqual(at(120_000));
      expect(await follows(120_001)).toBeUndefined();
      for (const ms of [0, 20]) expect(await follows(ms, {}, { withinMs: 0 })).toBeUndefined();
      const wide = { withinMs: 3_600_000 };
      expect(await follows(540_000, {}, wide)).toEqual(at(540_000));
      expect(await follows(540_001, {}, wide)).toBeUndefined();
      expect(await follows(30 * SECOND, {}, wide, { ttlMs: 60_000 })).toEqual(at(30 * SECOND));
      expect(await follows(30_001, {}, wide, { ttlMs: 60_000 })).toBeUndefined();
    });

    it.each(['invalid-number', 'blocked'])('after %s only another channel', async (reason) => {
      expect(await follows(20, { reason })).toBeUndefined();
      expect(await follows(20, { reason }, {}, { channels: ['sms', 'voice'] })).toEqual(at(20));
    });

    it('not after an older delivery, and not when the text arrived', async () => {
      const slot = await sent();
      const newer = { ...first(slot), id: 'newer' };
      const two = { ...slot, current: { ...slot.current, deliveries: [first(slot), newer] } };
      const after = await tell(two, 20, [fact('undelivered')]);
      expect(after.current.deliveries.map((one) => one.state)).toEqual(['undelivered', 'accepted']);
      expect(after.current).not.toHaveProperty('followAt');
      expect((await tell(slot, 20, [fact('delivered')])).current).not.toHaveProperty('followAt');
    });
  });

  it('reads nothing in a constant as a path', async () => {
    const slot = await sent();
    const hostile = fact('delivered', { part: '$current.mac', reference: '$$ROOT', parts: 9 });
    const after = await tell(slot, 20, [hostile]);
    expect(first(after).attempts).toMatchObject([{ deliveredParts: ['$current.mac'] }]);
  });
});
