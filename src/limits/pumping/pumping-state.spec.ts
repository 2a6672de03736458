import { newNode } from './node';
import type { Pulse } from './pulse';
import { type Country, isSuspect, PumpingState } from './pumping-state';
import { capacity, knownAfter, outageCheckMs } from './rules';

/** A country whose ranges say this, whenever they are asked. */
function countryWith(state: PumpingState, code: string, pulse: Pulse): Country {
  const country = state.country(code);
  jest.spyOn(country.ranges, 'pulse').mockReturnValue(pulse);
  return country;
}

/** Is it down, once all of these have been looked at? The first is asked about, and looked at last. */
function isDownAmong(pulse: Pulse, others: readonly Pulse[] = [], wasDown = false): boolean {
  const state = new PumpingState();
  state.now = outageCheckMs;
  others.forEach((other, i) => state.lookForOutage(countryWith(state, `other${i}`, other)));
  const country = countryWith(state, 'ES', pulse);
  country.isDown = wasDown;
  state.lookForOutage(country);
  return country.isDown;
}

const silent: Pulse[] = Array.from({ length: 4 }, () => ({ expected: 100, typed: 0 }));

describe('a country of the state', () => {
  it('begins with nothing expected, up, and not looked at', () => {
    expect(new PumpingState().country('ES')).toMatchObject({
      ...{ pulse: { expected: 0, typed: 0 }, isDown: false, checkedAt: 0 },
    });
  });

  it('is the same one each time, and a look at it makes none', () => {
    const state = new PumpingState();
    expect(state.peekCountry('ES')).toBeUndefined();
    expect(state.country('ES')).toBe(state.country('ES'));
    expect(state.peekCountry('ES')).toBe(state.country('ES'));
  });

  it('is suspect until enough codes were typed', () => {
    const country = new PumpingState().country('ES');
    expect(isSuspect(undefined)).toBe(true);
    country.node.conversions = knownAfter - 0.01;
    expect(isSuspect(country)).toBe(true);
    country.node.conversions = knownAfter;
    expect(isSuspect(country)).toBe(false);
  });
});

describe('an application of the state', () => {
  it('is the same one each time, and a look at it makes none', () => {
    const state = new PumpingState();
    expect(state.peekApplication('shop')).toBeUndefined();
    const shop = state.application('shop');
    expect(state.application('shop')).toBe(shop);
    expect(state.peekApplication('shop')).toBe(shop);
  });

  // Catches: a table without a bound, or one that forgets before it is full.
  it('makes room for the next one when the table is full: the oldest goes', () => {
    const state = new PumpingState({ ...capacity, applications: 2 });
    const [first, second] = [state.application('first'), state.application('second')];
    expect(state.peekApplication('first')).toBe(first);
    const third = state.application('third');
    expect(state.peekApplication('first')).toBeUndefined();
    expect(state.peekApplication('second')).toBe(second);
    expect(state.peekApplication('third')).toBe(third);
  });

  it('is not remembered where there is no place at all', () => {
    const state = new PumpingState({ ...capacity, applications: 0 });
    expect(state.application('shop').debt).toBe(0);
  });
});

describe('a block whose node has to go', () => {
  // Catches: the debt of the node that has taken its place.
  it('is told of once, with the debt that it had', () => {
    const state = new PumpingState({ ...capacity, prefix1k: 1 });
    const node = state.prefix1k.at(34_600_001, 0);
    const block = {
      type: 'prefix_blocked',
      level: 'prefix1k',
      at: 0,
      until: 9,
      debt: 10,
      window: 10,
    } as const;
    state.open.set('prefix1k:34600001', { ...block, key: '34600001', node });
    node.debt = 12;
    state.prefix1k.at(34_600_002, 0).debt = 1;
    expect(state.takeForgotten()).toEqual([{ ...block, key: '34600001', debt: 12 }]);
    expect([state.takeForgotten(), state.open.size]).toEqual([[], 0]);
  });
});

describe('the look for an outage', () => {
  // Catches: a look with each entry, or one look only.
  it('happens once in each interval', () => {
    const state = new PumpingState();
    const country = countryWith(state, 'ES', { expected: 0, typed: 0 });
    const looksAt = (now: number): number => {
      state.now = now;
      state.lookForOutage(country);
      return jest.mocked(country.ranges.pulse).mock.calls.length;
    };
    expect(looksAt(outageCheckMs - 1)).toBe(0);
    expect(looksAt(outageCheckMs)).toBe(1);
    expect(country.checkedAt).toBe(outageCheckMs);
    expect(looksAt(2 * outageCheckMs - 1)).toBe(1);
    expect(looksAt(2 * outageCheckMs)).toBe(2);
    expect(country.ranges.pulse).toHaveBeenLastCalledWith(2 * outageCheckMs, 0.75);
  });

  it('finds a country down by its own codes, whatever the others do', () => {
    expect(isDownAmong({ expected: 100, typed: 0 })).toBe(true);
    expect(isDownAmong({ expected: 100, typed: 100 })).toBe(false);
    expect(isDownAmong({ expected: 100, typed: 100 }, silent)).toBe(false);
  });

  it('holds what it found until most codes are typed again', () => {
    const some = { expected: 100, typed: 70 };
    expect(isDownAmong(some, [], false)).toBe(false);
    expect(isDownAmong(some, [], true)).toBe(true);
    expect(isDownAmong({ expected: 100, typed: 81 }, [], true)).toBe(false);
  });

  it('lets a country with too little traffic follow all the others', () => {
    expect(isDownAmong({ expected: 8.9, typed: 8.9 }, silent)).toBe(true);
    expect(isDownAmong({ expected: 9, typed: 9 }, silent)).toBe(false);
    expect(isDownAmong({ expected: 8.9, typed: 8.9 })).toBe(false);
  });

  // Catches: all countries judged as if they had been down before, which takes less to be an outage.
  it('asks of all the others what a new outage asks', () => {
    const some = Array.from({ length: 4 }, () => ({ expected: 100, typed: 70 }));
    expect(isDownAmong({ expected: 1, typed: 0 }, some)).toBe(false);
  });
});

describe('the share of codes that people type', () => {
  it('is assumed where nothing is known', () => {
    expect(new PumpingState().conversionAt(undefined, undefined)).toBe(0.75);
  });

  it("is the range's, then the country's", () => {
    const state = new PumpingState();
    const country = state.country('ES');
    Object.assign(country.node, { sends: 60, conversions: 30 });
    const operator = { ...newNode(0), sends: 60, conversions: 30 };
    expect(state.conversionAt(undefined, country)).toBe(0.625);
    expect(state.conversionAt(operator, undefined)).toBe(0.625);
    expect(state.conversionAt(operator, country)).toBe(0.5625);
  });
});
