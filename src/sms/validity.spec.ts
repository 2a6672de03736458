import { validityField, validSeconds } from './validity';

describe('the seconds that a vendor is told', () => {
  const seconds = validityField('ttl', 20, 36_000);
  const minutes = validityField('validityPeriod', 60, 172_800, 60);

  it.each([
    ['what is left', 599, seconds, 599],
    ['the most it takes', 86_400, seconds, 36_000],
    ['its minimum when less is left', 7, seconds, 20],
    ['its minimum when nothing is left', -3, seconds, 20],
    ['whole minutes, rounded down', 119, minutes, 60],
    ['whole minutes, exactly', 120, minutes, 120],
    ['one minute when less is left', 59, minutes, 60],
    ['the most it takes, for a message without an end', Infinity, minutes, 172_800],
  ])('are %s', (_name, secondsLeft, field, expected) => {
    expect(validSeconds({ secondsLeft }, field)).toBe(expected);
  });
});
