import { readOffer, readVerdict } from './verdict';

const throwing = Object.defineProperty({}, 'verdict', {
  get: () => {
    throw new Error('a getter');
  },
});

describe('a verdict', () => {
  it.each([
    { verdict: 'allow' },
    { verdict: 'deny', reason: 'denied' },
    { verdict: 'step_up', reason: 'asked' },
    { verdict: 'unknown', reason: 'not_covered' },
  ])('is what the check said: %j', (told) => expect(readVerdict(told)).toEqual(told));

  // Catches: a word that no rule knows, and that would let everybody pass.
  it.each([
    undefined,
    'allow',
    {},
    { verdict: 'ok' },
    { verdict: 'deny' },
    { verdict: 'deny', reason: 'asked' },
    { verdict: 'unknown', reason: '+34600000001' },
    throwing,
  ])('is none where it is nonsense: %#', (told) => {
    expect(readVerdict(told)).toEqual({ verdict: 'unknown', reason: 'strange_answer' });
  });
});

describe('an offer of a challenge', () => {
  it('is made of words and numbers', () =>
    expect(readOffer(() => ({ a: 'x', b: 1 }))).toEqual({ a: 'x', b: 1 }));

  it.each<() => unknown>([
    () => undefined,
    () => 'x',
    () => [],
    () => ({ a: {} }),
    () => ({ a: NaN }),
    () => {
      throw new Error('x');
    },
  ])('is none otherwise: %#', (ask) => expect(readOffer(ask)).toBeNull());
});
