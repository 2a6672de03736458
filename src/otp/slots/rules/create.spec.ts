import { aDelivery, aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { create, type CreateCommand } from './create';
import type { Slot } from '../slot';

const { _id, key, applicationId, purpose, recipient } = aSlot();
const { kid, policy, country, channel, masked, transactionDigest, personal } = aRecord();
const [mac, sealed] = [Buffer.alloc(32, 1), Buffer.from('sealed code')];
const fresh = { mac, sealed, kid, policy, country, channel, masked, transactionDigest, personal };

const aCreate = (overrides: Partial<CreateCommand> = {}): CreateCommand => ({
  applicationId: 'app',
  actor: 'key:test',
  op: 'create-1',
  keyed: false,
  slot: { _id, key, applicationId, purpose, recipient },
  record: { id: 'v2', ...fresh },
  delivery: { id: 'd2', channel: 'sms', locale: null, appHash: null, webOtpDomain: null },
  leaseOwner: 'me',
  leaseMs: 30_000,
  whenPending: 'replace',
  ...overrides,
});
const withRecord = (record: Partial<CreateCommand['record']>, more: Partial<CreateCommand> = {}) =>
  aCreate({ record: { id: 'v2', ...fresh, ...record }, ...more });
const withSends = (sends: Partial<typeof policy.sends>, more: Partial<CreateCommand> = {}) =>
  withRecord({ policy: { ...policy, sends: { ...policy.sends, ...sends } } }, more);
const told = ({ outbox }: Slot) =>
  outbox.map(({ type, verificationId, seq, at: when }) => [type, verificationId, seq, when]);
const done = { op: 'create-1', outcome: 'started', verificationId: 'v2' };

describe('the first create of a slot', () => {
  it('makes the slot with everything that the command brings, and the times of the write', () => {
    const { outcome, next, relies } = create(null, aCreate(), at(7));
    expect([outcome, relies]).toEqual([{ kind: 'started', verificationId: 'v2' }, undefined]);
    expect(next).toStrictEqual({
      ...aCreate().slot,
      v: 0,
      ids: ['v2'],
      current: {
        ...aRecord({ id: 'v2', createdAt: at(7), expiresAt: at(600_007) }),
        deliveries: [aDelivery({ id: 'd2', at: at(7), lease: { owner: 'me', n: 1, until: at(30_007) } })],
      },
      past: [],
      failures: 0,
      sends: [at(7)],
      ops: [{ ...done, at: at(7) }],
      outbox: [
        {
          type: 'created',
          verificationId: 'v2',
          seq: 1,
          at: at(7),
          actor: 'key:test',
          to: masked,
          data: { country: 'GB', channel: 'sms' },
        },
      ],
    });
  });

  it('follows a plan of several channels after the wait of the first, and no plan of one', () => {
    const step = (name: 'sms' | 'voice', waitMs: number) => ({ channel: name, waitMs });
    const steps = [step('sms', 40_000), step('voice', 50_000)];
    expect(create(null, withRecord({ steps }), at(0)).next!.current).toMatchObject({
      plan: { steps, step: 0 },
      followAt: at(40_000),
    });
    const alone = create(null, withRecord({ steps: steps.slice(0, 1) }), at(0)).next!.current;
    for (const key of ['plan', 'followAt', 'steps']) expect(alone).not.toHaveProperty(key);
  });
});

it('of a test number says so in its event', () => {
  const { policy } = aCreate().record;
  const { outbox } = create(null, withRecord({ policy: { ...policy, test: true } }), at(0)).next!;
  expect(outbox).toMatchObject([{ type: 'created', data: { test: true } }]);
});

it('keeps what the risk checks said in the event of what it started or joined', () => {
  const risk = 'turnstile:allowed';
  const started = create(null, { ...aCreate(), risk }, at(0)).next!;
  expect(started.outbox).toMatchObject([{ type: 'created', data: { risk } }]);
  const joining = { ...aCreate(), risk, whenPending: 'resend' as const };
  const { next } = create(aSlot({ purgeAt: at(9), outbox: [] }), joining, at(60_000));
  expect(next?.outbox).toMatchObject([{ type: 'joined', data: { via: 'create', risk } }]);
  expect(create(null, aCreate(), at(0)).next!.outbox[0]?.data).not.toHaveProperty('risk');
});

describe('a create in the place of another verification', () => {
  // Catches: two live codes for one recipient.
  it('supersedes the live one and takes its code away', () => {
    const slot = aSlot({ purgeAt: at(9) });
    const { outcome, next, relies } = create(slot, aCreate(), at(30_000));
    const { mac: __, sealed: ___, ...rest } = slot.current;
    expect([outcome, relies]).toEqual([{ kind: 'started', verificationId: 'v2' }, 'alive']);
    expect(next).toMatchObject({ ids: ['v1', 'v2'], sends: [at(0), at(30_000)], current: { id: 'v2' } });
    expect(next!.past).toStrictEqual([{ ...rest, status: 'superseded', endedAt: at(30_000), seq: 2 }]);
    expect(told(next!)).toEqual([
      ['superseded', 'v1', 2, at(30_000)],
      ['created', 'v2', 1, at(30_000)],
    ]);
    expect(next).not.toHaveProperty('purgeAt');
  });

  // Catches: an expiry by this process's clock alone; the write must say that it relies on it.
  it.each<CreateCommand['whenPending']>(['resend', 'replace', 'reject'])(
    'retires an expired one at its expiry, not as superseded (%s)',
    (whenPending) => {
      const { next, relies } = create(aSlot(), aCreate({ whenPending }), at(700_000));
      expect(relies).toBe('lapsed');
      expect(next!.past).toMatchObject([{ status: 'expired', endedAt: at(600_000), seq: 2 }]);
      expect(next!.past[0]).not.toHaveProperty('mac');
      expect(told(next!)[0]).toEqual(['expired', 'v1', 2, at(600_000)]);
    },
  );

  it.each([
    ['replaces it as alive in the last millisecond of its life', 599_999, 'superseded', 'alive'],
    ['replaces it as expired at its expiry', 600_000, 'expired', 'lapsed'],
  ])('%s', (_name, ms, status, relies) => {
    const decision = create(aSlot(), aCreate(), at(ms));
    expect(decision).toMatchObject({ relies, next: { past: [{ status }] } });
  });

  it('leaves one that has ended as it ended', () => {
    const current = aRecord({ status: 'failed', endedAt: at(5), seq: 7 });
    const { next, relies } = create(aSlot({ current }), aCreate(), at(30_000));
    expect(relies).toBeUndefined();
    expect(next!.past).toEqual([current]);
    expect(told(next!)).toEqual([['created', 'v2', 1, at(30_000)]]);
  });

  // Catches: a new code that gives back the guesses of the recipient (NIST SP 800-63B-4 §3.1.3.2).
  it('keeps the failures of the recipient: a new code is no new budget', () => {
    const slot = aSlot({ failures: 9, current: aRecord({ checksUsed: 4 }) });
    expect(create(slot, aCreate(), at(30_000)).next).toMatchObject({
      failures: 9,
      current: { checksUsed: 0 },
    });
  });

  it('lets nothing of the old one show through', () => {
    const current = aRecord({ followAt: at(1), rev: 3, refunds: 2, uncopiedAt: at(1) });
    const { next } = create(aSlot({ current }), aCreate(), at(30_000));
    for (const key_ of ['followAt', 'rev', 'uncopiedAt', 'endedAt'] as const)
      expect(next!.current[key_] ?? null).toBeNull();
    expect(next!.current.refunds).toBe(0);
  });
});

describe('a create that is refused', () => {
  const ended = aRecord({ status: 'approved', endedAt: at(1) });
  const locked = { failures: 11, lockedUntil: at(60_000) };
  const reject = { whenPending: 'reject' } as const;
  const resend = { whenPending: 'resend' } as const;
  const other = aCreate({ slot: { ...aCreate().slot, key: 'another hmac' } });

  // Catches: a refusal that kills the live code, and one that tells what a stronger one would have hidden.
  it.each<[what: string, slot: Partial<Slot>, ms: number, command: CreateCommand, outcome: object]>([
    ['another recipient has the short id', {}, 30_000, other, { kind: 'slot_taken' }],
    ['the id is the current one', {}, 30_000, withRecord({ id: 'v1' }), { kind: 'id_taken' }],
    [
      'the id is a past one',
      { past: [{ id: 'v2', status: 'failed', endedAt: at(0), tombstone: true }] },
      30_000,
      aCreate(),
      { kind: 'id_taken' },
    ],
    ['one is pending, by policy', {}, 30_000, aCreate(reject), { kind: 'pending', verificationId: 'v1' }],
    [
      'one is pending, whatever the lock',
      locked,
      1,
      aCreate(reject),
      { kind: 'pending', verificationId: 'v1' },
    ],
    ['the recipient is locked', locked, 59_999, aCreate(), { kind: 'locked', until: at(60_000) }],
    [
      'the recipient is locked, also for a join',
      locked,
      59_999,
      aCreate(resend),
      { kind: 'locked', until: at(60_000) },
    ],
    [
      'the recipient is locked for good',
      { failures: 100 },
      700_000,
      aCreate(),
      { kind: 'locked', until: null },
    ],
    ['the lock comes before the cool-down', locked, 1, aCreate(), { kind: 'locked', until: at(60_000) }],
    ['the cool-down lasts', {}, 29_999, aCreate(), { kind: 'too_soon', until: at(30_000) }],
    [
      'the cool-down lasts with nothing pending',
      { current: ended },
      29_999,
      aCreate(),
      { kind: 'too_soon', until: at(30_000) },
    ],
    [
      'the window is full',
      {},
      599_999,
      withSends({ sendsMax: 1 }),
      { kind: 'send_limit', until: at(600_000), verificationId: 'v1' },
    ],
    [
      'the window is full with nothing pending',
      { current: ended },
      599_999,
      withSends({ sendsMax: 1 }),
      { kind: 'send_limit', until: at(600_000), verificationId: null },
    ],
    [
      'the window is full for a join',
      {},
      30_000,
      withSends({ sendsMax: 1 }, resend),
      { kind: 'send_limit', until: at(600_000), verificationId: 'v1' },
    ],
    [
      'the cool-down comes before the window',
      {},
      29_999,
      withSends({ sendsMax: 1 }),
      { kind: 'too_soon', until: at(30_000) },
    ],
    [
      'too much waits',
      { outbox: Array.from({ length: 201 }, () => create(null, aCreate(), at(0)).next!.outbox[0]!) },
      30_000,
      aCreate(),
      { kind: 'backlogged' },
    ],
  ])('changes nothing when %s', (_name, slot, ms, command, outcome) => {
    expect(create(aSlot(slot), command, at(ms))).toEqual({ outcome });
  });

  it.each<[what: string, slot: Partial<Slot>, ms: number, command: CreateCommand]>([
    ['the lock', locked, 60_000, aCreate()],
    ['the cool-down', {}, 30_000, aCreate()],
    ['the window', {}, 600_000, withSends({ sendsMax: 1 })],
    ['the pending one', {}, 600_000, aCreate(reject)],
    ['what was pending', { current: ended }, 30_000, aCreate(reject)],
  ])('is let through at the end of %s', (_name, slot, ms, command) => {
    expect(create(aSlot(slot), command, at(ms)).outcome.kind).toBe('started');
  });
});

describe('a create that is sent twice', () => {
  // Catches: two texts, or a second verification, for one request.
  it.each(['started', 'joined'] as const)(
    'hears %s again and changes nothing, whatever has happened since',
    (kind) => {
      const ops = [{ op: 'create-1', outcome: kind, verificationId: 'v0', at: at(0) }];
      for (const since of [{}, { failures: 100 }, { ids: ['v0', 'v1', 'v2'] }])
        expect(create(aSlot({ ...since, ops }), aCreate(), at(30_000))).toEqual({
          outcome: { kind, verificationId: 'v0' },
        });
    },
  );

  it('is remembered for a day when it came with a key, and for a minute otherwise', () => {
    const at0 = (keyed: boolean) => create(null, aCreate({ keyed }), at(0)).next!;
    const later = (slot: Slot, ms: number) =>
      create(slot, withSends({ windowMs: 60_000 }, { op: 'create-2' }), at(ms));
    const knows = (keyed: boolean, ms: number) =>
      later({ ...at0(keyed), ids: [] }, ms).next!.ops.some(({ op }) => op === 'create-1');
    expect([knows(false, 59_999), knows(false, 60_000)]).toEqual([true, false]);
    expect([knows(true, 86_399_999), knows(true, 86_400_000)]).toEqual([true, false]);
  });
});

describe('a create after the clock was stepped back', () => {
  const HOUR_MS = 3_600_000;

  // Catches: an hour without a code, because a refusal never wrote down that the clock was wrong.
  it('writes the times right again, although it is refused, and nothing else', () => {
    const slot = aSlot({ failures: 10, lockedUntil: at(30_000) });
    const { outcome, next, relies } = create(slot, aCreate(), at(-HOUR_MS));
    expect([outcome, relies]).toEqual([{ kind: 'locked', until: at(-HOUR_MS + 30_000) }, undefined]);
    expect(next).toEqual({
      ...slot,
      sends: [at(-HOUR_MS)],
      lockedUntil: at(-HOUR_MS + 30_000),
      current: { ...slot.current, expiresAt: at(-HOUR_MS + 600_000) },
    });
  });

  it('decides on the right times', () => {
    const free = withSends({ cooldownMs: 0 });
    expect(create(aSlot(), free, at(-HOUR_MS))).toMatchObject({
      outcome: { kind: 'started' },
      next: { sends: [at(-HOUR_MS), at(-HOUR_MS)], past: [{ expiresAt: at(-HOUR_MS + 600_000) }] },
    });
  });
});
