import fc from 'fast-check';
import { aRoute } from '../../../test/builders/routes';
import { routeFor } from '../../../config/routes';
import { systemRandom } from '../../common/random';
import { drawOrder, usualOrder } from './route-order';

const tiersOf = (text: string) => routeFor(aRoute(text), 'ES');

describe('the order of a route', () => {
  it('is that of the priorities, without a draw where there is no choice', () => {
    const random = { int: () => Promise.reject(new Error('nothing to draw')) as never };
    expect(drawOrder(tiersOf('*:one,two,three'), random)).toEqual(['one', 'two', 'three']);
    expect(drawOrder([], random)).toEqual([]);
  });

  it.each([
    [
      [0, 0],
      ['one', 'two', 'three'],
    ],
    [
      [59, 0],
      ['one', 'two', 'three'],
    ],
    [
      [60, 59],
      ['two', 'one', 'three'],
    ],
    [
      [60, 60],
      ['two', 'three', 'one'],
    ],
    [
      [90, 60],
      ['three', 'two', 'one'],
    ],
  ])('is drawn by weight within a priority: %j', (tickets, order) => {
    const left = [...tickets];
    const random = { int: () => left.shift() ?? 0 };
    expect(drawOrder(tiersOf('*:one*60|two*30|three*10'), random)).toEqual(order);
  });

  // Catches: shares that are not those of the weights.
  it('comes close to the weights over many messages', () => {
    const first = { one: 0, two: 0, three: 0 };
    for (let i = 0; i < 20_000; i += 1) {
      const [name] = drawOrder(tiersOf('*:one*60|two*30|three*10'), systemRandom);
      first[name as 'one'] += 1;
    }
    // Five standard deviations: 1 run in a million is wrong.
    expect(Math.abs(first.one - 12_000)).toBeLessThan(350);
    expect(Math.abs(first.two - 6_000)).toBeLessThan(325);
  });

  it('holds every gateway once, each within its priority', () => {
    const weight = fc.integer({ min: 1, max: 100 });
    const tiers = fc
      .array(fc.array(weight, { minLength: 1, maxLength: 4 }), { maxLength: 4 })
      .map((all) => all.map((some, t) => some.map((one, g) => ({ name: `g${t}-${g}`, weight: one }))));
    fc.assert(
      fc.property(tiers, fc.integer({ min: 0, max: 1_000 }), (all, seed) => {
        const order = drawOrder(all, { int: (max) => seed % max });
        for (const usual of [order, usualOrder(all)]) {
          expect([...usual].sort()).toEqual(
            all
              .flat()
              .map(({ name }) => name)
              .sort(),
          );
          expect(usual.map((name) => name.split('-')[0])).toEqual(
            all.flatMap((some, t) => some.map(() => `g${t}`)),
          );
        }
      }),
    );
  });
});
