/** What one entry does to each node, with exact numbers. `fold.spec.ts` has what holds for all entries. */
import { fold, type PumpingEntry } from './fold';
import type { Node } from './node';
import { type BlockChange, PumpingState } from './pumping-state';
import { firstBlockMs } from './rules';

const START = 1_700_000_000_000;
const BLOCK = 34_600_111;
const [OF_10K, OF_OPERATOR] = [3_460_011, 34_600];
const FULL = 10;
const CREDIT = 2;

const entryOf = (kind: PumpingEntry['kind'], block = BLOCK, at = START): PumpingEntry => ({
  ...{ kind, block, at, country: 'ES', applicationId: 'shop', recipient: block },
});

/** A known country where 75 % of the codes are typed: a 1k block's window is 10, a code pays for 2 messages. */
function stateOf(): PumpingState {
  const state = new PumpingState();
  state.now = START;
  const country = state.country('ES');
  Object.assign(country.node, { sends: 20, conversions: 15 });
  country.checkedAt = START;
  return state;
}

/** A block that lacks one message until it is full. */
function almostFull(state: PumpingState, block = BLOCK, at = START): Node {
  const node = state.prefix1k.at(block, at);
  node.debt = FULL - 1;
  return node;
}

function blocked(state: PumpingState, block = BLOCK, at = START): Node {
  const node = almostFull(state, block, at);
  node.at = at;
  expect(fold(state, entryOf('send', block, at))).toHaveLength(1);
  return node;
}

describe('a message that goes out', () => {
  it('is charged to blocks at once, and waits at the country and the application', () => {
    const state = stateOf();
    fold(state, entryOf('send'));
    expect(state.prefix1k.peek(BLOCK)?.debt).toBe(1);
    expect(state.prefix10k.peek(OF_10K)?.debt).toBe(1);
    expect(state.operator.peek(OF_OPERATOR)?.debt).toBe(1);
    for (const wide of [state.country('ES').node, state.application('shop')]) {
      expect([wide.debt, wide.waiting.map(({ count }) => count)]).toEqual([0, [1]]);
    }
  });

  it('is given back where it waits when it returns', () => {
    const state = stateOf();
    fold(state, entryOf('send'));
    fold(state, entryOf('returned'));
    expect(state.prefix1k.peek(BLOCK)?.debt).toBe(0);
    for (const wide of [state.country('ES').node, state.application('shop')]) {
      expect([wide.debt, wide.waiting.map(({ count }) => count)]).toEqual([0, [0]]);
    }
  });

  // Catches: a window that holds one message more than it says.
  it('begins a block when it fills the window', () => {
    const state = stateOf();
    const node = almostFull(state);
    node.debt -= 0.1;
    expect(fold(state, entryOf('send'))).toEqual([]);
    node.debt = FULL - 1;
    const until = START + firstBlockMs;
    expect(fold(state, entryOf('send'))).toEqual([
      {
        ...{ type: 'prefix_blocked', level: 'prefix1k', key: String(BLOCK) },
        ...{ at: START, until, debt: FULL, window: FULL },
      },
    ]);
    expect([[...state.open.keys()], state.nextRelease]).toEqual([[`prefix1k:${BLOCK}`], until]);
  });
});

describe('what a message teaches', () => {
  it('is less at each wider level, and nothing at the narrowest and the application', () => {
    const state = stateOf();
    fold(state, entryOf('send'));
    const toOperator = 1 / (1 + 1 / 10);
    const toCountry = toOperator / (1 + toOperator / 200);
    expect(state.prefix1k.peek(BLOCK)?.sends).toBe(0);
    expect(state.prefix10k.peek(OF_10K)?.sends).toBe(1);
    expect(state.operator.peek(OF_OPERATOR)?.sends).toBeCloseTo(toOperator, 10);
    expect(state.country('ES').node.sends).toBeCloseTo(20 + toCountry, 10);
    expect(state.application('shop').sends).toBe(0);
  });

  // Catches: an attack that teaches that few codes are typed.
  it('ends when half a window of a block is unpaid', () => {
    const [quiet, loud] = [stateOf(), stateOf()];
    quiet.prefix1k.at(BLOCK, START).debt = FULL / 2 - 0.1;
    loud.prefix1k.at(BLOCK, START).debt = FULL / 2;
    fold(quiet, entryOf('send'));
    fold(loud, entryOf('send'));
    expect(quiet.prefix10k.peek(OF_10K)?.sends).toBe(1);
    expect(loud.prefix10k.peek(OF_10K)?.sends).toBe(0);
  });

  it('does not end with the debt of a country', () => {
    const state = stateOf();
    state.country('ES').node.debt = 1_000;
    fold(state, entryOf('send'));
    expect(state.prefix10k.peek(OF_10K)?.sends).toBe(1);
  });

  it('is nothing in an outage, and the message weighs an eighth', () => {
    const state = stateOf();
    state.country('ES').isDown = true;
    fold(state, entryOf('send'));
    expect(state.prefix10k.peek(OF_10K)).toMatchObject({ sends: 0, debt: 1 / 8 });
    expect(state.country('ES').node.sends).toBe(20);
  });
});

