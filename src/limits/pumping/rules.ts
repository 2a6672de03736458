/** The numbers of the guard. docs/pumping.md shows what `npm run simulate` found with them. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** From the narrowest to the widest. */
export const levels = ['prefix1k', 'prefix10k', 'operator', 'country', 'application'] as const;
export type Level = (typeof levels)[number];
/** Blocks of numbers: they refuse on their own. Wider ones only refuse what no narrower one vouches for. */
export type NarrowLevel = Extract<Level, 'prefix1k' | 'prefix10k' | 'operator'>;

/** Unpaid messages that a node may hold, where people type 75 % of their codes. */
export const windows: Readonly<Record<Level, number>> = {
  prefix1k: 10,
  prefix10k: 12,
  operator: 80,
  country: 200,
  application: 1_000,
};
/**
 * How far a window may grow with what a node usually converts, and where few codes are typed. Blocks are held below
 * 25 whatever was learned, because that is what the guard promises.
 */
export const mostWindow: Readonly<Record<Level, number>> = {
  prefix1k: 15,
  prefix10k: 18,
  operator: 600,
  country: 5_000,
  application: 25_000,
};
/** Unpaid messages more for each code that was typed in the hour before: a busy node has more on their way. */
export const windowPerUsual: Readonly<Record<Level, number>> = {
  prefix1k: 0.1,
  prefix10k: 0.1,
  operator: 0.25,
  country: 0.25,
  application: 0.25,
};
/** A country in which nobody has typed a code yet is suspect: its windows are smaller, nothing is refused for it. */
export const suspectShare = 2 / 3;
/** Codes typed that make a country known. */
export const knownAfter = 5;

/** Debt is forgiven by half in this time; what is usual at a node is forgotten as fast. */
export const debtHalfLifeMs = HOUR_MS;

/** Share of codes that are typed: assumed before anything is known, and the bounds of what is believed. */
export const assumedConversion = 0.75;
export const leastConversion = 0.4;
export const mostConversion = 0.95;
export const learningHalfLifeMs = 24 * HOUR_MS;
/** So many messages' worth of the wider node's experience stands behind that of a narrower one. */
export const priorSends = 60;
/**
 * After so many messages a day a block or range teaches the wider nodes half as much with each more. Whoever types a
 * part of his own codes in one block must not teach that fewer codes are usual.
 */
export const teachesHalfAfter: Readonly<Record<'prefix10k' | 'operator', number>> = {
  prefix10k: 10,
  operator: 200,
};
/**
 * A typed code pays for this many messages of people who behave as usual: more than the 1 / share that would let debt
 * stand still, so that honest traffic pays its debt back. At a share of 75 % a code pays for itself and one more.
 */
export const creditMargin = 1.5;

/** The first block is short, each next one of the same node longer. */
export const firstBlockMs = 10 * MINUTE_MS;
export const blockGrowth = 3;
export const longestBlockMs = 12 * HOUR_MS;
/** Messages that may find out after a block whether people are there again. */
export const probes = 3;
/** A node that behaved for so long starts with a short block again. */
export const strikesForgottenMs = 24 * HOUR_MS;
/** A challenge that is solved lets so many windows through; then it does not help any more. */
export const challengedWindows = 4;

/** Wide nodes count a message when its code could have been typed: a spike is not an attack. */
export const slotMs = 30_000;
export const slotsUntilDue = 3;

/** Codes typed in an operator range or 10k block that let it vouch for its numbers when something wider is blocked. */
export const vouchesAfter = 3;

/** A recipient that typed a code is exempt for as long, and for so many messages that it does not answer. */
export const knownRecipientMs = 7 * 24 * HOUR_MS;
export const knownRecipientUnpaid = 3;

/** An outage: of what was to be expected, this share or less was typed, in many ranges at once. */
export const outageShare = 0.6;
export const recoveredShare = 0.8;
/** Standard deviations that chance explains. */
export const outageDeviations = 3;
export const pulseHalfLifeMs = 5 * MINUTE_MS;
export const outageCheckMs = 30_000;
/** No range may have more weight than this in that comparison, or one attacker would be an outage. */
export const mostRangeWeight = 0.25;
export const mostCountryWeight = 0.5;
/** A message weighs this much while nothing arrives. */
export const outageWeight = 1 / 8;

/**
 * Entries that memory holds: together about 71 MB when all are full and blocked. An attack over more prefixes makes the
 * guard stricter, not larger: a prefix that is not here counts as indebted as the least of those that are.
 */
export interface Capacity {
  readonly prefix1k: number;
  readonly prefix10k: number;
  readonly operator: number;
  readonly recipients: number;
  readonly rangesPerCountry: number;
  readonly applications: number;
}
export const capacity: Capacity = {
  prefix1k: 50_000,
  prefix10k: 50_000,
  operator: 20_000,
  recipients: 100_000,
  rangesPerCountry: 256,
  applications: 10_000,
};
