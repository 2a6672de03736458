/** The rule of all limits: a send is let through when every window has room for one more. */
import type { RuleDecision } from '../gate';
import type { NamedLimit } from './limit';
import type { Cell } from './window-table';

/** A limit, and the window that a send would be counted in; null: the send has nothing to count by. */
export interface LimitOnCall {
  readonly limit: NamedLimit;
  readonly cell: Cell | null;
}

/** What is read of the windows. */
export interface Windows {
  count(cell: Cell, now: number): number;
  until(cell: Cell, max: number, now: number): number;
}

/** What each limit says of one more send. `added`: the send is counted already. */
export function decide(
  windows: Windows,
  limits: readonly LimitOnCall[],
  now: number,
  added: 0 | 1 = 0,
): RuleDecision[] {
  return limits.map((one) => decideOne(windows, one, now, added));
}

function decideOne(windows: Windows, { limit, cell }: LimitOnCall, now: number, added: 0 | 1): RuleDecision {
  const { name, max } = limit;
  const rule = `limits.${name}`;
  if (!cell) {
    const outcome = limit.onUnavailable === 'closed' ? 'refused' : 'skipped';
    return { rule, outcome, value: null, limit: max, until: null, because: 'nothing_to_count_by' };
  }
  const value = windows.count(cell, now) - added;
  if (value < max) return { rule, outcome: 'allowed', value, limit: max, until: null };
  return {
    rule,
    outcome: 'refused',
    value,
    limit: max,
    until: new Date(windows.until(cell, max + added, now)),
  };
}

/** The refusal that the caller hears of: the first. */
export function firstRefusal(decisions: readonly RuleDecision[]): RuleDecision | null {
  return decisions.find(({ outcome }) => outcome === 'refused') ?? null;
}
