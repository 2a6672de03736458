import {
  checkConstants,
  createConstants,
  createOn,
  newDelivery,
  resendConstants,
} from '../../../../test/builders/slot.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { throughPipeline } from '../../../../test/support/pipeline-runner';
import type { SlotDocument } from '../slot';
import { checkPipeline } from './check.pipeline';
import { resendPipeline } from './resend.pipeline';
import { resultPipeline } from './delivery.pipeline';
import type { Pipeline } from './expressions';
import { followPipeline, type FollowConstants } from './follow.pipeline';
import { claimPipeline } from './lease.pipeline';
import { tidyPipeline } from './settle.pipeline';

const T0 = Date.UTC(2026, 0, 1);
const at = (ms: number): Date => new Date(T0 + ms);
const MINUTE = 60_000;

describe('what follows a delivery, inside the server', () => {
  const test = useDatabase();
  const run = (slot: object, pipeline: Pipeline, constants: object) =>
    throughPipeline<SlotDocument>(test.durableDb, slot, pipeline, constants);
  const create = (ask: Parameters<typeof createConstants>[0] = {}) =>
    run({ _id: 'slot' }, ...createOn({ _id: 'slot' }, at(0), createConstants(ask)));
  const overChannels = (ask: Parameters<typeof createConstants>[0] = {}) =>
    create({ channels: ['sms', 'voice', 'email'], ...ask });
  const follow = (slot: SlotDocument, ms: number, more: Partial<FollowConstants> = {}) =>
    run(slot, followPipeline(at(ms)), {
      op: 'f1',
      actor: 'job:follow',
      verificationId: slot.current.id,
      followAt: slot.current.followAt,
      lastDeliveryId: slot.current.deliveries.at(-1)!.id,
      delivery: { ...newDelivery('next'), channel: 'voice' },
      again: null,
      step: 1,
      via: 'fallback',
      windowMs: 600_000,
      sendsMax: 5,
      leaseOwner: 'me',
      leaseMs: 30_000,
      ...more,
    });
  const resend = (slot: SlotDocument, ms: number, channel: 'sms' | 'voice' | 'whatsapp' | 'email') =>
    run(
      slot,
      resendPipeline(at(ms)),
      resendConstants(slot.current.id, { delivery: { ...newDelivery(), channel } }),
    );
  const report = (slot: SlotDocument, ms: number, state: string) =>
    run(slot, resultPipeline(at(ms)), {
      op: `r${ms}`,
      actor: 'job:delivery',
      verificationId: slot.current.id,
      deliveryId: slot.current.deliveries[0]?.id,
      leaseOwner: 'me',
      leaseN: 1,
      result: { state, provider: 'http', reference: null, errorCode: null },
      attempts: [],
    });

  it('a verification over several channels says when the next one is due; another one never', async () => {
    expect((await overChannels()).current.followAt).toEqual(at(MINUTE));
    const plain = await create();
    expect(plain.current).not.toHaveProperty('plan');
    expect(plain.current).not.toHaveProperty('followAt');
  });

  it('adds the delivery, charged and leased, and waits anew', async () => {
    const after = await follow(await overChannels(), MINUTE);
    expect(after.current).toMatchObject({
      plan: { step: 1 },
      followAt: at(2 * MINUTE),
      seq: 2,
      deliveries: [
        { channel: 'sms' },
        { id: 'next', channel: 'voice', state: 'sending', lease: { owner: 'me', n: 1, until: at(90_000) } },
      ],
    });
    expect(after.sends).toEqual([at(0), at(MINUTE)]);
    expect(after.pendingAudit.at(-1)).toMatchObject({ type: 'joined', seq: 2, data: { via: 'fallback' } });
    const last = await follow(after, 2 * MINUTE, { op: 'f2', step: 2 });
    expect(last.current).not.toHaveProperty('followAt');
  });

  // Catches: no fence. Two instances, or a person's own resend a moment before, would mean two messages.
  it('changes nothing when somebody else was there first', async () => {
    const slot = await overChannels();
    const followed = await follow(slot, MINUTE);
    expect(await follow({ ...followed, ops: [] }, MINUTE, { followAt: at(MINUTE) })).toEqual({
      ...followed,
      ops: [],
    });
    expect(await follow(followed, MINUTE)).toEqual(followed);
  });

  // Catches: a fence that a resend between look and write does not move: two messages at the same moment.
  it('changes nothing when a person asked again a moment before', async () => {
    const slot = await overChannels();
    const resent = await resend(slot, MINUTE - 1, 'sms');
    const lastDeliveryId = slot.current.deliveries[0]!.id;
    expect(await follow(resent, MINUTE, { lastDeliveryId })).toEqual(resent);
  });

  it.each<[string, (slot: SlotDocument) => Promise<SlotDocument>, number]>([
    ['the send budget is used up', async (slot) => ({ ...slot, sends: Array(5).fill(at(1)) }), MINUTE],
    ['the recipient is locked', async (slot) => ({ ...slot, failures: 100 }), MINUTE],
    ['less than a minute of its life is left', async (slot) => slot, 541_000],
  ])('gives up, and never asks again, when %s', async (_why, change, ms) => {
    const slot = await change(await overChannels());
    const after = await follow(slot, ms);
    expect(after.current.deliveries).toHaveLength(1);
    expect(after.current).not.toHaveProperty('followAt');
    expect(after.pendingAudit).toEqual(slot.pendingAudit);
    expect(after.dueAt).toEqual(at(ms));
  });

  it('gives up when nothing is left to try', async () => {
    const after = await follow(await overChannels(), MINUTE, { delivery: null, step: null });
    expect(after.current).not.toHaveProperty('followAt');
    expect(after.current.deliveries).toHaveLength(1);
  });

  // Catches: a follow-up after the right code was typed.
  it('does nothing for a verification that has ended', async () => {
    const slot = await overChannels();
    const approved = await run(slot, checkPipeline(at(5)), checkConstants(slot.current.id, '111111'));
    expect(approved.current.status).toBe('approved');
    expect(await follow(approved, MINUTE)).toEqual(approved);
  });

  it('goes on at once when every gateway refused, if another channel is left', async () => {
    const slot = await overChannels();
    const rejected = await report(slot, 10, 'rejected');
    expect(rejected.current).toMatchObject({
      followAt: at(10),
      followUp: { deliveryId: slot.current.deliveries[0]?.id },
    });
    expect((await report(slot, 10, 'accepted')).current.followAt).toEqual(at(MINUTE));
    expect((await report(await create(), 10, 'rejected')).current).not.toHaveProperty('followAt');
    const followed = await follow(rejected, 11);
    expect(followed.current).not.toHaveProperty('followUp');
    expect(followed.current.followAt).toEqual(at(11 + MINUTE));
  });

  it('waits on when it was too early, and is then what it was', async () => {
    const resent = await resend(await overChannels(), 40_000, 'sms');
    const waiting = await follow(resent, MINUTE, { delivery: null, again: at(100_000) });
    expect(waiting).toEqual({
      ...resent,
      current: { ...resent.current, followAt: at(100_000) },
      dueAt: at(MINUTE),
    });
    expect((await follow(waiting, 100_000)).current.deliveries).toHaveLength(3);
  });

  it('is what the job is called for', async () => {
    const tidy = async (slot: SlotDocument, ms: number) =>
      (
        await run({ ...slot, pendingAudit: [] }, tidyPipeline(at(ms)), {
          keys: ['slot'],
          params: [{ erased: [] }],
        })
      ).dueAt;
    const slot = await overChannels();
    const sent = await report(slot, 10, 'accepted');
    expect(await tidy(sent, 20)).toEqual(at(MINUTE));
    expect(await tidy(await report(await create(), 10, 'accepted'), 20)).toEqual(at(600_000));
    const soon = { ...slot, current: { ...slot.current, followAt: at(40_000) }, pendingAudit: [] };
    const claimed = await run(soon, claimPipeline(at(30_000)), {
      op: 'c1',
      actor: 'job:redispatch',
      verificationId: slot.current.id,
      deliveryId: slot.current.deliveries[0]?.id,
      leaseOwner: 'other',
      leaseMs: 30_000,
    });
    expect(claimed.dueAt).toEqual(at(40_000));
  });
});
