import { InvalidArgumentError } from 'commander';
import { instant, list, wholeNumber } from './declare';

describe('values of options', () => {
  it('are read', () => {
    expect(wholeNumber(1, 10)('10')).toBe(10);
    expect(list('ES, PT')).toEqual(['ES', 'PT']);
    expect(instant('2026-01-31')).toBe('2026-01-31T00:00:00.000Z');
    expect(instant('2026-01-31T12:00:00+02:00')).toBe('2026-01-31T10:00:00.000Z');
  });

  it.each([
    () => wholeNumber(1, 10)('11'),
    () => wholeNumber(1, 10)('1e1'),
    () => wholeNumber(0, 10)(''),
    () => list('ES,,PT'),
    () => list(''),
    () => instant('yesterday'),
    () => instant('2026-13-01'),
    // A time without zone means another moment on another machine.
    () => instant('2026-01-31T12:00:00'),
  ])('are refused where they cannot be meant', (read) => {
    expect(read).toThrow(InvalidArgumentError);
  });
});
