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

/** A moment, and whether the send that is judged is counted already. */
export interface Judged {
  /** Milliseconds since the epoch, the database's. */
  readonly now: number;
  readonly added: 0 | 1;
}

/** What each limit says of one more send. */
export function decide(windows: Windows, limits: readonly LimitOnCall[], judged: Judged): RuleDecision[] {
  return limits.map((one) => decisionOf(windows, one, judged));
}

/** What the first limit without room says; null: all of them have some. Most sends pass, so nothing is made for them. */
export function refusalBy(
  windows: Windows,
  limits: readonly LimitOnCall[],
  judged: Judged,
): RuleDecision | null {
  const full = limits.find((one) => !hasRoom(windows, one, judged));
  return full ? decisionOf(windows, full, judged) : null;
}

function hasRoom(windows: Windows, { limit, cell }: LimitOnCall, { now, added }: Judged): boolean {
  return cell ? windows.count(cell, now) - added < limit.max : limit.onUnavailable === 'open';
}

function decisionOf(windows: Windows, one: LimitOnCall, judged: Judged): RuleDecision {
  const { limit, cell } = one;
  const [rule, isOpen] = [`limits.${limit.name}`, hasRoom(windows, one, judged)];
  if (!cell) {
    const outcome = isOpen ? 'skipped' : 'refused';
    return { rule, outcome, value: null, limit: limit.max, until: null, because: 'nothing_to_count_by' };
  }
  const { now, added } = judged;
  const value = windows.count(cell, now) - added;
  if (isOpen) return { rule, outcome: 'allowed', value, limit: limit.max, until: null };
  const until = new Date(windows.until(cell, limit.max + added, now));
  return { rule, outcome: 'refused', value, limit: limit.max, until };
}
