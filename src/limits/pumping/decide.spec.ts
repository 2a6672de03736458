import { decide, type Underway, type Verdict } from './decide';
import type { Node } from './node';
import { prefixesOf } from './prefixes';
import { PumpingState } from './pumping-state';
import { firstBlockMs, type Level, type NarrowLevel } from './rules';

const NOW = 1_700_000_000_000;
const call = { block: 34_600_001, country: 'ES', applicationId: 'shop', recipient: 1 };
const prefixes = prefixesOf(call.block);

/** A state that knows the country, so that no window is smaller for it. */
function known(): PumpingState {
  const state = new PumpingState();
  state.now = NOW;
  state.country('ES').node.conversions = 5;
  return state;
}

const nodeOf = (state: PumpingState, level: NarrowLevel): Node => state[level].at(prefixes[level], NOW);

function setNarrow(state: PumpingState, level: NarrowLevel, change: Partial<Node>): void {
  Object.assign(nodeOf(state, level), change);
}

const none: Underway = () => 0;
const on = (level: Level, count: number): Underway => {
  return (asked, key) => (asked === level && key === prefixes[level as NarrowLevel] ? count : 0);
};
const ask = (state: PumpingState, underway = none): Verdict => decide(state, call, NOW, underway);

const quiet = { outcome: 'allowed', because: 'quiet', by: null };
const outage = { outcome: 'allowed', because: 'outage', by: null };
const vouchedFor = { outcome: 'allowed', because: 'vouched_for', by: null };

describe('a narrow node', () => {
  it.each([
    ['prefix1k' as const, 10],
    ['prefix10k' as const, 12],
    ['operator' as const, 80],
  ])('of level %s suspends with a debt of exactly its window: %d', (level, window) => {
    const state = known();
    setNarrow(state, level, { debt: window - 0.5 });
    expect(ask(state)).toEqual(quiet);
    setNarrow(state, level, { debt: window });
    expect(ask(state)).toEqual({
      outcome: 'suspended',
      because: 'unpaid',
      by: { level, debt: window, window, until: NOW + firstBlockMs, canBeChallenged: true },
    });
  });

  // Catches: a burst that slips in between, because the log has none of it yet.
  it('owes what is under way too, whether it is known yet or not', () => {
    const state = known();
    expect(ask(state, on('prefix1k', 9))).toEqual(quiet);
    expect(ask(state, on('prefix1k', 10)).by).toMatchObject({ level: 'prefix1k', debt: 10 });
    setNarrow(state, 'prefix1k', { debt: 6 });
    expect(ask(state, on('prefix1k', 3))).toEqual(quiet);
    expect(ask(state, on('prefix1k', 4)).by).toMatchObject({ level: 'prefix1k', debt: 10 });
  });

  it('can be challenged below four windows of debt', () => {
    const state = known();
    setNarrow(state, 'prefix1k', { debt: 39.5 });
    expect(ask(state).by?.canBeChallenged).toBe(true);
    setNarrow(state, 'prefix1k', { debt: 40 });
    expect(ask(state).by?.canBeChallenged).toBe(false);
  });

  it('that is blocked suspends until its block ends, whatever it owes', () => {
    const state = known();
    setNarrow(state, 'prefix10k', { blockedUntil: NOW + 1 });
    expect(ask(state).by).toMatchObject({ level: 'prefix10k', debt: 0, until: NOW + 1 });
    setNarrow(state, 'prefix10k', { blockedUntil: NOW });
    expect(ask(state)).toEqual(quiet);
  });

  it('has a smaller window in a country that nobody knows', () => {
    const state = new PumpingState();
    expect(ask(state, on('prefix10k', 7.5))).toEqual(quiet);
    expect(ask(state, on('prefix10k', 8)).by).toMatchObject({ level: 'prefix10k', window: 8 });
  });
});

describe('an outage', () => {
  // Catches: an operator that is down and looks like an attack on all of its people.
  it('excuses debt', () => {
    const state = known();
    state.country('ES').isDown = true;
    expect(ask(state)).toEqual(outage);
    setNarrow(state, 'prefix1k', { debt: 100 });
    state.country('ES').node.debt = 10_000;
    expect(ask(state)).toEqual(outage);
  });

  it('does not end a block', () => {
    const state = known();
    state.country('ES').isDown = true;
    setNarrow(state, 'prefix1k', { blockedUntil: NOW + 1 });
    expect(ask(state).outcome).toBe('suspended');
  });
});

describe('a wide node', () => {
  it('of a country suspends with a debt of exactly its window', () => {
    const state = known();
    state.country('ES').node.debt = 199.5;
    expect(ask(state)).toEqual(quiet);
    state.country('ES').node.debt = 200;
    expect(ask(state).by).toMatchObject({ level: 'country', debt: 200, window: 200 });
  });

  it('of an application suspends with a debt of exactly its window', () => {
    const state = known();
    state.application('shop').debt = 999.5;
    expect(ask(state)).toEqual(quiet);
    state.application('shop').debt = 1_000;
    expect(ask(state)).toMatchObject({
      outcome: 'suspended',
      by: { level: 'application', debt: 1_000, window: 1_000 },
    });
  });
});

describe('a number that a node vouches for', () => {
  function full(): PumpingState {
    const state = known();
    state.country('ES').node.debt = 200;
    return state;
  }

  it.each([
    ['prefix10k' as const, 6],
    ['operator' as const, 40],
  ])('is let through when %s has typed codes and owes less than half: %d', (level, half) => {
    const state = full();
    setNarrow(state, level, { conversions: 3, debt: half - 0.5 });
    expect(ask(state)).toEqual(vouchedFor);
    setNarrow(state, level, { debt: half });
    expect(ask(state).by?.level).toBe('country');
  });

  it('needs three codes', () => {
    const state = full();
    setNarrow(state, 'operator', { conversions: 2.5 });
    expect(ask(state).outcome).toBe('suspended');
    setNarrow(state, 'operator', { conversions: 3 });
    expect(ask(state)).toEqual(vouchedFor);
  });

  // Catches: a block of a thousand numbers that somebody bought and types three codes in.
  it('needs more than its own 1k block', () => {
    const state = full();
    setNarrow(state, 'prefix1k', { conversions: 100 });
    expect(ask(state).by?.level).toBe('country');
  });
});

describe('a recipient that typed a code lately', () => {
  it('is let through whatever its block owes', () => {
    const state = known();
    setNarrow(state, 'prefix1k', { debt: 100 });
    state.recipients.typed(1, NOW);
    expect(ask(state)).toEqual({ outcome: 'allowed', because: 'known_recipient', by: null });
  });
});
