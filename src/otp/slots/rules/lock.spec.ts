import { at } from '../../../../test/builders/slot-state.builder';
import { defaultPolicy, type LockRules } from '../../policy/policy';
import { isLockedForGood, isLockingFailure, lockAt, lockMs } from './lock';

const usual = defaultPolicy.lock;
const seconds = (count: number): number => count * 1000;

describe('the lock after wrong checks in a row', () => {
  // Catches: a ladder that starts a failure late, grows more slowly, or ends in something else than a lock for good.
  const ladder: [failures: number, ms: number | null][] = [
    [0, 0],
    [1, 0],
    [9, 0],
    [10, seconds(30)],
    [11, seconds(60)],
    [12, seconds(120)],
    [13, seconds(240)],
    [14, seconds(480)],
    [15, seconds(960)],
    [16, seconds(1_920)],
    [17, seconds(3_600)],
    [18, seconds(3_600)],
    [99, seconds(3_600)],
    [100, null],
    [101, null],
  ];
  it.each(ladder)('lasts after failure %d for %p ms (null: until an unlock)', (failures, ms) => {
    expect(lockMs(failures, usual)).toBe(ms);
  });

  it.each([
    [9, false],
    [10, true],
    [99, true],
    [100, true],
  ])('begins with failure %d: %p', (failures, begins) => {
    expect(isLockingFailure(failures, usual)).toBe(begins);
  });

  // Catches: a lock that ends a millisecond early, and one that never ends.
  it.each([
    ['is in force in its last millisecond', 10, at(30_000), 29_999, { until: at(30_000) }],
    ['is over at its end', 10, at(30_000), 30_000, null],
    ['is not there without a date', 99, undefined, 0, null],
    ['has no end from failure 100 on', 100, undefined, 0, { until: null }],
    ['has no end from failure 100 on, whatever date stands there', 100, at(1), 2, { until: null }],
  ])('%s', (_, failures, lockedUntil, ms, expected) => {
    expect(lockAt({ failures, ...(lockedUntil ? { lockedUntil } : {}) }, at(ms), { rules: usual })).toEqual(
      expected,
    );
  });

  // Catches: a delay that holds up a known device; a reserve that is one short, or that is there for nobody.
  it.each([
    ['is not in force for a known device', 89, true, null],
    ['leaves a known device the last failure', 99, true, null],
    ['has no end for a known device either from failure 100 on', 100, true, { until: null }],
    ['has an end for a stranger at failure 89', 89, false, { until: at(1) }],
    ['has no end for a stranger from failure 90 on, where a device is known', 90, false, { until: null }],
  ])('%s', (_, failures, isKnownDevice, expected) => {
    const slot = { failures, lockedUntil: at(1), devices: ['d'] };
    expect(lockAt(slot, at(0), { isKnownDevice, rules: usual })).toEqual(expected);
    expect(isLockedForGood(slot)).toBe(failures >= 90);
  });

  // Catches: a lock that a profile makes longer and that begins, grows or ends by the usual rules all the same.
  it.each<[number, number, number, number | null]>([
    [5, 300, 4, 0],
    [5, 300, 5, seconds(300)],
    [5, 300, 6, seconds(600)],
    [5, 300, 9, seconds(3_600)],
    [10, 1_800, 9, 0],
    [10, 1_800, 10, seconds(1_800)],
    [10, 1_800, 11, seconds(3_600)],
    [10, 1_800, 99, seconds(3_600)],
    [3, 3_600, 99, seconds(3_600)],
    [3, 3_600, 100, null],
  ])(
    'that begins after %d with %d s lasts after failure %d for %p ms',
    (afterFailures, first, failures, ms) => {
      expect(lockMs(failures, { ...usual, afterFailures, seconds: first })).toBe(ms);
    },
  );

  // Catches: an exemption that PCI DSS 8.3.4 and RTS Art. 4(3)(b) know nothing of.
  it('holds known devices too where the rules say so, and leaves them the last ten all the same', () => {
    const rules: LockRules = { ...usual, knownDevices: 'held' };
    const slot = { failures: 95, lockedUntil: at(1), devices: ['d'] };
    expect(lockAt(slot, at(0), { isKnownDevice: true, rules })).toEqual({ until: at(1) });
    expect(lockAt(slot, at(1), { isKnownDevice: true, rules })).toBeNull();
    expect(lockAt(slot, at(1), { rules })).toEqual({ until: null });
  });
});
