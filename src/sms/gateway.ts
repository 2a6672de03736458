import type { Clock } from '../common/clock';
import { InFlightLimit } from './in-flight-limit';
import { smsSize } from './wire/gsm7';
import type { SmsAttempt, SmsMessage, SmsOutcome, SmsProvider } from './sms-provider';

/** The longest an attempt may take, all in all. */
export const ATTEMPT_TIMEOUT_MS = 4_000;
/** Under this an attempt is not worth starting: it would only leave an unknown outcome behind. */
const MIN_ATTEMPT_MS = 1_000;
/** From the abort to the end of the attempt: what a gateway knows then (never sent) is worth more than `unknown`. */
const GRACE_MS = 100;
/** Calls to one gateway at a time and instance; as many connections as the HTTP client opens. */
export const MAX_IN_FLIGHT = 64;

/** An attempt and all that was learnt by it. */
export interface Attempted {
  readonly attempt: SmsAttempt;
  readonly outcome: SmsOutcome;
}

/** One configured gateway with what every gateway needs around it: a time-out, a bound, a stop-watch. */
export class Gateway {
  private readonly limit = new InFlightLimit(MAX_IN_FLIGHT);

  constructor(
    readonly name: string,
    private readonly provider: SmsProvider,
    private readonly clock: Clock,
  ) {}

  get active(): number {
    return this.limit.active;
  }

  get waiting(): number {
    return this.limit.waiting;
  }

  /**
   * One attempt, which ends before `deadline` (monotonic milliseconds). It waits for its turn at most `waitMs`.
   * @returns null when there was no time to start it, or it was not wanted any more when its turn came
   */
  async attempt(
    message: SmsMessage,
    deadline: number,
    waitMs: number,
    mayStart: () => boolean = () => true,
  ): Promise<Attempted | null> {
    const latest = deadline - MIN_ATTEMPT_MS - this.clock.monotonic();
    if (latest < 0) return null;
    if (!(await this.limit.enter(Math.min(waitMs, latest)))) return null;
    try {
      if (!mayStart()) return null;
      return await this.call(message, Math.min(ATTEMPT_TIMEOUT_MS, deadline - this.clock.monotonic()));
    } finally {
      this.limit.leave();
    }
  }

  private async call(message: SmsMessage, timeoutMs: number): Promise<Attempted> {
    const started = this.clock.monotonic();
    const { outcome, timedOut } = await withTimeout(this.provider, message, timeoutMs);
    const latencyMs = Math.round(this.clock.monotonic() - started);
    const reason = reasonOf(outcome, timedOut);
    const attempt = { provider: this.name, outcome: outcome.outcome, reason, latencyMs };
    return { outcome, attempt: { ...attempt, ...billed(outcome, message) } };
  }
}

/** What the vendor told of the message, and what it costs. */
function billed(
  outcome: SmsOutcome,
  message: SmsMessage,
): Pick<SmsAttempt, 'reference' | 'parts' | 'estimate' | 'price'> {
  const counted = message.channel === 'sms' ? smsSize(message.text).segments : 1;
  if (outcome.outcome !== 'accepted') return { reference: null, parts: counted, estimate: null, price: null };
  return {
    reference: safeReference(outcome.reference, message),
    parts: outcome.parts ?? counted,
    estimate: null,
    price: outcome.price ?? null,
  };
}

/** A gateway's reference may be an echo of what it was sent; then it is not kept. */
const REFERENCE = /^[\x21-\x7e]{1,128}$/;

function safeReference(reference: string | undefined, { to, code }: SmsMessage): string | null {
  if (reference === undefined || !REFERENCE.test(reference)) return null;
  return reference.includes(to.slice(1)) || reference.includes(code) ? null : reference;
}

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
function withTimeout(provider: SmsProvider, message: SmsMessage, timeoutMs: number): Promise<TimedOutcome> {
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
    void sendSafely(provider, message, controller.signal).then(settle);
  });
}

/** A throw says nothing about what the gateway did; its text could say too much about the message. */
async function sendSafely(
  provider: SmsProvider,
  message: SmsMessage,
  signal: AbortSignal,
): Promise<SmsOutcome> {
  try {
    return await provider.send(message, signal);
  } catch {
    return { outcome: 'unknown' };
  }
}
