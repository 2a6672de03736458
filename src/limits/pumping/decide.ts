/** Whether a message may go out, as the state stands. Reads only: a refusal leaves nothing behind. */
import { debtAt, endOfBlock, isBlocked, newNode, type Node, windowOf } from './node';
import type { NodeTable } from './node-table';
import { prefixesOf } from './prefixes';
import { type Country, isSuspect, type PumpingState } from './pumping-state';
import { challengedWindows, type Level, type NarrowLevel, vouchesAfter } from './rules';

/** A message that asks to go out. */
export interface PumpingCall {
  readonly block: number;
  readonly country: string;
  readonly applicationId: string;
  readonly recipient: number;
}

/** Messages of a node that were let through and are not in the log yet. */
export type Underway = (level: Level, key: number | string) => number;

export interface Verdict {
  readonly outcome: 'allowed' | 'suspended';
  readonly because: 'known_recipient' | 'vouched_for' | 'outage' | 'unpaid' | 'quiet';
  /** What suspends it; null where nothing does. */
  readonly by: Suspension | null;
}

export interface Suspension {
  readonly level: Level;
  readonly debt: number;
  readonly window: number;
  /** When the block ends on its own. The message that begins it may still be under way: then as if it began now. */
  readonly until: number;
  /** A solved challenge would let it through. */
  readonly canBeChallenged: boolean;
}

const allowed = (because: Verdict['because']): Verdict => ({ outcome: 'allowed', because, by: null });
const suspended = (by: Suspension): Verdict => ({ outcome: 'suspended', because: 'unpaid', by });

const narrowLevels = ['prefix1k', 'prefix10k', 'operator'] as const satisfies NarrowLevel[];
const unknown = newNode(0);

/** What is the same for all nodes of one call. */
interface View {
  readonly now: number;
  readonly underway: Underway;
  readonly country: Country | undefined;
  readonly conversion: number;
}

/** @param now the time of the last entry, and what has passed since on a clock that never runs backwards */
export function decide(state: PumpingState, call: PumpingCall, now: number, underway: Underway): Verdict {
  if (state.recipients.isExempt(call.recipient, now)) return allowed('known_recipient');
  const prefixes = prefixesOf(call.block);
  const country = state.peekCountry(call.country);
  const conversion = state.conversionAt(state.operator.peek(prefixes.operator), country);
  const view = { now, underway, country, conversion };
  const stands = narrowLevels.map((level) => standOf(level, state[level], prefixes[level], view));
  const shut = stands.find(({ suspension }) => suspension !== null)?.suspension;
  if (shut) return suspended(shut);
  const wide = wideSuspension(state, call, view);
  if (!wide) return allowed(country?.isDown === true ? 'outage' : 'quiet');
  return stands.some(({ vouches }) => vouches) ? allowed('vouched_for') : suspended(wide);
}

/** How one block of numbers stands. */
function standOf(level: NarrowLevel, table: NodeTable, key: number, view: View) {
  const known = table.peek(key);
  // A node that is not there may have been forgotten with as much debt as any.
  const debt = (known ? debtAt(known, view.now) : table.forgottenDebt(view.now)) + view.underway(level, key);
  const node = known ?? unknown;
  return {
    suspension: suspensionOf(level, node, debt, view),
    vouches: level !== 'prefix1k' && vouches(level, node, debt, view),
  };
}

function wideSuspension(state: PumpingState, call: PumpingCall, view: View): Suspension | null {
  const country = view.country?.node ?? unknown;
  const application = state.peekApplication(call.applicationId) ?? unknown;
  return (
    suspensionOf('country', country, debtAt(country, view.now), view) ??
    suspensionOf('application', application, debtAt(application, view.now), view)
  );
}

function suspensionOf(level: Level, node: Node, debt: number, view: View): Suspension | null {
  const { now, country, conversion } = view;
  const window = windowOf(level, node, conversion, isSuspect(country));
  const isFull = debt >= window && country?.isDown !== true;
  if (!isFull && !isBlocked(node, now)) return null;
  return {
    ...{ level, debt, window, until: endOfBlock(node, now) },
    canBeChallenged: debt < challengedWindows * window,
  };
}

/** People typed codes here lately, and most messages are paid for. */
function vouches(level: NarrowLevel, node: Node, debt: number, { conversion, country }: View): boolean {
  return node.conversions >= vouchesAfter && debt < windowOf(level, node, conversion, isSuspect(country)) / 2;
}
