import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { heal } from './heal';

const HOUR_MS = 3_600_000;

describe('a clock that was stepped back', () => {
  it.each([0, 1, -999, -1_000])(
    'is not suspected when it is off by %d ms: the slot is the same object',
    (ms) => {
      const slot = aSlot({ failures: 10, lockedUntil: at(30_000) });
      expect(heal(slot, at(ms))).toBe(slot);
    },
  );

  // Catches: a send window, a lock or a code that lasts an hour longer than its setting.
  it('leaves no time further ahead than its policy allows', () => {
    const slot = aSlot({ failures: 10, lockedUntil: at(30_000), sends: [at(-2 * HOUR_MS), at(-1), at(0)] });
    const healed = heal(slot, at(-HOUR_MS));
    expect(healed).toEqual({
      ...slot,
      sends: [at(-2 * HOUR_MS), at(-HOUR_MS), at(-HOUR_MS)],
      lockedUntil: at(-HOUR_MS + 30_000),
      current: { ...slot.current, expiresAt: at(-HOUR_MS + 600_000) },
    });
  });

  it.each([
    ['sends', { sends: [at(1_001)] }, { sends: [at(0)] }],
    ['the lock after failure 12', { failures: 12, lockedUntil: at(121_001) }, { lockedUntil: at(120_000) }],
    ['a lock that no failure explains', { failures: 9, lockedUntil: at(1_001) }, { lockedUntil: at(0) }],
    [
      'the expiry',
      { current: aRecord({ expiresAt: at(601_001) }) },
      { current: aRecord({ expiresAt: at(600_000) }) },
    ],
  ])('is seen in %s from a second and a millisecond on', (_, ahead, healed) => {
    const slot = aSlot(ahead);
    expect(heal(slot, at(0))).toEqual({ ...slot, ...healed });
    expect(heal(slot, at(1))).toBe(slot);
  });

  it('does not move the expiry of what has ended: nobody waits for it', () => {
    const slot = aSlot({ current: aRecord({ status: 'approved', endedAt: at(1) }), sends: [] });
    expect(heal(slot, at(-HOUR_MS))).toBe(slot);
  });

  it('keeps what it does not touch the same, so that only the difference is written', () => {
    const slot = aSlot();
    const healed = heal(slot, at(-HOUR_MS));
    expect(healed.current.deliveries).toBe(slot.current.deliveries);
    expect(healed.ops).toBe(slot.ops);
    expect(heal(healed, at(-HOUR_MS))).toBe(healed);
  });

  // Catches: a lock of a profile that is cut to the usual length at the next command.
  it('leaves a lock the length that its policy gives it', () => {
    const lock = { afterFailures: 5, seconds: 1_800, knownDevices: 'held' } as const;
    const current = aRecord({ policy: { ...aRecord().policy, lock } });
    const slot = aSlot({ current, failures: 5, lockedUntil: at(1_800_000) });
    expect(heal(slot, at(0))).toBe(slot);
    expect(heal(slot, at(-HOUR_MS)).lockedUntil).toEqual(at(-HOUR_MS + 1_800_000));
  });
});
