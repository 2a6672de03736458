/** One entry of the log after the other: what it changes, and which blocks begin and end with it. */
import {
  advance,
  block,
  creditFor,
  isBlocked,
  type Node,
  releaseByConversions,
  releaseByTime,
  windowOf,
} from './node';
import { prefixesOf } from './prefixes';
import { type BlockChange, type Country, isSuspect, type PumpingState } from './pumping-state';
import { type Level, outageWeight, teachesHalfAfter } from './rules';
import { advanceWide, chargeWide, payWide, type WideNode } from './wide-node';

/**
 * `send`: a message goes out. `returned`: it did not after all, which is known before it could be answered.
 * `conversion`: somebody typed the code.
 */
export type EntryKind = 'send' | 'returned' | 'conversion';

export interface PumpingEntry {
  readonly kind: EntryKind;
  /** The number's 1k block, see `blockOf`. */
  readonly block: number;
  /** '' for numbers that belong to no country. */
  readonly country: string;
  readonly applicationId: string;
  /** Fingerprint of the number: 48 bits. */
  readonly recipient: number;
  /** The database's time, milliseconds. */
  readonly at: number;
}

/** One node on the way of an entry, with what holds for it now. */
interface Step {
  readonly level: Level;
  readonly key: string | number;
  readonly node: Node;
  /** The same node where it is a wide one. */
  readonly wide: WideNode | null;
  readonly window: number;
}

const RELEASE_CHECK_MS = 1_000;

/** Folds in place, and says which blocks began and ended. Nothing else may change a state. */
export function fold(state: PumpingState, entry: PumpingEntry): BlockChange[] {
  state.now = Math.max(state.now, entry.at);
  const changes = releaseExpired(state);
  const country = state.country(entry.country);
  state.lookForOutage(country);
  const steps = stepsOf(state, entry, country);
  for (const gone of state.takeForgotten()) changes.push(released(gone, gone.debt, state.now, gone.window));
  if (entry.kind === 'conversion') return [...changes, ...convert(state, entry, steps)];
  const weight = country.isDown ? outageWeight : 1;
  if (entry.kind === 'returned') {
    // It was never sent: nobody learns from it.
    for (const step of steps) pay(step, weight);
    return changes;
  }
  return [...changes, ...send(state, entry, steps, weight)];
}

function stepsOf(state: PumpingState, entry: PumpingEntry, country: Country): Step[] {
  const { now } = state;
  const prefixes = prefixesOf(entry.block);
  const operator = state.operator.at(prefixes.operator, now);
  const conversion = state.conversionAt(operator, country);
  const suspect = isSuspect(country);
  const step = (level: Level, key: string | number, node: Node, wide: WideNode | null = null): Step => {
    if (wide) advanceWide(wide, now);
    else advance(node, now);
    return { level, key, node, wide, window: windowOf(level, node, conversion, suspect) };
  };
  const application = state.application(entry.applicationId);
  return [
    step('prefix1k', prefixes.prefix1k, state.prefix1k.at(prefixes.prefix1k, now)),
    step('prefix10k', prefixes.prefix10k, state.prefix10k.at(prefixes.prefix10k, now)),
    step('operator', prefixes.operator, operator),
    step('country', entry.country, country.node, country.node),
    step('application', entry.applicationId, application, application),
  ];
}

function send(
  state: PumpingState,
  entry: PumpingEntry,
  steps: readonly Step[],
  weight: number,
): BlockChange[] {
  const country = state.country(entry.country);
  const { operator } = prefixesOf(entry.block);
  country.ranges.sent(operator);
  state.recipients.sent(entry.recipient);
  learn(steps, country, 'sends');
  return steps.flatMap((step) => {
    charge(step, weight);
    // In an outage nothing is blocked that the smaller weight keeps below its window.
    return step.node.debt < step.window || isBlocked(step.node, state.now) ? [] : [open(state, step)];
  });
}

function charge({ node, wide }: Step, weight: number): void {
  if (wide) chargeWide(wide, weight);
  else node.debt += weight;
}

function convert(state: PumpingState, entry: PumpingEntry, steps: readonly Step[]): BlockChange[] {
  const country = state.country(entry.country);
  const { operator } = prefixesOf(entry.block);
  const credit = creditFor(state.conversionAt(state.operator.peek(operator), country));
  country.ranges.typed(operator);
  state.recipients.typed(entry.recipient, state.now);
  learn(steps, country, 'conversions');
  return steps.flatMap((step) => {
    pay(step, credit);
    step.node.usual += 1;
    return isBlocked(step.node, state.now) && step.node.debt < step.window / 2 ? close(state, step) : [];
  });
}

function pay({ node, wide }: Step, credit: number): void {
  if (wide) payWide(wide, credit);
  else node.debt = Math.max(0, node.debt - credit);
}

/**
 * Only from quiet times, and from each block and range the less the more it sent: an attack must not teach that few
 * codes are typed.
 */
function learn(steps: readonly Step[], country: Country, what: 'sends' | 'conversions'): void {
  if (country.isDown) return;
  const isQuiet = steps.every(({ wide, node, window }) => wide !== null || node.debt < window / 2);
  if (!isQuiet) return;
  let weight = 1;
  for (const { level, node } of steps) {
    if (level === 'prefix1k' || level === 'application') continue;
    node[what] += weight;
    if (level !== 'country') weight /= 1 + node.sends / teachesHalfAfter[level];
  }
}

function open(state: PumpingState, { level, key, node, window }: Step): BlockChange {
  block(node, state.now);
  const change = {
    ...{ type: 'prefix_blocked' as const, level, key: String(key), at: state.now },
    ...{ until: node.blockedUntil, debt: node.debt, window },
  };
  state.open.set(`${level}:${key}`, { ...change, node });
  state.nextRelease = Math.min(state.nextRelease, node.blockedUntil);
  return change;
}

function close(state: PumpingState, { level, key, node, window }: Step): BlockChange[] {
  const opened = state.open.get(`${level}:${key}`);
  releaseByConversions(node, state.now);
  if (!opened) return [];
  state.open.delete(`${level}:${key}`);
  return [released(opened, node.debt, state.now, window)];
}

/** Blocks whose time is over, with the entry that shows that it is. */
function releaseExpired(state: PumpingState): BlockChange[] {
  if (state.now < state.nextRelease) return [];
  const changes: BlockChange[] = [];
  state.nextRelease = Infinity;
  for (const [id, opened] of state.open) {
    if (opened.until > state.now) state.nextRelease = Math.min(state.nextRelease, opened.until);
    else {
      advance(opened.node, state.now);
      releaseByTime(opened.node, state.now, opened.window);
      state.open.delete(id);
      changes.push(released(opened, opened.node.debt, state.now, opened.window));
    }
  }
  // In a flood one ends every moment: looking at all of them each time would cost more than a late release.
  state.nextRelease = Math.max(state.nextRelease, state.now + RELEASE_CHECK_MS);
  return changes;
}

function released({ level, key, until }: BlockChange, debt: number, at: number, window: number): BlockChange {
  return { type: 'prefix_released', level, key, at, until, debt, window };
}
