import type { Clock } from '../../common/clock';
import { times } from '../../common/money';
import type { CallCost } from '../../limits/money/estimate';
import type { ConfiguredGateway } from '../configured-gateways';
import type { PriceLookup } from '../price-lookup';
import type { SmsAttempt, SmsMessage, SmsOutcome, Gateway } from '../gateway';
import { smsSize } from '../protocols/gsm7';
import { verdictOf } from '../health/call-verdict';
import { GatewayHealth, type Objection } from '../health/gateway-health';
import { InFlightLimit } from './in-flight-limit';
import { safeReference, safeVendorCode } from './vendor-words';

/** Under this an attempt is not worth starting: it would only leave an unknown outcome behind. */
const MIN_ATTEMPT_MS = 500;
/** From the abort to the end of the attempt: what a gateway knows then (never sent) is worth more than `unknown`. */
const GRACE_MS = 100;

/** What the cost of a message depends on. */
export type CostlyMessage = Pick<SmsMessage, 'channel' | 'country' | 'text'>;

/** An attempt and all that was learnt by it. */
export interface Attempted {
  readonly attempt: SmsAttempt;
  readonly outcome: SmsOutcome;
}

/** `busy`: its turn did not come in time. `no-time`: too little is left for a call. */
export type NotAttempted = 'busy' | 'no-time' | 'not-wanted';

/** How long an attempt may take. Times are monotonic milliseconds. */
export interface Patience {
  /** The attempt itself. */
  readonly timeoutMs: number;
  /** Waiting for its turn. */
  readonly waitMs: number;
  /** Both together end before. */
  readonly deadline: number;
  /** Asked when its turn has come; false: it is not wanted any more. */
  readonly mayStart: () => boolean;
}

/** One configured gateway with what every gateway needs around it: a time-out, a bound, a stop-watch, a memory. */
export class MonitoredGateway {
  readonly health = new GatewayHealth();
  private readonly limit: InFlightLimit;

  constructor(
    readonly name: string,
    readonly configured: ConfiguredGateway,
    private readonly prices: PriceLookup,
    private readonly clock: Clock,
  ) {
    this.limit = new InFlightLimit(configured.limits.inFlight);
  }

  get active(): number {
    return this.limit.active;
  }

  get waiting(): number {
    return this.limit.waiting;
  }

  /** What speaks against sending this message by it now. Null gives out the probe of a breaker that is half open. */
  objection(message: SmsMessage): Objection | null {
    return this.health.objection(message, this.senderOf(message), this.clock.monotonic());
  }

  /** What a call with this message may cost. */
  costOf(message: CostlyMessage): CallCost {
    const prices = this.prices.pricesOf(this.name, message.country, message.channel);
    return { parts: partsOf(message), prices };
  }

  async attempt(message: SmsMessage, patience: Patience): Promise<Attempted | NotAttempted> {
    if (message.text.length > this.configured.limits.maxCharacters)
      return patience.mayStart()
        ? this.told(message, { outcome: 'rejected', reason: 'content' }, 0, false)
        : 'not-wanted';
    const latest = patience.deadline - MIN_ATTEMPT_MS - this.clock.monotonic();
    if (latest < 0) return 'no-time';
    if (!(await this.limit.enter(Math.min(patience.waitMs, latest)))) return 'busy';
    try {
      if (!patience.mayStart()) return 'not-wanted';
      return await this.call(message, patience);
    } finally {
      this.limit.leave();
    }
  }

  private async call(message: SmsMessage, { timeoutMs, deadline }: Patience): Promise<Attempted> {
    const started = this.clock.monotonic();
    const longest = Math.min(timeoutMs, deadline - started);
    const { outcome, timedOut } = await withTimeout(this.configured.gateway, message, longest);
    const now = this.clock.monotonic();
    this.remember(message, outcome, now);
    this.health.latencies.add(now - started);
    return this.told(message, outcome, now - started, timedOut);
  }

  private remember(message: SmsMessage, outcome: SmsOutcome, now: number): void {
    this.health.called(message, verdictOf(outcome), now);
    if (outcome.outcome !== 'rejected' || outcome.reason !== 'rate-limited') return;
    const { limitOf = 'account', retryAfterMs } = outcome;
    // One person who asks too often must not make others wait.
    if (limitOf === 'recipient') return;
    const sender = limitOf === 'sender' ? this.senderOf(message) : null;
    this.health.pauses.add({ channel: message.channel, sender }, retryAfterMs, now);
  }

  private senderOf(message: SmsMessage): string | null {
    return this.configured.senders.of(message)?.from ?? null;
  }

  private told(message: SmsMessage, outcome: SmsOutcome, ms: number, timedOut: boolean): Attempted {
    const attempt = {
      provider: this.name,
      outcome: outcome.outcome,
      reason: reasonOf(outcome, timedOut),
      vendorCode: outcome.outcome === 'accepted' ? null : safeVendorCode(outcome.vendorCode, message),
      latencyMs: Math.round(ms),
      ...this.billed(outcome, message),
    };
    return { outcome, attempt };
  }

  /** What the vendor told of the message, and what it costs. What may have been taken may also be billed. */
  private billed(
    outcome: SmsOutcome,
    message: SmsMessage,
  ): Pick<SmsAttempt, 'reference' | 'parts' | 'estimate' | 'price'> {
    const counted = partsOf(message);
    if (outcome.outcome === 'rejected')
      return { reference: null, parts: counted, estimate: null, price: null };
    const told: VendorWord = outcome.outcome === 'accepted' ? outcome : {};
    const parts = told.parts ?? counted;
    const price = this.prices.priceOf(this.name, message.country, message.channel);
    return {
      reference: safeReference(told.reference, message),
      parts,
      estimate: price && times(price, parts),
      price: told.price ?? null,
    };
  }
}

function partsOf({ channel, text }: Pick<SmsMessage, 'channel' | 'text'>): number {
  return channel === 'sms' ? smsSize(text).segments : 1;
}

type VendorWord = Partial<Extract<SmsOutcome, { outcome: 'accepted' }>>;

/** A reject reason; `timeout` or `gateway-error` for an unknown outcome; null when accepted. */
function reasonOf(outcome: SmsOutcome, timedOut: boolean): string | null {
  if (outcome.outcome === 'accepted') return null;
  if (outcome.outcome === 'rejected') return outcome.reason;
  return timedOut ? 'timeout' : 'gateway-error';
}

interface TimedOutcome {
  readonly outcome: SmsOutcome;
  readonly timedOut: boolean;
}

/** Aborts in time and then ends whatever the gateway does: a plug-in that ignores its signal must not hold a delivery. */
function withTimeout(gateway: Gateway, message: SmsMessage, timeoutMs: number): Promise<TimedOutcome> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const settle = (outcome: SmsOutcome) => {
      clearTimeout(timer);
      resolve({ outcome, timedOut: controller.signal.aborted });
    };
    let timer = setTimeout(() => {
      timer = setTimeout(settle, GRACE_MS, { outcome: 'unknown' });
      controller.abort();
    }, timeoutMs - GRACE_MS);
    void sendSafely(gateway, message, controller.signal).then(settle);
  });
}

/** A throw says nothing about what the gateway did; its text could say too much about the message. */
async function sendSafely(gateway: Gateway, message: SmsMessage, signal: AbortSignal): Promise<SmsOutcome> {
  try {
    return await gateway.send(message, signal);
  } catch {
    return { outcome: 'unknown' };
  }
}
