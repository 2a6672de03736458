import type { Channel } from '../../common/channel';
import { advise, afterCall, afterFeedback, closedBreaker } from './breaker';
import type { Breaker, CallVerdict, FeedbackKind } from './breaker';
import type { SkipReason } from '../gateway';
import { Latencies } from './latencies';
import { Pauses } from './pauses';
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
/** Why a gateway is passed over while there is another. */
export type Objection = Exclude<SkipReason, 'busy'>;

/**
 * What is known of one gateway from what it did in this process. At most one entry for each country and channel:
 * some hundred bytes, a thousand times.
 */
export class GatewayHealth {
  readonly latencies = new Latencies();
  readonly pauses = new Pauses();
  /** Times another gateway was asked while it was open whether this one had taken the message. */
  duplicates = 0;
  private readonly destinations = new Map<string, Known>();

  /**
   * What speaks against sending a message this way. Null gives out the probe of a breaker that is half open.
   * @param sender null: not known
   */
  objection(destination: Destination, sender: string | null, now: number): Objection | null {
    if (this.pauses.hold({ channel: destination.channel, sender }, now)) return 'paused';
    const known = this.known(destination);
    const advice = advise(known.breaker, now);
    known.breaker = advice.breaker;
    return advice.isAdvised ? null : 'breaker-open';
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