describe('a code that is typed', () => {
  it('ends a block when less than half a window is left unpaid', () => {
    const state = stateOf();
    const node = blocked(state);
    node.debt = FULL / 2 + CREDIT;
    expect(fold(state, entryOf('conversion'))).toEqual([]);
    expect([node.debt, node.blockedUntil]).toEqual([FULL / 2, START + firstBlockMs]);
    node.debt = FULL / 2 + CREDIT - 0.5;
    node.usual = 0;
    expect(fold(state, entryOf('conversion'))).toEqual([
      {
        ...{ type: 'prefix_released', level: 'prefix1k', key: String(BLOCK) },
        ...{ at: START, until: START + firstBlockMs, debt: FULL / 2 - 0.5, window: FULL },
      },
    ]);
    expect([node.blockedUntil, state.open.size]).toEqual([0, 0]);
  });

  // Catches: each typed code taken for the end of a block, so that the next block is a short one again.
  it('changes nothing about the blocks of a node that is not blocked', () => {
    const state = stateOf();
    const node = state.prefix1k.at(BLOCK, START);
    node.strikes = 2;
    expect(fold(state, entryOf('conversion'))).toEqual([]);
    expect(node).toMatchObject({ strikes: 2, releasedAt: 0, usual: 1 });
  });

  it('ends a block of which nobody heard without a word', () => {
    const state = stateOf();
    const node = state.prefix1k.at(BLOCK, START);
    node.blockedUntil = START + 1;
    expect(fold(state, entryOf('conversion'))).toEqual([]);
    expect(node).toMatchObject({ blockedUntil: 0, releasedAt: START });
  });
});

describe('the end of a block by time', () => {
  const END = START + firstBlockMs;
  const other = 34_711_222;
  const third = 34_822_333;

  /** Two or three blocks that end one after the other. */
  function blockedInTurn(laterMs: readonly number[]): PumpingState {
    const state = stateOf();
    [BLOCK, other, third].slice(0, laterMs.length).forEach((block, i) => {
      blocked(state, block, START + (laterMs[i] ?? 0));
    });
    return state;
  }
  const releasedAt = (state: PumpingState, at: number): string[] =>
    fold(state, entryOf('returned', 34_933_444, at)).map(({ type, key }: BlockChange) => `${type} ${key}`);

  it('comes with the first entry at its end, not before', () => {
    const state = blockedInTurn([0]);
    expect(releasedAt(state, END - 1)).toEqual([]);
    expect(releasedAt(state, END)).toEqual([`prefix_released ${BLOCK}`]);
    expect([state.open.size, state.nextRelease]).toEqual([0, Infinity]);
  });

  // Catches: a look at all blocks with each entry, which a flood makes expensive.
  it('is looked for once in a second at most', () => {
    const state = blockedInTurn([0, 500]);
    expect(releasedAt(state, END)).toEqual([`prefix_released ${BLOCK}`]);
    expect(releasedAt(state, END + 999)).toEqual([]);
    expect(releasedAt(state, END + 1_000)).toEqual([`prefix_released ${other}`]);
  });

  it('comes for the next one that ends, not for the last', () => {
    const state = blockedInTurn([0, 5_000, 9_000]);
    expect(releasedAt(state, END)).toEqual([`prefix_released ${BLOCK}`]);
    expect(state.nextRelease).toBe(END + 5_000);
    expect(releasedAt(state, END + 5_000)).toEqual([`prefix_released ${other}`]);
    expect(releasedAt(state, END + 9_000)).toEqual([`prefix_released ${third}`]);
  });
});
