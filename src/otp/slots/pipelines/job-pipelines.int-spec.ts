import { checkConstants, createConstants, createOn } from '../../../../test/builders/slot.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { throughPipeline } from '../../../../test/support/pipeline-runner';
import { checkPipeline, unlockPipeline } from './check.pipeline';
import { resultPipeline } from './delivery.pipeline';
import { expirePipeline } from './expire.pipeline';
import type { Pipeline } from './expressions';
import { FORGET_AFTER_MS, settlePipeline, tidyPipeline, type SettleConstants } from './settle.pipeline';
import type { SlotDocument, VerificationRecord } from '../slot';

const T0 = Date.UTC(2026, 0, 1);
const at = (ms: number): Date => new Date(T0 + ms);
const DAY_MS = 86_400_000;
const TTL_MS = 600_000;

describe('job pipelines, inside the server', () => {
  const test = useDatabase();
  const run = (slot: object, pipeline: Pipeline, constants: object) =>
    throughPipeline<SlotDocument>(test.durableDb, slot, pipeline, constants);
  const create = (slot: object, ms: number, ask: Parameters<typeof createConstants>[0] = {}) => {
    const constants = createConstants({ whenPending: 'replace', cooldownMs: 0, ...ask });
    return run(slot, ...createOn(slot, at(ms), constants));
  };
  const expire = (slot: SlotDocument, ms: number) =>
    run(slot, expirePipeline(at(ms)), { op: `expire-${ms}`, actor: 'job:expiry' });
  const settle = (slot: SlotDocument, ms: number, constants: Partial<SettleConstants> = {}) =>
    run(slot, settlePipeline(at(ms)), { ...everythingOf(slot), ...constants });
  const approve = (slot: SlotDocument, ms: number) =>
    run(slot, checkPipeline(at(ms)), checkConstants(slot.current.id, '111111'));
  const report = (slot: SlotDocument, ms: number, record: VerificationRecord) =>
    run(slot, resultPipeline(at(ms)), {
      op: `result-${ms}`,
      actor: 'job:delivery',
      verificationId: record.id,
      deliveryId: record.deliveries[0]!.id,
      leaseOwner: 'me',
      leaseN: 1,
      result: { state: 'accepted', provider: 'console', reference: null, errorCode: null },
      attempts: [],
    });

  describe('expiry', () => {
    it('leaves a verification alone in its last millisecond and ends it in the next', async () => {
      const slot = await create({ _id: 's' }, 0);
      expect(await expire(slot, TTL_MS - 1)).toEqual(slot);
      const expired = await expire(slot, TTL_MS);
      expect(expired.current).toMatchObject({ status: 'expired', endedAt: at(TTL_MS), seq: 2 });
      expect(expired.current).not.toHaveProperty('mac');
      expect(expired.current).not.toHaveProperty('sealed');
    });

    it('queues one event with the moment of expiry, however late and often the job comes', async () => {
      const expired = await expire(await create({ _id: 's' }, 0), TTL_MS + DAY_MS);
      expect(await expire(expired, TTL_MS + 2 * DAY_MS)).toEqual(expired);
      expect(expired.pendingAudit.map(({ type, seq, at: when }) => [type, seq, when])).toEqual([
        ['created', 1, at(0)],
        ['expired', 2, at(TTL_MS)],
      ]);
      expect(expired.dueAt).toEqual(at(TTL_MS + DAY_MS));
    });

    it('does not touch what has ended otherwise', async () => {
      const approved = await approve(await create({ _id: 's' }, 0), 1);
      expect(await expire(approved, TTL_MS)).toEqual(approved);
    });
  });

  describe('settling', () => {
    it('is due at the end of the lease, then at expiry, then a day after the end', async () => {
      const fresh = await settle(await create({ _id: 's' }, 0), 5);
      expect(fresh).toMatchObject({ pendingAudit: [], dueAt: at(30_000), purgeAt: at(5 + 30 * DAY_MS) });
      const sent = await report(fresh, 100, fresh.current);
      expect(sent).not.toHaveProperty('purgeAt');
      expect((await settle(sent, 101)).dueAt).toEqual(at(TTL_MS));
      const approved = await approve(sent, 1_000);
      expect((await settle(approved, 1_001)).dueAt).toEqual(at(1_000 + FORGET_AFTER_MS));
    });

    it('removes exactly the events that were read: one that came meanwhile stays, and is due at once', async () => {
      const read = everythingOf(await create({ _id: 's' }, 0, { id: 'v' }));
      const later = await approve(await create({ _id: 's' }, 0, { id: 'v' }), 10);
      const settled = await settle(later, 20, read);
      expect(settled.pendingAudit.map((event) => event.type)).toEqual(['approved']);
      expect(settled.dueAt).toEqual(at(20));
      expect(settled).not.toHaveProperty('purgeAt');
    });

    it('changes nothing the second time', async () => {
      const slot = await approve(await create({ _id: 's' }, 0), 10);
      const once = await settle(slot, 20);
      expect(await settle(once, 30, everythingOf(slot))).toEqual(once);
    });

    it('turns a copied past verification into a tombstone and keeps it findable for a day', async () => {
      const first = await approve(await create({ _id: 's' }, 0, { id: 'old' }), 10);
      const reported = await report(first, 20, first.current);
      const settled = await settle(await create(reported, 1_000, { id: 'new' }), 1_010);
      expect(settled.past).toEqual([{ id: 'old', status: 'approved', endedAt: at(10), tombstone: true }]);
      expect(settled.ids).toEqual(['old', 'new']);
    });

    it('keeps a past verification whole that changed since it was copied', async () => {
      const slot = await create({ _id: 's' }, 0, { id: 'old' });
      const replaced = await create(slot, 1_000, { id: 'new' });
      const read = everythingOf(replaced);
      const changed = await report(replaced, 2_000, slot.current);
      const settled = await settle(changed, 2_010, read);
      expect(settled.past).toMatchObject([{ id: 'old', seq: 3 }]);
      expect(settled.past[0]).not.toHaveProperty('tombstone');
      expect(settled).toMatchObject({ dueAt: at(2_010), pendingAudit: [{ type: 'sent', seq: 3 }] });
    });

    it('keeps a past verification whole while a gateway may still answer, until a minute after the lease', async () => {
      const replaced = await create(await create({ _id: 's' }, 0, { id: 'old' }), 1_000, { id: 'new' });
      const waiting = await settle(replaced, 89_999);
      expect(waiting.past[0]).not.toHaveProperty('tombstone');
      expect(waiting).toMatchObject({ pendingAudit: [], dueAt: at(30_000) });
      expect(waiting).not.toHaveProperty('purgeAt');
      expect((await settle(waiting, 90_000)).past).toMatchObject([{ id: 'old', tombstone: true }]);
    });

    // Catches: a result that a busy job had no time to join in a minute, lost with its event.
    it('keeps a past verification whole until a result that was put down is joined', async () => {
      const replaced = await create(await create({ _id: 's' }, 0, { id: 'old' }), 1_000, { id: 'new' });
      const past = structuredClone(replaced.past) as VerificationRecord[];
      past[0]!.deliveries[0]!.answered = { at: at(5) };
      const waiting = await settle({ ...replaced, past }, 3_600_000);
      expect(waiting.past[0]).not.toHaveProperty('tombstone');
      expect(waiting).toMatchObject({ dueAt: at(30_000) });
    });

    it('drops named tombstones only, and their ids with them', async () => {
      const past = [tombstone('a', 0), tombstone('b', 0)];
      const slot = { ...(await create({ _id: 's' }, 10)), past, ids: ['a', 'b', 'x'] };
      const settled = await settle(slot, 20, { dropped: ['a', slot.current.id] });
      expect(settled.past).toEqual([tombstone('b', 0)]);
      expect(settled.ids).toEqual(['b', slot.current.id]);
    });

    it('never lets a recipient be purged who is locked for good', async () => {
      const slot = await approve(await create({ _id: 's' }, 0), 10);
      expect(await settle({ ...slot, failures: 100 }, 20)).not.toHaveProperty('purgeAt');
      expect(await settle({ ...slot, failures: 99 }, 20)).toHaveProperty('purgeAt', at(20 + 30 * DAY_MS));
    });

    it('is due for nothing when nothing is left', async () => {
      const slot = await approve(await create({ _id: 's' }, 0), 10);
      const sent = await report(slot, 20, slot.current);
      const bare = { ...sent, current: { ...sent.current, personal: null } };
      expect(await settle(bare, 30)).not.toHaveProperty('dueAt');
    });

    it('reads nothing in a constant as a path', async () => {
      const slot = await create({ _id: 's' }, 0);
      const settled = await settle(slot, 10, {
        dropped: ['$current.id'],
        copied: [{ id: '$past.id', seq: 1, rev: 0 }],
      });
      expect(settled.ids).toEqual([slot.current.id]);
    });
  });

  describe('tidying', () => {
    const tidy = (slot: SlotDocument, ms: number, erased: string[]) =>
      run(slot, tidyPipeline(at(ms)), { erased });

    it('removes personal data and tombstones that are named, and what operations left a day ago', async () => {
      const slot = await approve(await create({ _id: 's' }, 0, { id: 'v' }), 1_000);
      const sent = await settle(await report(slot, 2_000, slot.current), 2_001);
      const full = { ...sent, past: [tombstone('a', 0), tombstone('b', 500)], ids: ['a', 'b', 'v'] };
      const tidied = await tidy(full, DAY_MS + 1_000, ['a', 'v']);
      expect(tidied.current).toMatchObject({ personal: null, transactionDigest: null, status: 'approved' });
      expect(tidied.past).toEqual([tombstone('b', 500)]);
      expect(tidied.ids).toEqual(['b', 'v']);
      expect(tidied.ops.map((op) => op.at)).toEqual([at(2_000)]);
      expect(tidied.dueAt).toEqual(at(500 + FORGET_AFTER_MS));
      expect(await tidy(tidied, DAY_MS + 1_000, ['a', 'v'])).toEqual(tidied);
    });

    it('never takes personal data from a verification that is still alive', async () => {
      const slot = await settle(await create({ _id: 's' }, 0, { id: 'v' }), 1);
      expect((await tidy(slot, 2, ['v'])).current).toEqual(slot.current);
    });

    it('does not move the purge: nothing happened', async () => {
      const slot = await settle(await approve(await create({ _id: 's' }, 0, { id: 'v' }), 1), 2);
      expect((await tidy(slot, DAY_MS, ['v'])).purgeAt).toEqual(slot.purgeAt);
    });

    it('puts right a dueAt that stands for nothing', async () => {
      const slot = await settle(await approve(await create({ _id: 's' }, 0), 1), 2);
      const healed = { ...slot, dueAt: at(2), current: { ...slot.current, deliveries: [] } };
      expect((await tidy(healed, 3, [])).dueAt).toEqual(at(1 + FORGET_AFTER_MS));
    });
  });

  it('survives an unlock after the end: the version grows, the copy follows', async () => {
    const slot = await settle(await approve(await create({ _id: 's' }, 0), 1), 2);
    const unlocked = await run({ ...slot, failures: 12 }, unlockPipeline(at(DAY_MS)), {
      op: 'u',
      actor: 'admin',
    });
    expect(unlocked).toMatchObject({ dueAt: at(DAY_MS), pendingAudit: [{ type: 'unlocked', seq: 3 }] });
    expect(unlocked).not.toHaveProperty('purgeAt');
  });
});

const tombstone = (id: string, endedAt: number) =>
  ({ id, status: 'superseded', endedAt: at(endedAt), tombstone: true }) as const;

/** What a drain that has just read this slot would settle. */
function everythingOf(slot: SlotDocument): SettleConstants {
  const whole = slot.past.filter((entry): entry is VerificationRecord => !('tombstone' in entry));
  return {
    events: slot.pendingAudit.map(({ verificationId, seq }) => ({ verificationId, seq })),
    copied: whole.map(({ id, seq, rev = 0 }) => ({ id, seq, rev })),
    dropped: [],
  };
}
