import {
  advance,
  block,
  conversionOf,
  creditFor,
  debtAt,
  endOfBlock,
  isBlocked,
  newNode,
  type Node,
  releaseByConversions,
  releaseByTime,
  windowOf,
} from './node';
import { strikesForgottenMs } from './rules';

const AT = 1_700_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const nodeWith = (change: Partial<Node> = {}): Node => ({ ...newNode(AT), ...change });

describe('time at a node', () => {
  it('halves debt and what is usual in an hour', () => {
    const node = nodeWith({ debt: 8, usual: 6 });
    advance(node, AT + HOUR);
    expect(node).toMatchObject({ debt: 4, usual: 3, at: AT + HOUR });
  });

  it('halves what was learned in a day', () => {
    const node = nodeWith({ sends: 10, conversions: 4 });
    advance(node, AT + DAY);
    expect(node).toMatchObject({ sends: 5, conversions: 2, at: AT + DAY });
  });

  // Catches: an entry of a clock that is behind, after which the same time forgives debt twice.
  it('changes nothing when it runs backwards', () => {
    const node = nodeWith({ debt: 8, usual: 6, sends: 10, conversions: 4 });
    const before = { ...node };
    advance(node, AT - HOUR);
    expect(node).toEqual(before);
  });

  it('is only looked at by what asks for the debt', () => {
    const node = nodeWith({ debt: 8 });
    expect(debtAt(node, AT + 2 * HOUR)).toBe(2);
    expect(node).toEqual(nodeWith({ debt: 8 }));
  });
});

describe('the share of codes that are typed', () => {
  it('is what is assumed, or what is known of the wider node, until something is learned', () => {
    expect(conversionOf(newNode(AT))).toBe(0.75);
    expect(conversionOf(newNode(AT), 0.5)).toBe(0.5);
  });

  it('is learned against 60 messages of the wider node', () => {
    expect(conversionOf({ sends: 60, conversions: 30 }, 0.75)).toBe(0.625);
  });

  it('is believed between two bounds only', () => {
    expect(conversionOf({ sends: 10_000, conversions: 0 })).toBe(0.4);
    expect(conversionOf({ sends: 10_000, conversions: 10_000 })).toBe(0.95);
  });

  it('makes a code pay for more where fewer are typed', () => {
    expect([creditFor(0.75), creditFor(0.5)]).toEqual([2, 3]);
  });
});

describe('the window of a node', () => {
  it.each([
    ['where as many codes are typed as is assumed', 0.75, 0, 80],
    ['not smaller where more are typed', 0.95, 0, 80],
    ['larger where fewer are typed', 0.5, 0, 120],
    ['larger where many were typed in the last hour', 0.75, 100, 105],
    ['at most so large', 0.5, 1_000_000, 600],
  ])('is %s: at a share of %d and %d usual codes %d', (_, conversion, usual, window) => {
    expect(windowOf('operator', nodeWith({ usual }), conversion, false)).toBe(window);
  });

  it('is two thirds of it where the country is suspect', () => {
    expect(windowOf('prefix10k', newNode(AT), 0.75, true)).toBe(8);
  });
});

describe('a block', () => {
  it('ends at its end, not after it', () => {
    const node = nodeWith({ blockedUntil: AT + 1 });
    expect([isBlocked(node, AT), isBlocked(node, AT + 1)]).toEqual([true, false]);
  });

  it.each([
    [0, 10 * MINUTE],
    [1, 30 * MINUTE],
    [2, 90 * MINUTE],
    [3, 270 * MINUTE],
    [4, 12 * HOUR],
  ])('after %d others takes %d ms', (strikes, lengthMs) => {
    const node = nodeWith({ strikes, releasedAt: AT });
    expect(endOfBlock(node, AT)).toBe(AT + lengthMs);
    block(node, AT);
    expect(node).toMatchObject({ blockedUntil: AT + lengthMs, strikes: strikes + 1 });
  });

  it('that has begun ends when it said', () => {
    const node = nodeWith({ blockedUntil: AT + 7 });
    expect([endOfBlock(node, AT), endOfBlock(node, AT + 7)]).toEqual([AT + 7, AT + 7 + 10 * MINUTE]);
  });

  it('is short again a day after the last one, and not a moment earlier', () => {
    const node = nodeWith({ strikes: 2, releasedAt: AT });
    const forgotten = AT + strikesForgottenMs;
    expect(endOfBlock(node, forgotten)).toBe(forgotten + 90 * MINUTE);
    expect(endOfBlock(node, forgotten + 1)).toBe(forgotten + 1 + 10 * MINUTE);
    block(node, forgotten + 1);
    expect(node.strikes).toBe(1);
  });
});

describe('the end of a block', () => {
  // Catches: a block that leaks a whole window each time it ends.
  it('by time leaves room for three messages only', () => {
    const node = nodeWith({ debt: 1, strikes: 2, blockedUntil: AT });
    releaseByTime(node, AT, 12);
    expect(node).toEqual(nodeWith({ debt: 9, strikes: 2, releasedAt: AT }));
  });

  it('by time forgives no debt', () => {
    const node = nodeWith({ debt: 11, blockedUntil: AT });
    releaseByTime(node, AT, 12);
    expect(node.debt).toBe(11);
  });

  it.each([
    [3, 2],
    [1, 0],
    [0, 0],
  ])('by codes that were typed takes one of %d strikes back: %d', (strikes, left) => {
    const node = nodeWith({ debt: 4, strikes, blockedUntil: AT + HOUR });
    releaseByConversions(node, AT);
    expect(node).toEqual(nodeWith({ debt: 4, strikes: left, releasedAt: AT }));
  });
});
