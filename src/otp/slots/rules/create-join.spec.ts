import { aDelivery, aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { create, type CreateCommand } from './create';
import type { VerificationRecord } from '../slot';

const { _id, key, applicationId, purpose, recipient } = aSlot();
const { kid, policy, country, channel, masked, personal } = aRecord();
const FREE = { windowMs: 86_400_000, sendsMax: 100, cooldownMs: 0 };

/** A create that joins where it may: another code, and no cool-down unless the test names one. */
function aJoin({
  digest = null,
  cooldownMs = 0,
  sendsMax = 100,
  ...overrides
}: Partial<CreateCommand> & {
  digest?: Buffer | null;
  cooldownMs?: number;
  sendsMax?: number;
} = {}): CreateCommand {
  return {
    applicationId: 'app',
    actor: 'key:test',
    op: 'create-1',
    keyed: false,
    slot: { _id, key, applicationId, purpose, recipient },
    record: {
      id: 'v2',
      mac: Buffer.alloc(32, 2),
      sealed: Buffer.from('another sealed code'),
      kid,
      policy: { ...policy, sends: { ...FREE, cooldownMs, sendsMax } },
      country,
      channel,
      masked,
      transactionDigest: digest,
      personal,
    },
    delivery: { id: 'd2', channel: 'voice', locale: 'de', appHash: 'hash', webOtpDomain: 'example.com' },
    leaseOwner: 'me',
    leaseMs: 30_000,
    whenPending: 'resend',
    ...overrides,
  };
}
const living = (ttlMs: number): VerificationRecord =>
  aRecord({ expiresAt: at(ttlMs), policy: { ...policy, ttlMs } });
const outcomeOn = (current: VerificationRecord, ms: number, command = aJoin()) =>
  create(aSlot({ current }), command, at(ms)).outcome;
const joined = { kind: 'joined', verificationId: 'v1' };
const started = { kind: 'started', verificationId: 'v2' };

describe('a create that joins', () => {
  it('adds a delivery and nothing else: id, code and expiry stay', () => {
    const slot = aSlot({ purgeAt: at(9) });
    const { outcome, next, relies } = create(slot, aJoin({ keyed: true }), at(30_000));
    const { purgeAt: _, ...kept } = slot;
    const delivery = aDelivery({
      ...aJoin().delivery,
      at: at(30_000),
      lease: { owner: 'me', n: 1, until: at(60_000) },
    });
    expect([outcome, relies]).toEqual([joined, 'alive']);
    expect(next).toStrictEqual({
      ...kept,
      current: { ...slot.current, deliveries: [aDelivery(), delivery], seq: 2 },
      sends: [at(0), at(30_000)],
      ops: [{ op: 'create-1', outcome: 'joined', keyed: true, verificationId: 'v1', at: at(30_000) }],
      outbox: [
        {
          type: 'joined',
          verificationId: 'v1',
          seq: 2,
          at: at(30_000),
          actor: 'key:test',
          to: masked,
          data: { via: 'create' },
        },
      ],
    });
  });

  // Catches: a code that is sent when it will have expired before a person can type it.
  it.each([
    ['a minute', 600_000, 540_000],
    ['a minute, a fifth of its life', 300_000, 240_000],
    ['a fifth of a life of less than five minutes', 299_995, 239_996],
    ['a fifth of the shortest life', 30_000, 24_000],
    ['a minute of the longest life', 86_400_000, 86_340_000],
  ])('does so with %s left, and replaces with a millisecond less', (_, ttlMs, ms) => {
    expect(outcomeOn(living(ttlMs), ms)).toEqual(joined);
    expect(outcomeOn(living(ttlMs), ms + 1)).toEqual(started);
  });

  // Catches: a payment that is confirmed by a code which was sent for another one (PSD2 dynamic linking).
  const euros = (amount: number) => Buffer.alloc(32, amount);
  it.each([
    ['neither has one', null, null, joined],
    ['both are the same', euros(5), euros(5), joined],
    ['the amounts differ', euros(5), euros(6), started],
    ['only the pending one has one', euros(5), null, started],
    ['only the new one has one', null, euros(5), started],
    ['one is a prefix of the other', euros(5), euros(5).subarray(0, 31), started],
  ])('looks at the transaction: %s', (_, transactionDigest, digest, outcome) => {
    expect(outcomeOn(aRecord({ transactionDigest }), 30_000, aJoin({ digest }))).toEqual(outcome);
  });

  it.each([
    ['resend', joined],
    ['replace', started],
    ['reject', { kind: 'pending', verificationId: 'v1' }],
  ] as const)('does so only where the policy says resend: %s', (whenPending, outcome) => {
    expect(outcomeOn(aRecord(), 30_000, aJoin({ whenPending }))).toEqual(outcome);
  });

  it.each([
    [99, joined],
    [100, { kind: 'send_limit', until: at(600_000), verificationId: 'v1' }],
  ])('finds room in a verification of %d deliveries: %p', (count, outcome) => {
    const deliveries = Array.from({ length: count }, (_, n) => aDelivery({ id: `d${n}` }));
    expect(outcomeOn(aRecord({ deliveries }), 30_000)).toEqual(outcome);
  });

  it('goes by the send rules of the call, not by those of the pending one', () => {
    expect(outcomeOn(aRecord(), 1)).toEqual(joined);
    expect(outcomeOn(aRecord(), 1, aJoin({ sendsMax: 1 }))).toMatchObject({ kind: 'send_limit' });
  });
});

describe('a create that joins quietly', () => {
  const quietly = { kind: 'joined_quietly', verificationId: 'v1' };
  const cooling = { cooldownMs: 30_000 };

  it('changes nothing and sends nothing, until the end of the cool-down', () => {
    expect(create(aSlot(), aJoin(cooling), at(29_999))).toEqual({ outcome: quietly });
    expect(outcomeOn(aRecord(), 30_000, aJoin(cooling))).toEqual(joined);
  });

  it('does so although the window is full: the code is on its way', () => {
    expect(outcomeOn(aRecord(), 29_999, aJoin({ ...cooling, sendsMax: 1 }))).toEqual(quietly);
    expect(outcomeOn(aRecord(), 30_000, aJoin({ ...cooling, sendsMax: 1 }))).toMatchObject({
      kind: 'send_limit',
    });
  });

  // Catches: a client that is told to wait for a code which was never sent for its transaction.
  it.each([
    ['the transaction differs', aRecord({ transactionDigest: Buffer.alloc(32, 5) }), {}],
    ['too little life is left', aRecord({ expiresAt: at(60_000) }), {}],
    ['the policy replaces', aRecord(), { whenPending: 'replace' as const }],
  ])('never does when %s: too soon', (_, current, more) => {
    const outcome = outcomeOn(current, 1_000, aJoin({ ...cooling, ...more }));
    expect(outcome).toEqual({ kind: 'too_soon', until: at(30_000) });
  });

  it('still writes times that a clock ahead left', () => {
    const { outcome, next } = create(aSlot(), aJoin(cooling), at(-3_600_000));
    expect(outcome).toEqual(quietly);
    expect(next).toEqual({
      ...aSlot(),
      sends: [at(-3_600_000)],
      current: aRecord({ expiresAt: at(-3_000_000) }),
    });
  });
});
