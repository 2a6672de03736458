import { pauseBefore, secondChance } from './second-chance';

const attempts = (text: string) =>
  text.split(' ').map((one) => {
    const [provider = '', reason = ''] = one.split(':');
    const isOpen = reason === 'timeout' || reason === 'gateway-error';
    return { provider, reason, outcome: isOpen ? ('unknown' as const) : ('rejected' as const) };
  });

describe('a second chance', () => {
  it.each([
    ['one:gateway-error', 'one'],
    ['one:timeout two:gateway-error', 'two'],
    ['one:gateway-error two:gateway-error', 'one'],
    ['one:gateway-error two:gateway-error one:gateway-error', 'two'],
    ['one:timeout two:unavailable', 'one'],
    ['one:timeout two:gateway-error two:gateway-error two:gateway-error', 'two'],
  ])('after "%s" goes to %s', (text, name) => {
    expect(secondChance(attempts(text))).toBe(name);
  });

  it.each([['one:unavailable two:no-credit'], ['one:gateway-error two:content one:rate-limited']])(
    'after "%s" goes to nobody',
    (text) => {
      expect(secondChance(attempts(text))).toBeNull();
    },
  );

  it('waits a little longer each time', () => {
    expect([0, 1, 2, 3, 9].map(pauseBefore)).toEqual([150, 300, 600, 1_200, 1_200]);
  });
});
