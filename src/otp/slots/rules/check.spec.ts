import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { check, type CheckCommand } from './check';
import type { Slot, VerificationRecord } from '../slot';

const RIGHT = Buffer.alloc(32, 1);
const WRONG = Buffer.alloc(32, 9);

/** A guess at the code of {@link aRecord}; right, when nothing else is said. */
function aCheck({ mac = RIGHT, ...overrides }: Partial<CheckCommand> & { mac?: Buffer } = {}): CheckCommand {
  return {
    applicationId: 'app',
    actor: 'key:test',
    op: 'check-1',
    keyed: false,
    verificationId: 'v1',
    candidates: [{ kid: 'k1', mac }],
    ...overrides,
  };
}
const wrong = (overrides: Partial<CheckCommand> = {}): CheckCommand => aCheck({ mac: WRONG, ...overrides });
const checked = (slot: Slot, ms: number, command = aCheck()) => check(slot, command, at(ms));
const ofChecks = (maxChecks: number, checksUsed: number): VerificationRecord =>
  aRecord({ checksUsed, policy: { ...aRecord().policy, maxChecks } });
const told = ({ outbox }: Slot) => outbox.map(({ type, seq, data }) => [type, seq, data]);

describe('a right guess', () => {
  // Catches: an expiry that is compared with `<=`, or not at all.
  it.each([30_000, 600_000, 86_400_000])('counts until the last millisecond of a life of %d ms', (ttlMs) => {
    const slot = aSlot({
      current: aRecord({ expiresAt: at(ttlMs), policy: { ...aRecord().policy, ttlMs } }),
    });
    expect(checked(slot, ttlMs - 1)).toMatchObject({ outcome: { kind: 'approved' }, relies: 'alive' });
    expect(checked(slot, ttlMs)).toEqual({ outcome: { kind: 'ended', status: 'expired' } });
  });

  // Catches: a code that can be used twice, or that stays in the database.
  it('ends the verification, takes the code away, and clears failures, lock and sends', () => {
    const current = aRecord({ checksUsed: 1, seq: 2 });
    const slot = aSlot({ current, failures: 11, lockedUntil: at(1), purgeAt: at(9) });
    const { next } = checked(slot, 2);
    const { mac: _, sealed: __, ...rest } = current;
    const { lockedUntil: ___, purgeAt: ____, ...unlocked } = slot;
    expect(next).toStrictEqual({
      ...unlocked,
      current: { ...rest, status: 'approved', checksUsed: 2, endedAt: at(2), seq: 3 },
      failures: 0,
      sends: [],
      ops: [{ op: 'check-1', outcome: 'approved', at: at(2) }],
      outbox: [
        {
          type: 'approved',
          verificationId: 'v1',
          seq: 3,
          at: at(2),
          actor: 'key:test',
          to: current.masked,
          data: { checks: 2 },
        },
      ],
    });
    expect(checked(next!, 3, aCheck({ op: 'check-2' }))).toEqual({
      outcome: { kind: 'ended', status: 'approved' },
    });
  });

  // Catches: a budget that is checked after the comparison, so that one guess more than allowed can be right.
  it('counts as the last of its budget, and never after it', () => {
    expect(checked(aSlot({ current: ofChecks(3, 2) }), 1).outcome).toEqual({ kind: 'approved' });
    const spent = checked(aSlot({ current: ofChecks(3, 2) }), 1, wrong()).next!;
    expect(checked(spent, 2, aCheck({ op: 'check-2' })).outcome).toEqual({ kind: 'ended', status: 'failed' });
  });

  it('is compared under the key of the code, whichever keys come first', () => {
    const slot = aSlot({ current: aRecord({ kid: 'k2' }) });
    const both = [
      { kid: 'k1', mac: WRONG },
      { kid: 'k2', mac: RIGHT },
    ];
    expect(checked(slot, 1, aCheck({ candidates: both })).outcome).toEqual({ kind: 'approved' });
  });
});

