import { aDelivery, aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { resend, type ResendCommand } from './resend';
import type { Slot } from '../slot';

const aResend = (overrides: Partial<ResendCommand> = {}): ResendCommand => ({
  applicationId: 'app',
  actor: 'key:test',
  op: 'resend-1',
  keyed: false,
  verificationId: 'v1',
  delivery: { id: 'd2', channel: 'voice', locale: 'de', appHash: null, webOtpDomain: null },
  leaseOwner: 'me',
  leaseMs: 30_000,
  ...overrides,
});
const ofSends = (sends: { windowMs?: number; sendsMax?: number; cooldownMs?: number }) => {
  const { policy } = aRecord();
  return aRecord({ policy: { ...policy, sends: { ...policy.sends, ...sends } } });
};

describe('resend', () => {
  it('sends the same code once more, leased to who asks', () => {
    const slot = aSlot({ purgeAt: at(9) });
    const { outcome, next, relies } = resend(slot, aResend(), at(30_000));
    const { purgeAt: _, ...kept } = slot;
    const delivery = aDelivery({
      ...aResend().delivery,
      at: at(30_000),
      lease: { owner: 'me', n: 1, until: at(60_000) },
    });
    expect([outcome, relies]).toEqual([{ kind: 'resent' }, 'alive']);
    expect(next).toStrictEqual({
      ...kept,
      current: { ...slot.current, deliveries: [aDelivery(), delivery], seq: 2 },
      sends: [at(0), at(30_000)],
      ops: [{ op: 'resend-1', outcome: 'resent', at: at(30_000) }],
      outbox: [
        {
          type: 'resent',
          verificationId: 'v1',
          seq: 2,
          at: at(30_000),
          actor: 'key:test',
          to: slot.current.masked,
          data: {},
        },
      ],
    });
  });

  // Catches: a limit that is off by a millisecond or by one message.
  it.each<[what: string, current: Slot['current'], ms: number, outcome: object]>([
    ['in the last millisecond of the cool-down', aRecord(), 29_999, { kind: 'too_soon', until: at(30_000) }],
    ['at the end of the cool-down', aRecord(), 30_000, { kind: 'resent' }],
    [
      'in the last millisecond of a full window',
      ofSends({ sendsMax: 1, windowMs: 60_000 }),
      59_999,
      { kind: 'send_limit', until: at(60_000), verificationId: 'v1' },
    ],
    ['when the window opens', ofSends({ sendsMax: 1, windowMs: 60_000 }), 60_000, { kind: 'resent' }],
    ['with room for one more', ofSends({ sendsMax: 2 }), 30_000, { kind: 'resent' }],
    ['at once, where there is no cool-down', ofSends({ cooldownMs: 0 }), 0, { kind: 'resent' }],
    ['in the last millisecond of a life', aRecord(), 599_999, { kind: 'resent' }],
    ['at the expiry', aRecord(), 600_000, { kind: 'ended', status: 'expired' }],
  ])('%s is told what the policy of the verification says', (_, current, ms, outcome) => {
    const decision = resend(aSlot({ current }), aResend(), at(ms));
    expect(decision.outcome).toEqual(outcome);
    expect('next' in decision).toBe('kind' in outcome && outcome.kind === 'resent');
  });

  it('forgets the sends that have left the window', () => {
    const slot = aSlot({ current: ofSends({ windowMs: 60_000 }), sends: [at(0), at(1)] });
    expect(resend(slot, aResend(), at(60_000)).next!.sends).toEqual([at(1), at(60_000)]);
  });

  // Catches: a message to a recipient who is locked, or for a verification of somebody else.
  const past = [aRecord({ id: 'old', status: 'failed', endedAt: at(1) })];
  const locked = { failures: 10, lockedUntil: at(60_000) };
  const many = aRecord({ deliveries: Array.from({ length: 100 }, () => aDelivery()) });
  it.each<[what: string, slot: Slot | null, command: ResendCommand, outcome: object]>([
    ['no slot', null, aResend(), { kind: 'not_found' }],
    ['another application', aSlot(), aResend({ applicationId: 'other' }), { kind: 'not_found' }],
    ['no such verification', aSlot(), aResend({ verificationId: 'v9' }), { kind: 'not_found' }],
    ['a past one', aSlot({ past }), aResend({ verificationId: 'old' }), { kind: 'ended', status: 'failed' }],
    ['a lock', aSlot(locked), aResend(), { kind: 'locked', until: at(60_000) }],
    ['a lock for good', aSlot({ failures: 100 }), aResend(), { kind: 'locked', until: null }],
    [
      'a lock before the cool-down',
      aSlot({ ...locked, sends: [at(29_000)] }),
      aResend(),
      { kind: 'locked', until: at(60_000) },
    ],
    [
      'an end before the lock',
      aSlot({ ...locked, past }),
      aResend({ verificationId: 'old' }),
      { kind: 'ended', status: 'failed' },
    ],
    [
      '100 deliveries',
      aSlot({ current: many }),
      aResend(),
      { kind: 'send_limit', until: at(600_000), verificationId: 'v1' },
    ],
  ])('is refused by %s, and changes nothing', (_, slot, command, outcome) => {
    expect(resend(slot, command, at(30_000))).toEqual({ outcome });
  });

  // Catches: one request, repeated by a client that lost the answer, that texts twice.
  it('hears the same and changes nothing when it is sent twice, whatever has happened since', () => {
    const { next } = resend(aSlot(), aResend(), at(30_000));
    expect(resend(next!, aResend(), at(70_000))).toEqual({ outcome: { kind: 'resent' } });
    expect(resend({ ...next!, failures: 100 }, aResend(), at(600_000))).toEqual({
      outcome: { kind: 'resent' },
    });
  });

  // Catches: a cool-down that lasts an hour, because nobody wrote down that the clock was wrong.
  it('writes times right again after the clock was stepped back, although it is refused', () => {
    const { outcome, next, relies } = resend(aSlot(), aResend(), at(-3_600_000));
    expect([outcome, relies]).toEqual([{ kind: 'too_soon', until: at(-3_570_000) }, undefined]);
    expect(next).toEqual({
      ...aSlot(),
      sends: [at(-3_600_000)],
      current: aRecord({ expiresAt: at(-3_000_000) }),
    });
  });
});
