import { Newcomers } from './newcomers';

const after = (...met: boolean[]): boolean => {
  const newcomers = new Newcomers();
  for (const isNew of met) newcomers.met(isNew);
  return newcomers.areLikely;
};
const times = (n: number, isNew: boolean): boolean[] => Array.from({ length: n }, () => isNew);

describe('the guess that a create is the first one of its recipient', () => {
  it('is not made without experience', () => {
    expect(after()).toBe(false);
    expect(after(...times(10, true))).toBe(false);
  });

  it('is made where nearly all were', () => {
    expect(after(...times(60, true))).toBe(true);
  });

  it('ends where they come again', () => {
    expect(after(...times(500, true), ...times(8, false))).toBe(false);
  });

  it('is not made where half of them come again', () => {
    expect(after(...times(200, true).flatMap((isNew) => [isNew, false]))).toBe(false);
  });
});