describe('a wrong guess', () => {
  // Catches: a guess that is not charged, to the verification or to the recipient.
  it('is charged to the verification and to the recipient', () => {
    const slot = aSlot({ failures: 4 });
    const { outcome, next, relies } = checked(slot, 5, wrong());
    expect([outcome, relies]).toEqual([{ kind: 'wrong' }, 'alive']);
    expect(next).toEqual({
      ...slot,
      current: { ...slot.current, checksUsed: 1, seq: 2 },
      failures: 5,
      ops: [{ op: 'check-1', outcome: 'wrong', at: at(5) }],
      outbox: next!.outbox,
    });
    expect(told(next!)).toEqual([['check_failed', 2, { checks: 1, failures: 5 }]]);
  });

  // Catches: a comparison of a prefix, or one that throws for another length.
  it.each([0, 31, 33])('is one of %d bytes', (length) => {
    expect(checked(aSlot(), 1, aCheck({ mac: Buffer.alloc(length, 1) })).outcome).toEqual({ kind: 'wrong' });
  });

  // Catches: a verification that ends with the guess after the last one.
  it.each([1, 3, 10])('ends a verification of %d checks when it is the last one', (maxChecks) => {
    let slot = aSlot({ current: ofChecks(maxChecks, 0) });
    const outcomes = Array.from({ length: maxChecks + 1 }, (_, n) => {
      const { outcome, next } = checked(slot, n, wrong({ op: `check-${n}` }));
      slot = next ?? slot;
      return outcome.kind;
    });
    const wrongs = Array.from({ length: maxChecks - 1 }, () => 'wrong');
    expect(outcomes).toEqual([...wrongs, 'failed', 'ended']);
    expect(slot.current).toMatchObject({
      status: 'failed',
      checksUsed: maxChecks,
      endedAt: at(maxChecks - 1),
    });
    expect(slot.current).not.toHaveProperty('mac');
    expect(slot.current).not.toHaveProperty('sealed');
    expect(told(slot).filter(([type]) => type === 'failed')).toHaveLength(1);
  });

  // Catches: a missing, shorter or constant delay after the tenth failure.
  it.each([
    [9, undefined],
    [10, 30],
    [11, 60],
    [16, 1_920],
    [17, 3_600],
    [99, 3_600],
    [100, undefined],
  ])('is failure %d, after which the recipient is locked for %p seconds', (failures, seconds) => {
    const slot = aSlot({ failures: failures - 1 });
    const { next } = checked(slot, 5, wrong());
    expect(next!.failures).toBe(failures);
    expect(next!.lockedUntil).toEqual(seconds && at(5 + seconds * 1000));
  });

  it('says everything that it did, in order, under numbers without a gap', () => {
    const slot = aSlot({ failures: 9, current: { ...ofChecks(5, 4), seq: 6 } });
    const { next } = checked(slot, 5, wrong());
    expect(told(next!)).toEqual([
      ['check_failed', 7, { checks: 5, failures: 10 }],
      ['failed', 8, {}],
      ['locked', 9, { failures: 10 }],
      ['recipient_attacked', 10, { failures: 10 }],
    ]);
    expect(next!.current.seq).toBe(10);
  });

  // Catches: an alert at every failure, or only where a lock begins.
  it('is an alert at failure 10, 50 and 90, and at no other', () => {
    const alerts = Array.from({ length: 100 }, (_, n) => n + 1).filter((failures) => {
      const { next } = checked(aSlot({ failures: failures - 1 }), 5, wrong());
      return told(next!).some(([type]) => type === 'recipient_attacked');
    });
    expect(alerts).toEqual([10, 50, 90]);
  });

  it('replaces the date of a lock that is over', () => {
    const slot = aSlot({ failures: 10, lockedUntil: at(5) });
    expect(checked(slot, 5, wrong()).next!.lockedUntil).toEqual(at(60_005));
  });

  // Catches: the usual lock for a verification that was started with a stricter one; an event that does not say so.
  it('locks by the rules that the verification was started with', () => {
    const lock = { afterFailures: 5, seconds: 300, knownDevices: 'held' } as const;
    const current = aRecord({ policy: { ...aRecord().policy, lock } });
    expect(checked(aSlot({ current, failures: 3 }), 1, wrong()).next).not.toHaveProperty('lockedUntil');
    const { next } = checked(aSlot({ current, failures: 4 }), 1, wrong());
    expect(next!.lockedUntil).toEqual(at(300_001));
    expect(told(next!)).toContainEqual(['locked', expect.any(Number), { failures: 5 }]);
  });
});

