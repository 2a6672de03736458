import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { aCheck, aCreate, another, aResend, WRONG } from '../../../../test/builders/slot-commands.builder';
import { check, type CheckOutcome } from './check';
import { create, type CreateCommand } from './create';
import type { Decision } from './decision';
import { isKnown, withDevice } from './known-devices';
import { resend } from './resend';
import type { Slot } from '../slot';

/** Each test was seen to fail with what stands above it. */
describe('the devices of a recipient', () => {
  // With the first one dropped when the same device comes again; with more than five kept.
  it('are the last five on which a code was right, each once', () => {
    const after = (...names: string[]) =>
      names.reduce<readonly string[]>((devices, device) => withDevice(devices, device), []);
    expect(after('a', 'b', 'a', 'c')).toEqual(['b', 'a', 'c']);
    expect(after('a', 'b', 'c', 'd', 'e', 'f')).toEqual(['b', 'c', 'd', 'e', 'f']);
  });

  it('stay the same list when the newest comes again: nothing is written for it', () => {
    const devices = ['a', 'b', 'c'];
    expect(withDevice(devices, 'c')).toBe(devices);
    expect(withDevice(devices, 'b')).toEqual(['a', 'c', 'b']);
  });

  it('know nobody who does not say', () => {
    expect(isKnown({ devices: ['a'] }, undefined)).toBe(false);
    expect(isKnown({}, 'a')).toBe(false);
  });
});

describe('a known device', () => {
  const OWNER = 'owner';
  const made = aCreate({ maxChecks: 10, sendsMax: 50 });
  const started = (): Slot => create(null, made, at(0)).next!;
  const guess = (slot: Slot, code: string | undefined, device?: string, ms = 1): Decision<CheckOutcome> =>
    check(slot, { ...aCheck(made, code), device }, at(ms));
  const owned = (failures: number): Slot => ({
    ...started(),
    devices: [OWNER],
    failures,
    lockedUntil: at(3_600_000),
  });

  // Without remembering it at an approval.
  it('is one on which a code was right', () => {
    const { next } = guess(started(), undefined, OWNER);
    expect(next).toMatchObject({ current: { status: 'approved' }, devices: [OWNER] });
    expect(next!.outbox.at(-1)).toMatchObject({ data: { checks: 1, device: 'new' } });
    const again = aCreate({ slotId: made.slot._id });
    const second = create(next!, again, at(2)).next!;
    const checked = check(second, { ...aCheck(again), device: OWNER }, at(3)).next!;
    expect(checked.outbox.at(-1)).toMatchObject({ data: { device: 'known' } });
  });

  it('is not one whose guess was wrong, or that did not say which it is', () => {
    expect(guess(started(), WRONG, OWNER).next!.devices).toBeUndefined();
    expect(guess(started(), undefined).next!.devices).toBeUndefined();
  });

  // With the delays for everybody.
  it('is approved at once while strangers hold the delay at its top', () => {
    const slot = owned(60);
    expect(guess(slot, undefined, 'stranger').outcome).toEqual({ kind: 'locked', until: at(3_600_000) });
    expect(guess(slot, undefined).outcome).toEqual({ kind: 'locked', until: at(3_600_000) });
    expect(guess(slot, undefined, OWNER)).toMatchObject({
      outcome: { kind: 'approved' },
      next: { failures: 0 },
    });
  });

  it('starts, joins and sends again in spite of the delay, by what its own verification says', () => {
    const slot = owned(60);
    const start = (over: Partial<CreateCommand>) =>
      create(slot, { ...another(made, { sendsMax: 50 }), ...over }, at(1));
    expect(start({}).outcome).toEqual({ kind: 'locked', until: at(3_600_000) });
    expect(start({ device: OWNER })).toMatchObject({
      outcome: { kind: 'started' },
      next: { current: { knownDevice: true } },
    });
    const joined = start({ device: OWNER, whenPending: 'resend' });
    expect(joined).toMatchObject({ outcome: { kind: 'joined' }, next: { current: { knownDevice: true } } });
    expect(resend(joined.next!, aResend(made.record.id), at(2)).outcome).toEqual({ kind: 'resent' });
    expect(resend(slot, aResend(made.record.id), at(2)).outcome).toMatchObject({ kind: 'locked' });
  });

  // Without the ten that are left to it: strangers lock it out for good. With more than a hundred in all.
  it('has the last ten of the hundred failures for itself', () => {
    let slot = owned(89);
    const fail = (device: string | undefined, ms: number) => {
      const decision = guess(
        { ...slot, current: aRecord({ ...slot.current, checksUsed: 0 }) },
        WRONG,
        device,
        ms,
      );
      slot = decision.next ?? slot;
      return decision.outcome.kind;
    };
    const later = 4_000_000;
    slot = {
      ...slot,
      current: {
        ...slot.current,
        expiresAt: at(2 * later),
        policy: { ...slot.current.policy, ttlMs: 2 * later },
      },
    };
    expect(fail('stranger', later)).toBe('wrong');
    expect(slot.failures).toBe(90);
    expect(fail('stranger', 2 * later - 1)).toBe('locked');
    for (let n = 91; n <= 100; n++) expect([n, fail(OWNER, later)]).toEqual([n, 'wrong']);
    expect(slot.failures).toBe(100);
    expect(guess(slot, undefined, OWNER, later).outcome).toEqual({ kind: 'locked', until: null });
  });

  // With the reserve also where no device is known.
  it('takes nothing from recipients who never said which device they have', () => {
    const { devices: _, lockedUntil: __, ...slot } = owned(95);
    expect(guess(slot, WRONG).outcome).toEqual({ kind: 'wrong' });
    expect(aSlot().devices).toBeUndefined();
  });

  // By the rules of the lock that start with the new verification; without asking them, the device is let through.
  it('is held up like everybody where the policy says so', () => {
    const held = { afterFailures: 5, seconds: 300, knownDevices: 'held' } as const;
    const slot = owned(60);
    const policy = { ...slot.current.policy, lock: held };
    const strict = { ...slot, current: aRecord({ ...slot.current, knownDevice: true, policy }) };
    const locked = { kind: 'locked', until: at(3_600_000) };
    expect(guess(strict, undefined, OWNER).outcome).toEqual(locked);
    expect(resend(strict, aResend(made.record.id), at(2)).outcome).toEqual(locked);
    const asked = { ...another(made), device: OWNER };
    const strictly = { ...asked, record: { ...asked.record, policy } };
    expect(create(slot, strictly, at(1)).outcome).toEqual(locked);
  });
});
