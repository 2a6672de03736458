import type { Channel } from '../../common/channel';
import { advise, afterCall, afterFeedback, closedBreaker } from './breaker';
import type { Breaker, CallVerdict, FeedbackKind } from './breaker';
import { Latencies } from './latencies';
import { counted, countsOf, emptyTally } from './tally';
import type { Tally } from './tally';

/** Where a message goes: gateways fail country by country, and channel by channel. */
export interface Destination {
  /** ISO 3166-1 alpha-2; null for numbers of no country. */
  readonly country: string | null;
  readonly channel: Channel;
}

export interface DestinationReport extends Destination {
  readonly state: Breaker['state'];
  /** Why it is not closed; null when it is. */
  readonly cause: 'calls' | 'receipts' | 'conversions' | null;
  /** When an open one lets a probe through, monotonic milliseconds; null when it is not open. */
  readonly until: number | null;
  /** Calls of the last minutes that say something about the gateway: accepted, or failed. */
  readonly calls: number;
  readonly accepted: number;
}

interface Known extends Destination {
  breaker: Breaker;
  recent: Tally;
}

/** What the report calls the last minutes. */
const RECENT_MS = 600_000;
/** When a vendor asks for a pause without saying how long. */
const USUAL_PAUSE_MS = 5_000;
/** A vendor may name hours; one call a minute does not hurt it and finds out sooner. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * What is known of one gateway from what it did in this process. At most one entry for each country and channel:
 * some hundred bytes, a thousand times.
 */
export class GatewayHealth {
  readonly latencies = new Latencies();
  /** Times another gateway was asked while it was open whether this one had taken the message. */
  duplicates = 0;
  private pausedUntil = 0;
  private readonly destinations = new Map<string, Known>();

  /** Whether a message should go this way. True gives out the probe of a breaker that is half open. */
  isAdvised(destination: Destination, now: number): boolean {
    if (now < this.pausedUntil) return false;
    const known = this.known(destination);
    const advice = advise(known.breaker, now);
    known.breaker = advice.breaker;
    return advice.isAdvised;
  }

  called(destination: Destination, verdict: CallVerdict, now: number): void {
    const known = this.known(destination);
    known.breaker = afterCall(known.breaker, verdict, now);
    if (verdict !== 'neutral')
      known.recent = counted(known.recent, verdict === 'accepted' ? 'good' : 'bad', now);
  }

  learnt(destination: Destination, kind: FeedbackKind, now: number): void {
    const known = this.known(destination);
    known.breaker = afterFeedback(known.breaker, kind, now);
  }

  /** The vendor wants to be left alone, whatever the country. A later end is never brought forward. */
  pause(retryAfterMs: number | undefined, now: number): void {
    const wanted = Math.max(retryAfterMs ?? USUAL_PAUSE_MS, 0);
    this.pausedUntil = Math.max(this.pausedUntil, now + Math.min(wanted, LONGEST_PAUSE_MS));
  }

  /** Monotonic milliseconds; null when it is not paused. */
  pauseEnd(now: number): number | null {
    return now < this.pausedUntil ? this.pausedUntil : null;
  }

  report(now: number): DestinationReport[] {
    return Array.from(this.destinations.values(), ({ country, channel, breaker, recent }) => {
      const { good, bad } = countsOf(recent, now);
      const cause = breaker.state === 'closed' ? null : breaker.cause;
      const until = breaker.state === 'open' ? breaker.until : null;
      return { country, channel, state: breaker.state, cause, until, calls: good + bad, accepted: good };
    });
  }

  private known({ country, channel }: Destination): Known {
    const key = `${country ?? ''} ${channel}`;
    const known = this.destinations.get(key) ?? {
      country,
      channel,
      breaker: closedBreaker(),
      recent: emptyTally(RECENT_MS),
    };
    this.destinations.set(key, known);
    return known;
  }
}
