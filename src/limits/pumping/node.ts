/** What the guard knows of one prefix, country or application. Changed in place: there are many thousands. */
import { decayed } from './decay';
import {
  assumedConversion,
  blockGrowth,
  debtHalfLifeMs,
  firstBlockMs,
  type Level,
  leastConversion,
  longestBlockMs,
  mostConversion,
  mostWindow,
  priorSends,
  probes,
  creditMargin,
  learningHalfLifeMs,
  strikesForgottenMs,
  suspectShare,
  windowPerUsual,
  windows,
} from './rules';

export interface Node {
  /** Messages that nobody has paid for by typing a code, as of `at`. */
  debt: number;
  /** Codes typed, decayed like debt. */
  usual: number;
  at: number;
  /** 0: not blocked. */
  blockedUntil: number;
  /** Blocks so far, and when the last one ended. */
  strikes: number;
  releasedAt: number;
  /** What was learned in quiet times, decayed over a day. */
  sends: number;
  conversions: number;
}

export const newNode = (at: number, debt = 0): Node => ({
  debt,
  usual: 0,
  at,
  blockedUntil: 0,
  strikes: 0,
  releasedAt: 0,
  sends: 0,
  conversions: 0,
});

export function debtAt(node: Node, now: number): number {
  return decayed(node.debt, now - node.at, debtHalfLifeMs);
}

/** Brings a node to a time. An earlier time than the node's changes nothing. */
export function advance(node: Node, now: number): void {
  const passed = now - node.at;
  if (passed <= 0) return;
  const ofHours = decayed(1, passed, debtHalfLifeMs);
  node.debt *= ofHours;
  node.usual *= ofHours;
  const ofDays = decayed(1, passed, learningHalfLifeMs);
  node.sends *= ofDays;
  node.conversions *= ofDays;
  node.at = now;
}

/** Share of codes that people type here, as learned; `wider` stands in for what is not known yet. */
export function conversionOf(node: Pick<Node, 'sends' | 'conversions'>, wider = assumedConversion): number {
  const share = (node.conversions + priorSends * wider) / (node.sends + priorSends);
  return Math.min(mostConversion, Math.max(leastConversion, share));
}

/** Messages that one typed code pays for: itself, and those of the people who never type theirs. */
export function creditFor(conversion: number): number {
  return creditMargin / conversion;
}

/** Where fewer people type their code, more messages are unpaid by chance. */
export function windowOf(level: Level, node: Node, conversion: number, isSuspect: boolean): number {
  const scaled = windows[level] * Math.max(1, assumedConversion / conversion);
  const grown = Math.min(mostWindow[level], scaled + windowPerUsual[level] * node.usual);
  return isSuspect ? grown * suspectShare : grown;
}

export const isBlocked = (node: Node, now: number): boolean => now < node.blockedUntil;

/** Each block of the same node is longer than the one before. */
const strikesAt = ({ releasedAt, strikes }: Node, now: number): number =>
  now - releasedAt > strikesForgottenMs ? 0 : strikes;
const nextBlockMs = (node: Node, now: number): number =>
  Math.min(longestBlockMs, firstBlockMs * blockGrowth ** strikesAt(node, now));

/** When the block ends on its own; of a node without one: when it would, if it began now. */
export const endOfBlock = (node: Node, now: number): number =>
  isBlocked(node, now) ? node.blockedUntil : now + nextBlockMs(node, now);

export function block(node: Node, now: number): void {
  node.blockedUntil = now + nextBlockMs(node, now);
  node.strikes = strikesAt(node, now) + 1;
}

/** Whatever debt time forgave meanwhile: a few messages have to show that people are there. */
export function releaseByTime(node: Node, now: number, window: number): void {
  node.debt = Math.max(node.debt, window - probes);
  node.blockedUntil = 0;
  node.releasedAt = now;
}

/** People typed their codes after all. */
export function releaseByConversions(node: Node, now: number): void {
  node.blockedUntil = 0;
  node.releasedAt = now;
  node.strikes = Math.max(0, node.strikes - 1);
}