describe('a guess that is not evaluated', () => {
  const past = [aRecord({ id: 'old', status: 'superseded', endedAt: at(1) })];
  const locked = { failures: 10, lockedUntil: at(30_000) };

  // Catches: a right code that gets past the lock, another application, or another verification of the slot.
  it.each<[what: string, slot: Slot | null, ms: number, command: CheckCommand, outcome: object]>([
    ['has no slot', null, 0, aCheck(), { kind: 'not_found' }],
    ['comes from another application', aSlot(), 0, aCheck({ applicationId: 'other' }), { kind: 'not_found' }],
    [
      'names nothing that the slot knows',
      aSlot(),
      0,
      aCheck({ verificationId: 'v9' }),
      { kind: 'not_found' },
    ],
    [
      'names a past verification',
      aSlot({ past }),
      2,
      aCheck({ verificationId: 'old' }),
      { kind: 'ended', status: 'superseded' },
    ],
    [
      'comes in the last millisecond of a lock',
      aSlot(locked),
      29_999,
      aCheck(),
      { kind: 'locked', until: at(30_000) },
    ],
    ['comes after failure 100', aSlot({ failures: 100 }), 599_999, aCheck(), { kind: 'locked', until: null }],
    [
      'has no candidate for the key',
      aSlot({ current: aRecord({ kid: 'k2' }) }),
      1,
      aCheck(),
      { kind: 'unknown_key' },
    ],
    ['has no candidate at all', aSlot(), 1, aCheck({ candidates: [] }), { kind: 'unknown_key' }],
    [
      'comes to the end before the lock',
      aSlot({ ...locked, failures: 100 }),
      600_000,
      aCheck(),
      { kind: 'ended', status: 'expired' },
    ],
    [
      'comes to the lock before the key',
      aSlot(locked),
      1,
      aCheck({ candidates: [] }),
      { kind: 'locked', until: at(30_000) },
    ],
  ])('%s, and changes nothing', (_, slot, ms, command, outcome) => {
    expect(check(slot, command, at(ms))).toEqual({ outcome });
  });

  it('is one before the end of the lock; the one at its end counts', () => {
    expect(checked(aSlot(locked), 30_000).outcome).toEqual({ kind: 'approved' });
  });
});

describe('a guess that is sent twice', () => {
  // Catches: one guess that is charged twice, or answered by what happened after it.
  it.each(['wrong', 'failed', 'approved'])(
    'hears %s again and changes nothing, whatever has happened since',
    (outcome) => {
      const done = { op: 'check-1', outcome, at: at(1) };
      const since = aSlot({
        ops: [done],
        failures: 100,
        current: aRecord({ status: 'canceled', endedAt: at(2) }),
      });
      expect(checked(since, 3, aCheck())).toEqual({ outcome: { kind: outcome } });
    },
  );

  it('is not known to another application', () => {
    const slot = aSlot({ ops: [{ op: 'check-1', outcome: 'approved', at: at(1) }] });
    expect(checked(slot, 2, aCheck({ applicationId: 'other' }))).toEqual({ outcome: { kind: 'not_found' } });
  });
});

describe('a guess after the clock was stepped back', () => {
  const HOUR_MS = 3_600_000;

  // Catches: a lock that lasts an hour longer than the failures explain, as long as nobody writes it down.
  it('is refused by the lock at its right length, which is written', () => {
    const slot = aSlot({ failures: 10, lockedUntil: at(30_000) });
    const { outcome, next, relies } = checked(slot, -HOUR_MS);
    expect([outcome, relies]).toEqual([{ kind: 'locked', until: at(-HOUR_MS + 30_000) }, undefined]);
    expect(next).toMatchObject({ lockedUntil: at(-HOUR_MS + 30_000), ops: [], outbox: [] });
    expect(next!.current).toMatchObject({ checksUsed: 0, expiresAt: at(-HOUR_MS + 600_000) });
  });

  it('leaves the verification with the life of its policy', () => {
    const { next } = checked(aSlot(), -HOUR_MS, wrong());
    expect(next!.current).toMatchObject({ checksUsed: 1, expiresAt: at(-HOUR_MS + 600_000) });
    expect(next!.sends).toEqual([at(-HOUR_MS)]);
  });
});
