import { Purse } from './purse';

/** Times are milliseconds on a clock that starts at zero. */
const holding = (micros: number): Purse => {
  const purse = new Purse('cap');
  purse.put(micros);
  return purse;
};

describe('what is in a purse', () => {
  it('is what was put in and not spent, and pays for as much and no more', () => {
    const purse = holding(100);
    purse.spend(30, 0);
    expect(purse.inHand).toBe(70);
    expect([69, 70, 71].map((micros) => purse.has(micros))).toEqual([true, true, false]);
  });

  it('is taken out whole', () => {
    const purse = holding(100);
    expect(purse.takeOut()).toBe(100);
    expect(purse.inHand).toBe(0);
  });

  // Catches: a debt that is forgotten because the purse was emptied.
  it('is nothing to take out when it is a debt, and the debt stays', () => {
    const purse = holding(-5);
    expect(purse.takeOut()).toBe(0);
    expect(purse.inHand).toBe(-5);
  });
});

describe('what a purse could use', () => {
  it('is nothing when nothing was spent and nothing waits', () => {
    expect(new Purse('cap').wanted(0)).toBe(0);
  });

  it('is all that was spent in the second that runs', () => {
    const purse = holding(100);
    purse.spend(10, 5_000);
    purse.spend(20, 5_999);
    expect(purse.wanted(5_999)).toBe(30);
  });

  // Catches: a second that never ends, so that grants grow with all that was ever spent.
  it('counts anew after exactly one second', () => {
    const purse = holding(100);
    purse.spend(10, 5_000);
    purse.spend(20, 6_000);
    expect(purse.wanted(6_000)).toBe(20);
  });

  it('is the greater of the last second and this one', () => {
    const purse = holding(100);
    purse.spend(30, 5_000);
    purse.spend(7, 6_000);
    expect(purse.wanted(6_000)).toBe(30);
    purse.spend(40, 6_001);
    expect(purse.wanted(6_001)).toBe(47);
  });

  it.each([
    [999, 30],
    [1_000, 30],
    [1_999, 30],
    [2_000, 0],
    [9_000, 0],
  ])('is remembered for less than two seconds: after %i ms it is %i', (passed, wanted) => {
    const purse = holding(100);
    purse.spend(30, 5_000);
    expect(purse.wanted(5_000 + passed)).toBe(wanted);
  });

  it('has on top what waits', () => {
    const purse = holding(100);
    purse.spend(30, 5_000);
    purse.waiting = 12;
    expect(purse.wanted(5_000)).toBe(42);
    expect(purse.wanted(7_000)).toBe(12);
  });
});

describe('a cap without room', () => {
  const found = (): Purse => {
    const purse = new Purse('cap');
    purse.foundEmpty(50, 1_000, 5_000);
    return purse;
  };

  it('is not known before somebody has found it', () => {
    expect(new Purse('cap').isKnownEmpty(1, 0, 0)).toBe(false);
  });

  // Catches: a purse that asks the database for every send that it must refuse.
  it.each([
    [5_000, true],
    [5_999, true],
    [6_000, false],
    [6_001, false],
  ])('is known for one second: at %i ms %s', (now, known) => {
    expect(found().isKnownEmpty(50, 1_000, now)).toBe(known);
  });

  it.each([
    [49, false],
    [50, true],
    [51, true],
  ])('has none for as much or more, and may have some for less: %i micros, %s', (need, known) => {
    expect(found().isKnownEmpty(need, 1_000, 5_500)).toBe(known);
  });

  // Catches: a limit that was raised and lets nothing through at first.
  it.each([
    [999, true],
    [1_000, true],
    [1_001, false],
  ])('has none under a limit that is no higher: limit %i, %s', (limit, known) => {
    expect(found().isKnownEmpty(50, limit, 5_500)).toBe(known);
  });
});

describe('a purse is idle', () => {
  it('when nothing was ever spent', () => {
    expect(new Purse('cap').isIdle(0, 60_000)).toBe(true);
  });

  it('when nothing was spent for so long, to the millisecond', () => {
    const purse = holding(100);
    purse.spend(1, 5_000);
    expect([5_000, 5_299, 5_300].map((now) => purse.isIdle(now, 300))).toEqual([false, false, true]);
  });

  it('only when nothing waits', () => {
    const purse = new Purse('cap');
    purse.waiting = 1;
    expect(purse.isIdle(0, 0)).toBe(false);
  });
});

describe('a warning', () => {
  it('is told for one level and one limit', () => {
    const purse = new Purse('cap');
    purse.tell(80, 1_000);
    expect(purse.isTold(80, 1_000)).toBe(true);
    expect(purse.isTold(50, 1_000)).toBe(false);
    expect(purse.isTold(80, 2_000)).toBe(false);
  });
});

describe('a purse that can be thrown away', () => {
  const paid = (...micros: readonly number[]): Purse => {
    const purse = new Purse('cap');
    for (const one of micros) {
      purse.put(one);
      purse.spend(one, 0);
    }
    return purse;
  };

  it('is one that holds nothing and owes nothing', () => {
    const purse = new Purse('cap');
    expect(purse.isUnused).toBe(true);
    purse.put(1);
    expect(purse.isUnused).toBe(false);
    purse.put(-2);
    expect(purse.isUnused).toBe(false);
  });

  // Catches: money that comes back to a purse that nobody has any more, or is owed by it.
  it('is not one whose payments are under way, until the last of them is settled', () => {
    const purse = paid(10, 20);
    const isUnused = [purse.isUnused];
    for (const micros of [0, 0]) {
      purse.settle(micros);
      isUnused.push(purse.isUnused);
    }
    expect(isUnused).toEqual([false, false, true]);
  });

  it('is not one that somebody waits at', () => {
    const purse = new Purse('cap');
    purse.waiting = 1;
    expect(purse.isUnused).toBe(false);
  });
});
