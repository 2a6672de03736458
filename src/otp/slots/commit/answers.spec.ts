import { aSlot, at } from '../../../../test/builders/slot-state.builder';
import type { Decision } from '../rules/decision';
import type { Slot } from '../slot';
import { type Absent, answer, answerBy, refusal, rejectAll, unknownOutcome } from './answers';
import type { Decided, SlotPlan } from './plan';
import type { Waiting } from './queue';
import type { Answered } from './task';

interface Heard extends Waiting {
  readonly told: unknown[];
}

/** A caller who writes down what is said. @param decide what the command comes to; with an `op`: unless remembered */
function caller(decide: (slot: Slot | null) => Decision<unknown>, op?: string): Heard {
  const told: unknown[] = [];
  return {
    task: { slotId: 'slot-1', decide, ...(op === undefined ? {} : { op }) },
    resolve: (answered: Answered<unknown>) => void told.push(answered.outcome),
    reject: (error: unknown) => void told.push(error),
    retryUntil: 0,
    isDone: false,
    lost: 0,
    alone: false,
    told,
  };
}

const remembering = (...ops: string[]): Slot => ({
  ...aSlot(),
  ops: ops.map((op) => ({ op, outcome: 'done', at: at(0) })),
});

/** Takes effect once, and hears the same when it is told again. */
const once =
  (op: string) =>
  (slot: Slot | null): Decision<unknown> =>
    slot?.ops.some((one) => one.op === op)
      ? { outcome: 'done' }
      : { outcome: 'done', next: remembering(...(slot?.ops ?? []).map((one) => one.op), op) };
const refuse = (): Decision<unknown> => ({ outcome: 'refused' });
const change = (): Decision<unknown> => ({ outcome: 'changed', next: aSlot() });

const decided = (item: Heard, isEffective: boolean): Decided<Waiting> => ({
  item,
  answer: { outcome: 'planned', slot: aSlot(), now: at(0) },
  isEffective,
});
const planOf = (...items: Heard[]): SlotPlan<Waiting> => ({
  slotId: 'slot-1',
  decided: items.map((item) => decided(item, true)),
  failed: [],
});
const outcomeBy = (slot: Slot | null, before: Decided<Waiting>, absent: Absent): unknown =>
  answerBy(slot, before, at(1), absent)?.outcome ?? null;

describe('a plan that took effect', () => {
  it('is told to everybody in it, as it was decided', () => {
    const [first, second] = [caller(change), caller(change)];
    answer(planOf(first, second));
    expect([first.told, second.told]).toEqual([['planned'], ['planned']]);
  });
});

describe('a command whose write is in doubt, by what is stored', () => {
  // Catches: an absence that is taken for an answer while the write may still land.
  it.each<[string, Slot | null, Decided<Waiting>, Absent, unknown]>([
    ['done: it is remembered', remembering('a'), decided(caller(once('a'), 'a'), true), 'unknown', 'done'],
    ['done, after a lost race', remembering('a'), decided(caller(once('a'), 'a'), true), 'lost', 'done'],
    ['open: it is not remembered', remembering('b'), decided(caller(once('a'), 'a'), true), 'unknown', null],
    [
      'open: it lost a race and would still take effect',
      aSlot(),
      decided(caller(once('a'), 'a'), true),
      'lost',
      null,
    ],
    [
      'open: refused now, it may land on what was',
      aSlot(),
      decided(caller(refuse, 'a'), true),
      'unknown',
      null,
    ],
    ['open: there is no slot, and it may land', null, decided(caller(refuse, 'a'), true), 'unknown', null],
    ['refused: it lost a race', aSlot(), decided(caller(refuse, 'a'), true), 'lost', 'refused'],
    [
      'refused, as it was: nothing of it was written',
      aSlot(),
      decided(caller(refuse, 'a'), false),
      'unknown',
      'refused',
    ],
    ['done, by the state: it has no name', aSlot(), decided(caller(refuse), true), 'unknown', 'refused'],
    ['open, by the state: it has no name', aSlot(), decided(caller(change), true), 'unknown', null],
  ])('is %s', (_, slot, before, absent, outcome) => {
    expect(outcomeBy(slot, before, absent)).toBe(outcome);
  });

  it('is open when its rule fails on what is stored', () => {
    const failing = caller(() => {
      throw new Error('a fault of ours');
    });
    expect(outcomeBy(aSlot(), decided(failing, true), 'lost')).toBeNull();
  });
});

describe('what callers hear of a write that failed', () => {
  it('is the same for all of them', () => {
    const [first, second, third] = [caller(change), caller(change), caller(change)];
    const error = unknownOutcome();
    rejectAll([planOf(first, second), planOf(third)], error);
    expect([first.told, second.told, third.told]).toEqual([[error], [error], [error]]);
  });

  it('asks them to repeat with the same key where nobody knows', () => {
    expect(unknownOutcome()).toMatchObject({
      code: 'unavailable',
      details: { detail: 'The outcome is not known yet. Repeat with the same Idempotency-Key.' },
    });
  });

  // Catches: the server's words handed on; they may quote a number or a code.
  it.each([
    [Object.assign(new Error('E11000 dup key +447700900123'), { code: 11000 }), 'code 11000'],
    [Object.assign(new Error('+447700900123'), { code: 'ECONN' }), 'code none'],
    [null, 'code none'],
    [undefined, 'code none'],
  ])('never has the words of the server: %p', (error, word) => {
    expect(refusal(error).message).toBe(`the database refused the operation (${word})`);
  });
});
