import {
  checkConstants,
  createConstants,
  createOn,
  newDelivery,
  resendConstants,
} from '../../../../test/builders/slot.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { throughPipeline } from '../../../../test/support/pipeline-runner';
import { cancelPipeline, checkPipeline, unlockPipeline } from './check.pipeline';
import { createPipeline } from './create.pipeline';
import { resendPipeline } from './resend.pipeline';
import { resultPipeline } from './delivery.pipeline';
import { claimPipeline, releasePipeline } from './lease.pipeline';
import { healClock } from './expressions';
import type { Pipeline } from './expressions';
import type { SlotDocument, VerificationRecord } from '../slot';

const T0 = Date.UTC(2026, 0, 1);
const at = (ms: number): Date => new Date(T0 + ms);
const EMPTY = { _id: 'slot' };

describe('slot pipelines, inside the server', () => {
  const test = useDatabase();
  const run = (slot: object, pipeline: Pipeline, constants: object) =>
    throughPipeline<SlotDocument>(test.durableDb, slot, pipeline, constants);
  const create = (slot: object, ms: number, ask: Parameters<typeof createConstants>[0] = {}) =>
    run(slot, ...createOn(slot, at(ms), createConstants(ask)));
  const check = (slot: SlotDocument, ms: number, code: string, id = slot.current.id) =>
    run(slot, checkPipeline(at(ms)), checkConstants(id, code));
  const types = (slot: SlotDocument) => slot.pendingAudit.map((event) => event.type);

  const ttlTable = [30_000, 600_000, 86_400_000];
  it.each(ttlTable)(
    'accepts the right code until the last millisecond of a life of %d ms, and not at its end',
    async (ttlMs) => {
      const slot = await create(EMPTY, 0, { ttlMs });
      expect((await check(slot, ttlMs - 1, '111111')).current.status).toBe('approved');
      expect(await check(slot, ttlMs, '111111')).toEqual(slot);
    },
  );

  it('removes the code in the write that approves, and clears failures, lock, sends', async () => {
    const wrong = await check(await create(EMPTY, 0), 1, '000000');
    const right = await check({ ...wrong, lockedUntil: at(0) }, 2, '111111');
    expect(right.current).toMatchObject({ status: 'approved', checksUsed: 2, endedAt: at(2) });
    expect(right.current).not.toHaveProperty('mac');
    expect(right.current).not.toHaveProperty('sealed');
    expect(right).toMatchObject({ failures: 0, sends: [] });
    expect(right).not.toHaveProperty('lockedUntil');
    expect(await check(right, 3, '111111')).toEqual(right);
  });

  it('ends the verification with the last wrong guess itself', async () => {
    let slot = await create(EMPTY, 0, { maxChecks: 3 });
    for (const ms of [1, 2, 3]) slot = await check(slot, ms, '000000');
    expect(slot.current).toMatchObject({ status: 'failed', checksUsed: 3, endedAt: at(3) });
    expect(slot.current).not.toHaveProperty('mac');
    expect(types(slot)).toEqual(['created', 'check_failed', 'check_failed', 'check_failed', 'failed']);
    expect(await check(slot, 4, '111111')).toEqual(slot);
  });

  const ladder: [number, number | null][] = [
    [9, null],
    [10, 30],
    [11, 60],
    [16, 1920],
    [17, 3600],
    [99, 3600],
  ];
  it.each(ladder)('after consecutive failure %d the recipient waits %p seconds', async (n, seconds) => {
    const fresh = await create(EMPTY, 0, { maxChecks: 10 });
    const slot = await check({ ...fresh, failures: n - 1 }, 5, '000000');
    expect(slot.failures).toBe(n);
    expect(slot.lockedUntil).toEqual(seconds === null ? undefined : at(5 + seconds * 1000));
    if (seconds === null) return;
    const end = 5 + seconds * 1000;
    const again = await create({ ...slot, lockedUntil: at(end) }, end - 1, { whenPending: 'replace' });
    expect(again).toEqual(slot);
  });

  it('locks for good at failure 100, until an unlock', async () => {
    const fresh = await create(EMPTY, 0, { ttlMs: 86_400_000 });
    const slot = await check({ ...fresh, failures: 99 }, 5, '000000');
    expect(slot).not.toHaveProperty('lockedUntil');
    expect(types(slot)).toContain('locked');
    expect(await check(slot, 80_000_000, '111111')).toEqual(slot);
    const unlocked = await run(slot, unlockPipeline(at(6)), { op: 'u', actor: 'key:test' });
    expect(unlocked.failures).toBe(0);
    expect((await check(unlocked, 7, '111111')).current.status).toBe('approved');
  });

  it('keeps the failures over a new verification: a new code is no new budget', async () => {
    const slot = await check(await create(EMPTY, 0), 1, '000000');
    const replaced = await create(slot, 30_000, { whenPending: 'replace' });
    expect(replaced.failures).toBe(1);
    expect(replaced.current.checksUsed).toBe(0);
  });

  it('never joins a verification with under a minute, or a fifth of its life, left: it replaces', async () => {
    const slot = await create(EMPTY, 0);
    expect((await create(slot, 540_000)).current.id).toBe(slot.current.id);
    expect((await create(slot, 540_001)).current.id).not.toBe(slot.current.id);
    const short = await create(EMPTY, 0, { ttlMs: 50_000, cooldownMs: 0 });
    expect((await create(short, 40_000, { cooldownMs: 0 })).current.id).toBe(short.current.id);
    expect((await create(short, 40_001, { cooldownMs: 0 })).current.id).not.toBe(short.current.id);
  });

  it('never joins when the transaction differs', async () => {
    const slot = await create(EMPTY, 0, { transaction: 'EUR 5' });
    expect((await create(slot, 30_000, { transaction: 'EUR 5' })).current.id).toBe(slot.current.id);
    const replaced = await create(slot, 30_000, { transaction: 'EUR 6' });
    expect(replaced.past).toMatchObject([{ id: slot.current.id, status: 'superseded', endedAt: at(30_000) }]);
    expect(replaced.past[0]).not.toHaveProperty('mac');
    expect(replaced.past[0]).not.toHaveProperty('sealed');
    expect(types(replaced)).toEqual(['created', 'superseded', 'created']);
  });

  it('retires an expired verification as expired at its expiry, not as superseded', async () => {
    const slot = await create(await create(EMPTY, 0), 700_000);
    expect(slot.past).toMatchObject([{ status: 'expired', endedAt: at(600_000) }]);
    expect(slot.pendingAudit[1]).toMatchObject({ type: 'expired', at: at(600_000), seq: 2 });
  });

  it('leaves the live code alone when it refuses a create, whatever the reason', async () => {
    const slot = await create(EMPTY, 0);
    expect(await create(slot, 29_999)).toEqual(slot);
    expect(await create(slot, 29_999, { whenPending: 'replace' })).toEqual(slot);
    expect(await create(slot, 50_000, { whenPending: 'reject' })).toEqual(slot);
    expect(await create(slot, 50_000, { sendsMax: 1 })).toEqual(slot);
    expect(await create({ ...slot, failures: 100 }, 50_000)).toEqual({ ...slot, failures: 100 });
    expect((await check(slot, 50_000, '111111')).current.status).toBe('approved');
  });

  it('counts sends to the millisecond of the window, and the cool-down to its end', async () => {
    const slot = await create(EMPTY, 0, { ttlMs: 86_400_000 });
    const rules = { sendsMax: 1, windowMs: 60_000, cooldownMs: 30_000 };
    const resend = (ms: number, more = {}) =>
      run(slot, resendPipeline(at(ms)), resendConstants(slot.current.id, { ...rules, ...more }));
    expect(await resend(59_999)).toEqual(slot);
    expect((await resend(60_000)).sends).toEqual([at(60_000)]);
    expect(await resend(29_999, { sendsMax: 2 })).toEqual(slot);
    expect((await resend(30_000, { sendsMax: 2 })).sends).toEqual([at(0), at(30_000)]);
  });

  it('runs an operation once, however often it is sent', async () => {
    const constants = createConstants();
    const once = await run(EMPTY, ...createOn(EMPTY, at(0), constants));
    expect(await run(once, createPipeline(at(40_000)), constants)).toEqual(once);
    const guess = checkConstants(once.current.id, '000000');
    const checked = await run(once, checkPipeline(at(1)), guess);
    expect(await run(checked, checkPipeline(at(2)), guess)).toEqual(checked);
  });

  it('charges nothing for a code whose key this instance does not know', async () => {
    const slot = await create(EMPTY, 0, { kid: 'k2' });
    expect(await check(slot, 1, '111111')).toEqual(slot);
    const known = checkConstants(slot.current.id, '111111', ['k1', 'k2']);
    expect((await run(slot, checkPipeline(at(1)), known)).current.status).toBe('approved');
  });

  it('treats the words of a client as words: nothing is read as a field or an operator', async () => {
    const nasty = '$current.mac';
    const constants = createConstants({ purpose: nasty });
    const slot = await run(
      EMPTY,
      ...createOn(EMPTY, at(0), {
        ...constants,
        record: { ...constants.record, masked: '$$ROOT', country: { $ne: 1 } as never },
      }),
    );
    expect(slot.purpose).toBe(nasty);
    expect(slot.current).toMatchObject({ masked: '$$ROOT', country: { $ne: 1 } });
  });

  it('sets a new verification whole: nothing of the old one shows through', async () => {
    const first = await create(EMPTY, 0);
    const odd = { ...first, current: { ...first.current, leftover: 'old' } };
    const second = await create(odd, 700_000);
    expect(second.current).not.toHaveProperty('leftover');
  });

  describe('deliveries', () => {
    const result = (slot: SlotDocument, over: object = {}) => ({
      op: 'r1',
      actor: 'job:delivery',
      verificationId: slot.current.id,
      deliveryId: slot.current.deliveries[0]?.id,
      leaseOwner: 'me',
      leaseN: 1,
      result: { state: 'accepted', provider: 'http', reference: 'x', errorCode: null },
      attempts: [{ provider: 'http', outcome: 'accepted', reason: null, latencyMs: 3 }],
      ...over,
    });
    const rejected = {
      result: { state: 'rejected', provider: 'http', reference: null, errorCode: 'blocked' },
    };

    it('writes the result of its own lease only: a paused instance that comes back changes nothing', async () => {
      const slot = await create(EMPTY, 0);
      const done = await run(slot, resultPipeline(at(9)), result(slot));
      expect(done.current.deliveries).toMatchObject([
        { state: 'accepted', provider: 'http', attemptedAt: at(9) },
      ]);
      expect(done.current.deliveries[0]).not.toHaveProperty('lease');
      expect(types(done)).toEqual(['created', 'sent']);
      expect(await run(slot, resultPipeline(at(9)), result(slot, { leaseOwner: 'other' }))).toEqual(slot);
      expect(await run(slot, resultPipeline(at(9)), result(slot, { leaseN: 2 }))).toEqual(slot);
    });

    it('gives a rejected send and its cool-down back, three times per verification', async () => {
      let slot = await create(EMPTY, 0, { ttlMs: 86_400_000 });
      for (const n of [1, 2, 3, 4]) {
        const delivery = slot.current.deliveries.at(-1);
        const said = result(slot, { ...rejected, op: `r${n}`, deliveryId: delivery?.id });
        slot = await run(slot, resultPipeline(at(n)), said);
        expect(slot.sends).toHaveLength(n < 4 ? 0 : 1);
        if (n === 4) break;
        slot = await run(slot, resendPipeline(at(n)), resendConstants(slot.current.id));
      }
      expect(slot.current.refunds).toBe(3);
    });

    it('gives back exactly one of several sends', async () => {
      const first = await create(EMPTY, 0);
      const second = await run(first, resendPipeline(at(30_000)), resendConstants(first.current.id));
      const third = await run(second, resendPipeline(at(60_000)), resendConstants(first.current.id));
      for (const [index, left] of [
        [0, [30_000, 60_000]],
        [1, [0, 60_000]],
        [2, [0, 30_000]],
      ] as const) {
        const said = result(third, { ...rejected, deliveryId: third.current.deliveries[index]?.id });
        const after = await run(third, resultPipeline(at(70_000)), said);
        expect(after.sends).toEqual(left.map(at));
      }
    });

    it('updates the delivery of a past verification without touching a status', async () => {
      const slot = await create(EMPTY, 0);
      const replaced = await create(slot, 30_000, { whenPending: 'replace' });
      const after = await run(replaced, resultPipeline(at(30_001)), result(slot));
      expect(after.past).toMatchObject([
        { status: 'superseded', deliveries: [{ state: 'accepted' }], seq: 3 },
      ]);
      expect(after.current).toEqual(replaced.current);
      expect(after.pendingAudit.at(-1)).toMatchObject({
        type: 'sent',
        verificationId: slot.current.id,
        seq: 3,
      });
    });

    const claim = (slot: SlotDocument) => ({
      op: 'c1',
      actor: 'job:redispatch',
      verificationId: slot.current.id,
      deliveryId: slot.current.deliveries[0]?.id,
      leaseOwner: 'other',
      leaseMs: 30_000,
    });

    it('lets a delivery be claimed from the end of its lease, never before', async () => {
      const slot = await create(EMPTY, 0);
      expect(await run(slot, claimPipeline(at(29_999)), claim(slot))).toEqual(slot);
      const claimed = await run(slot, claimPipeline(at(30_000)), claim(slot));
      expect(claimed.current.deliveries[0]?.lease).toEqual({ owner: 'other', n: 2, until: at(60_000) });
      expect(claimed.current.seq).toBe(slot.current.seq);
    });

    it('gives a delivery up after the end, and with under a minute or half its life left', async () => {
      const slot = await create(EMPTY, 0);
      const approved = await check(slot, 1, '111111');
      for (const [state, ms] of [
        [approved, 30_000],
        [slot, 540_001],
      ] as const) {
        const after = await run(state, claimPipeline(at(ms)), claim(slot));
        expect(after.current.deliveries).toMatchObject([{ state: 'unknown', errorCode: 'lease_expired' }]);
        expect(types(after).at(-1)).toBe('send_failed');
      }
      const short = await create(EMPTY, 0, { ttlMs: 60_000 });
      expect((await run(short, claimPipeline(at(30_000)), claim(short))).ops.at(-1)?.outcome).toBe('claimed');
      expect((await run(short, claimPipeline(at(30_001)), claim(short))).ops.at(-1)?.outcome).toBe(
        'abandoned',
      );
    });

    // Catches: no bound on attempts; a process that dies of an answer would text the same code for hours.
    it('gives a delivery up after ten owners', async () => {
      const slot = await create(EMPTY, 0, { ttlMs: 86_400_000 });
      const owned = (n: number): SlotDocument => {
        const [delivery] = slot.current.deliveries;
        const lease = { owner: 'gone', n, until: at(30_000) };
        return { ...slot, current: { ...slot.current, deliveries: [{ ...delivery!, lease }] } };
      };
      const outcome = async (n: number) =>
        (await run(owned(n), claimPipeline(at(30_000)), claim(slot))).ops.at(-1)?.outcome;
      expect([await outcome(9), await outcome(10)]).toEqual(['claimed', 'abandoned']);
    });

    it('ends the lease of its owner at once on release', async () => {
      const slot = await create(EMPTY, 0);
      const ask = { ...claim(slot), leaseOwner: 'me', leaseN: 1 };
      const released = await run(slot, releasePipeline(at(5)), ask);
      expect(released.current.deliveries[0]?.lease?.until).toEqual(at(5));
      expect(await run(slot, releasePipeline(at(5)), { ...ask, leaseN: 2 })).toEqual(slot);
    });
  });

  it('cancels while the recipient is locked, and only what is live', async () => {
    const slot = await create(EMPTY, 0);
    const ask = { applicationId: 'app', op: 'x', actor: 'key:test', verificationId: slot.current.id };
    const canceled = await run({ ...slot, failures: 100 }, cancelPipeline(at(1)), ask);
    expect(canceled.current).toMatchObject({ status: 'canceled', endedAt: at(1) });
    expect(canceled.current).not.toHaveProperty('mac');
    expect(await run(slot, cancelPipeline(at(600_000)), ask)).toEqual(slot);
  });

  it('pulls times of a clock that was stepped back to now plus their policy, and no others', async () => {
    const slot = await create(EMPTY, 0);
    const heal = (state: object, ms: number) => run(state, [healClock(at(ms))], {});
    expect(await heal(slot, 1)).toEqual(slot);
    expect(await heal(slot, -900)).toEqual(slot);
    const healed = await heal({ ...slot, failures: 10, lockedUntil: at(30_000) }, -3_600_000);
    expect(healed.sends).toEqual([at(-3_600_000)]);
    expect(healed.lockedUntil).toEqual(at(-3_570_000));
    expect(healed.current.expiresAt).toEqual(at(-3_000_000));
  });

  it('keeps at most 256 operations and 100 deliveries', async () => {
    const slot = await create(EMPTY, 0, { ttlMs: 86_400_000 });
    const many: VerificationRecord = {
      ...slot.current,
      deliveries: Array.from({ length: 100 }, () => ({ ...newDelivery(), state: 'accepted', at: at(0) })),
    };
    const full = {
      ...slot,
      sends: [],
      current: many,
      ops: Array.from({ length: 256 }, (_, i) => ({ op: `${i}`, outcome: 'x', at: at(0) })),
    };
    expect(await run(full, resendPipeline(at(1)), resendConstants(slot.current.id))).toEqual(full);
    const checked = await check(full, 1, '000000');
    expect(checked.ops).toHaveLength(256);
    expect(checked.ops.at(-1)).toMatchObject({ outcome: 'wrong' });
  });
});
