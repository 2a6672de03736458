/**
 * Whether a gateway is worth asking for one country and channel. It learns from what the gateway answers, from
 * receipts, and from whether codes are typed. All times are monotonic milliseconds.
 *
 * It only ever gives advice: who has no better gateway asks this one all the same.
 */
import { counted, countsOf, emptyTally } from './tally';
import type { Counts, Tally } from './tally';

/** What opened it. A probe that is accepted proves nothing about a gateway that delivers nothing. */
export type Cause = 'calls' | 'receipts' | 'conversions';

export interface Closed {
  readonly state: 'closed';
  /** Failed calls since the last that was accepted. */
  readonly streak: number;
  readonly calls: Tally;
  /** Messages that were accepted, over the window of the receipts. */
  readonly taken: Tally;
  readonly receipts: Tally;
  readonly conversions: Tally;
}

export interface Open {
  readonly state: 'open';
  readonly cause: Cause;
  readonly until: number;
  /** How long it was opened for. */
  readonly backoffMs: number;
}

export interface HalfOpen {
  readonly state: 'half-open';
  readonly cause: Cause;
  readonly backoffMs: number;
  /** A probe is under way, and is waited for until then; null: the next message is one. */
  readonly probeUntil: number | null;
}

export type Breaker = Closed | Open | HalfOpen;

/** `neutral`: it answered, but about the message or our haste, which says nothing about its health. */
export type CallVerdict = 'accepted' | 'failed' | 'neutral';

export type FeedbackKind = 'delivered' | 'undelivered' | 'converted' | 'unconverted';

/** A destination may see a text a minute, so rates alone would react too late; by chance at 5 % failures: 1 in 3 million. */
const FAILURES_IN_A_ROW = 5;
/** Half of 20 calls: the values that Hystrix made common. */
const CALLS = { windowMs: 60_000, atLeast: 20, badShare: 0.5 };
/**
 * Routes that work deliver 90 % and more, bad ones two thirds; under 20 % of 20 something is broken.
 * Thirty minutes, because receipts come late.
 */
const RECEIPTS = { windowMs: 1_800_000, atLeast: 20, badShare: 0.8 };
/**
 * Some vendors report failures only, and 20 wrong numbers among a thousand messages are no outage: as many
 * failures as half of all that was taken are.
 */
const UNDELIVERED_SHARE = 0.5;
/** Of ten codes that arrive six and more are typed; one in thirty is what strangers' numbers yield. */
const CONVERSIONS = { windowMs: 1_800_000, atLeast: 30, badShare: 0.96 };

/** First and longest pause; doubled each time a probe fails. Receipts and people take minutes to answer, calls seconds. */
export const BACKOFF_MS: Readonly<Record<Cause, { readonly first: number; readonly longest: number }>> = {
  calls: { first: 10_000, longest: 300_000 },
  receipts: { first: 300_000, longest: 3_600_000 },
  conversions: { first: 300_000, longest: 3_600_000 },
};
/** How long a probe may take to say something: longer than any call; as long as codes usually live. */
export const PROBE_MS: Readonly<Record<Cause, number>> = {
  calls: 30_000,
  receipts: 600_000,
  conversions: 600_000,
};

export function closedBreaker(): Closed {
  return {
    state: 'closed',
    streak: 0,
    calls: emptyTally(CALLS.windowMs),
    taken: emptyTally(RECEIPTS.windowMs),
    receipts: emptyTally(RECEIPTS.windowMs),
    conversions: emptyTally(CONVERSIONS.windowMs),
  };
}

/** Whether a message should go this way, and the breaker after that advice: a probe is given out once. */
export function advise(
  breaker: Breaker,
  now: number,
): { readonly isAdvised: boolean; readonly breaker: Breaker } {
  switch (breaker.state) {
    case 'closed':
      return { isAdvised: true, breaker };
    case 'open':
      return now < breaker.until ? { isAdvised: false, breaker } : probe(breaker, now);
    case 'half-open':
      return breaker.probeUntil !== null && now < breaker.probeUntil
        ? { isAdvised: false, breaker }
        : probe(breaker, now);
  }
}

/** While it is open nothing counts: what ends now began before, or had no better way. */
export function afterCall(breaker: Breaker, verdict: CallVerdict, now: number): Breaker {
  switch (breaker.state) {
    case 'closed':
      return afterClosedCall(breaker, verdict, now);
    case 'open':
      return breaker;
    case 'half-open':
      return afterProbe(breaker, verdict, now);
  }
}

export function afterFeedback(breaker: Breaker, kind: FeedbackKind, now: number): Breaker {
  const isGood = kind === 'delivered' || kind === 'converted';
  switch (breaker.state) {
    case 'closed':
      return afterClosedFeedback(breaker, kind, now);
    case 'open':
      return breaker;
    case 'half-open':
      if (breaker.cause === 'calls') return breaker;
      return isGood ? closedBreaker() : reopened(breaker, now);
  }
}

function probe({ cause, backoffMs }: Open | HalfOpen, now: number) {
  const probeUntil = now + PROBE_MS[cause];
  return { isAdvised: true, breaker: { state: 'half-open', cause, backoffMs, probeUntil } as const };
}

function afterProbe(breaker: HalfOpen, verdict: CallVerdict, now: number): Breaker {
  if (verdict === 'failed') return reopened(breaker, now);
  if (verdict === 'neutral') return { ...breaker, probeUntil: null };
  return breaker.cause === 'calls' ? closedBreaker() : breaker;
}

function afterClosedCall(breaker: Closed, verdict: CallVerdict, now: number): Breaker {
  if (verdict === 'neutral') return breaker;
  if (verdict === 'accepted')
    return {
      ...breaker,
      streak: 0,
      calls: counted(breaker.calls, 'good', now),
      taken: counted(breaker.taken, 'good', now),
    };
  const streak = breaker.streak + 1;
  const calls = counted(breaker.calls, 'bad', now);
  if (streak >= FAILURES_IN_A_ROW || isTooBad(countsOf(calls, now), CALLS)) return opened('calls', now);
  return { ...breaker, streak, calls };
}

function afterClosedFeedback(breaker: Closed, kind: FeedbackKind, now: number): Breaker {
  if (kind === 'converted' || kind === 'unconverted') {
    const conversions = counted(breaker.conversions, kind === 'converted' ? 'good' : 'bad', now);
    if (isTooBad(countsOf(conversions, now), CONVERSIONS)) return opened('conversions', now);
    return { ...breaker, conversions };
  }
  const receipts = counted(breaker.receipts, kind === 'delivered' ? 'good' : 'bad', now);
  const counts = countsOf(receipts, now);
  const isOutage = counts.bad >= UNDELIVERED_SHARE * countsOf(breaker.taken, now).good;
  if (isOutage && isTooBad(counts, RECEIPTS)) return opened('receipts', now);
  return { ...breaker, receipts };
}

function isTooBad(
  { good, bad }: Counts,
  rule: { readonly atLeast: number; readonly badShare: number },
): boolean {
  return good + bad >= rule.atLeast && bad >= rule.badShare * (good + bad);
}

function opened(cause: Cause, now: number): Open {
  const backoffMs = BACKOFF_MS[cause].first;
  return { state: 'open', cause, until: now + backoffMs, backoffMs };
}

function reopened({ cause, backoffMs: last }: HalfOpen, now: number): Open {
  const backoffMs = Math.min(last * 2, BACKOFF_MS[cause].longest);
  return { state: 'open', cause, until: now + backoffMs, backoffMs };
}
