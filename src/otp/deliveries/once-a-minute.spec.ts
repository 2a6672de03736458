import { OnceAMinute } from './once-a-minute';

describe('onceAMinute', () => {
  it('lets one of a kind through a minute', () => {
    const onceAMinute = new OnceAMinute();
    const heard = [0, 1, 59_999, 60_000, 60_001].map((now) => onceAMinute.allows('http unavailable', now));
    expect(heard).toEqual([true, false, false, true, false]);
    expect(onceAMinute.allows('http unauthorized', 60_001)).toBe(true);
  });

  it('stays small', () => {
    const onceAMinute = new OnceAMinute();
    for (let i = 0; i < 5_000; i++) expect(onceAMinute.allows(`kind ${i}`, 0)).toBe(true);
    expect(onceAMinute['lastAt'].size).toBeLessThanOrEqual(1_000);
  });
});
