import { aDelivery, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { Slot, VerificationRecord } from '../../slot';
import { followUp, type FollowUpCommand } from './follow-up';

const MINUTE = 60_000;
const steps = (['sms', 'voice', 'email'] as const).map((channel) => ({ channel, waitMs: MINUTE }));

/** At its first channel, whose wait ends after a minute. */
const overChannels = (record: Partial<VerificationRecord> = {}, slot: Partial<Slot> = {}): Slot =>
  aSlot({ current: aRecord({ plan: { steps, step: 0 }, followAt: at(MINUTE), ...record }), ...slot });

/** By voice, decided on this slot. */
const commandFor = ({ current }: Slot, overrides: Partial<FollowUpCommand> = {}): FollowUpCommand => ({
  op: 'f1',
  actor: 'job:follow',
  verificationId: current.id,
  followAt: current.followAt ?? null,
  lastDeliveryId: current.deliveries.at(-1)?.id ?? null,
  delivery: { id: 'next', channel: 'voice', locale: null, appHash: null, webOtpDomain: null },
  again: null,
  step: 1,
  via: 'fallback',
  leaseOwner: 'me',
  leaseMs: 30_000,
  ...overrides,
});
const follow = (slot: Slot, ms: number, overrides: Partial<FollowUpCommand> = {}) =>
  followUp(slot, commandFor(slot, overrides), at(ms));
const followed = (slot: Slot, ms: number, overrides: Partial<FollowUpCommand> = {}): Slot =>
  follow(slot, ms, overrides).next ?? slot;

describe('a follow-up', () => {
  it('adds the delivery, charged and leased, and waits anew', () => {
    const slot = overChannels({}, { purgeAt: at(5) });
    const { outcome, next, relies } = follow(slot, MINUTE);
    expect([outcome.kind, relies]).toEqual(['followed', 'alive']);
    expect(next?.current).toEqual({
      ...slot.current,
      plan: { steps, step: 1 },
      followAt: at(2 * MINUTE),
      seq: 2,
      deliveries: [
        aDelivery(),
        aDelivery({
          id: 'next',
          channel: 'voice',
          at: at(MINUTE),
          lease: { owner: 'me', n: 1, until: at(90_000) },
        }),
      ],
    });
    expect(next).toMatchObject({
      sends: [at(0), at(MINUTE)],
      ops: [{ op: 'f1', outcome: 'followed', at: at(MINUTE) }],
      outbox: [
        { type: 'failed_over', seq: 2, at: at(MINUTE), actor: 'job:follow', data: { via: 'fallback' } },
      ],
    });
    expect(next?.ops[0]).not.toHaveProperty('keyed');
    expect(next).not.toHaveProperty('purgeAt');
  });

  it('waits for nothing after the last channel', () => {
    const last = followed(followed(overChannels(), MINUTE), 2 * MINUTE, { op: 'f2', step: 2 });
    expect(last.current).toMatchObject({ plan: { step: 2 } });
    expect(last.current).not.toHaveProperty('followAt');
  });

  it('to another gateway leaves a verification without a plan as it is', () => {
    const slot = aSlot({ current: aRecord({ followAt: at(10), followUp: { deliveryId: 'd1' } }) });
    const { current } = followed(slot, 11, { step: null, via: 'failover' });
    expect(current.deliveries).toHaveLength(2);
    for (const field of ['plan', 'followAt', 'followUp']) expect(current).not.toHaveProperty(field);
  });

  it('after a failure forgets which delivery it was for', () => {
    const { current } = followed(overChannels({ followAt: at(10), followUp: { deliveryId: 'd1' } }), 11);
    expect(current).not.toHaveProperty('followUp');
    expect(current.followAt).toEqual(at(11 + MINUTE));
  });

  it('waits for no cool-down, which is there to slow people down', () => {
    expect(follow(overChannels({}, { sends: [at(MINUTE - 1)] }), MINUTE).outcome.kind).toBe('followed');
  });

  it('counts only the sends in the window, and drops the others', () => {
    const sends = [0, 0, 0, 1, 2, 3].map(at);
    const policy = { ...aRecord().policy, ttlMs: 3_600_000 };
    const slot = overChannels({ policy, expiresAt: at(3_600_000) }, { sends });
    expect(followed(slot, 600_000).sends).toEqual([at(1), at(2), at(3), at(600_000)]);
    expect(follow(slot, 599_999).outcome.kind).toBe('nothing');
  });

  it('is told as followed when it is repeated, and changes nothing', () => {
    const slot = overChannels();
    const command = commandFor(slot);
    const after = followUp(slot, command, at(MINUTE)).next ?? slot;
    expect(followUp(after, command, at(MINUTE + 1))).toEqual({ outcome: { kind: 'followed' } });
  });
});

describe('a follow-up changes nothing', () => {
  const movedOn = { outcome: { kind: 'moved_on' } };

  // Catches: no fence. Two instances, or a person's own resend a moment before, would mean two messages.
  it.each<[string, (slot: Slot) => Slot]>([
    ['another instance was there first', (slot) => ({ ...followed(slot, MINUTE), ops: [] })],
    [
      'a person asked again a moment before',
      ({ current, ...slot }) => ({
        ...slot,
        current: { ...current, deliveries: [...current.deliveries, aDelivery({ id: 'd2' })] },
      }),
    ],
    ['the code was typed', (slot) => ({ ...slot, current: { ...slot.current, status: 'approved' } })],
    ['another verification took its place', (slot) => ({ ...slot, current: { ...slot.current, id: 'v2' } })],
    [
      'it waits for a later moment',
      (slot) => ({ ...slot, current: { ...slot.current, followAt: at(MINUTE + 1) } }),
    ],
  ])('when %s', (_why, change) => {
    const slot = overChannels();
    expect(followUp(change(slot), commandFor(slot), at(MINUTE))).toEqual(movedOn);
  });

  it('when nothing was read, or nothing is there', () => {
    const plain = aSlot({ current: aRecord({ deliveries: [] }) });
    expect(follow(plain, MINUTE)).toEqual(movedOn);
    expect(follow(overChannels({ deliveries: [] }), MINUTE)).toEqual(movedOn);
    expect(followUp(null, commandFor(overChannels()), at(MINUTE))).toEqual(movedOn);
  });
});

describe('a follow-up gives up, and never asks again', () => {
  const many = Array.from({ length: 100 }, (_, n) => aDelivery({ id: `d${n}`, state: 'accepted' }));
  const event = {
    type: 'sent',
    verificationId: 'v1',
    at: at(0),
    actor: 'anonymous',
    to: '',
    data: {},
  } as const;
  const waiting = Array.from({ length: 201 }, (_, seq) => ({ ...event, seq }));

  it.each<[string, Slot, number, Partial<FollowUpCommand>]>([
    ['the send budget is used up', overChannels({}, { sends: Array<Date>(5).fill(at(1)) }), MINUTE, {}],
    ['the recipient is locked for good', overChannels({}, { failures: 100 }), MINUTE, {}],
    ['the recipient is locked', overChannels({}, { failures: 10, lockedUntil: at(MINUTE + 1) }), MINUTE, {}],
    ['less than a minute of its life is left', overChannels(), 540_001, {}],
    ['it has expired', overChannels(), 600_000, {}],
    ['it carries 100 deliveries', overChannels({ deliveries: many }), MINUTE, {}],
    ['too much waits for the relay', overChannels({}, { outbox: waiting }), MINUTE, {}],
    ['nothing is left to try', overChannels(), MINUTE, { delivery: null, step: null }],
  ])('when %s', (_why, slot, ms, overrides) => {
    const { outcome, next } = follow(slot, ms, overrides);
    const { followAt: _, ...current } = slot.current;
    expect(outcome).toEqual({ kind: 'nothing' });
    expect(next).toEqual({ ...slot, current });
  });

  it('to the millisecond', () => {
    const kinds = (slot: Slot, ms: number) => follow(slot, ms).outcome.kind;
    expect(kinds(overChannels(), 540_000)).toBe('followed');
    expect(kinds(overChannels({}, { failures: 10, lockedUntil: at(MINUTE) }), MINUTE)).toBe('followed');
    const delayed = { failures: 10, lockedUntil: at(MINUTE + 1) };
    expect(kinds(overChannels({ knownDevice: true }, delayed), MINUTE)).toBe('followed');
    expect(kinds(overChannels({}, { sends: Array<Date>(4).fill(at(1)) }), MINUTE)).toBe('followed');
    expect(kinds(overChannels({ deliveries: many.slice(1) }), MINUTE)).toBe('followed');
  });
});

it('a follow-up that came too early waits on, and is then what it was', () => {
  const slot = overChannels({}, { purgeAt: at(5) });
  const { outcome, next } = follow(slot, MINUTE, { delivery: null, again: at(100_000) });
  expect(outcome).toEqual({ kind: 'nothing' });
  expect(next).toEqual({ ...slot, current: { ...slot.current, followAt: at(100_000) } });
  expect(follow(next ?? slot, 100_000).outcome.kind).toBe('followed');
});
