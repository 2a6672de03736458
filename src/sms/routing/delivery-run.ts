import type { DeliveryRules } from './delivery-rules';
import type { Clock } from '../../common/clock';
import type { CallCost } from '../../limits/money/estimate';
import type { Payment } from '../../limits/money/payment';
import type { SmsAttempt, SmsDelivery, SmsMessage } from '../gateway';
import { deliveryOf, endsDelivery, noRoute, noTime, skipped, unpaid } from './delivery-result';
import type { Attempted, MonitoredGateway } from './monitored-gateway';
import { pauseBefore, secondChance } from './second-chance';

/** What one delivery needs to know. */
export interface DeliveryOrder {
  /** In the order in which they are tried. */
  readonly route: readonly MonitoredGateway[];
  readonly messageFor: (gateway: string) => SmsMessage;
  readonly rules: Pick<DeliveryRules, 'onUnknown' | 'maxCalls' | 'attemptTimeoutMs'>;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly mayStart: () => boolean;
  /** See `DeliverInput`. */
  readonly beforeNext: (attempts: readonly SmsAttempt[]) => boolean | Promise<boolean>;
  readonly pay: Pay;
}

/** Takes the money for one call, or says that there is none (null). A rejection: nobody knows. */
export type Pay = (cost: () => CallCost) => Payment | null | Promise<Payment | null>;

/** One message on its way along a route, until a gateway takes it or nobody is left. */
export class DeliveryRun {
  private readonly tried: Attempted[] = [];
  /** What was tried and who was skipped, in order; only ever added to. */
  private readonly attempts: SmsAttempt[] = [];
  /** Passed over, and skipped as soon as another one is asked. */
  private readonly waiting: SmsAttempt[] = [];
  private readonly passedOver: MonitoredGateway[] = [];
  private ended = false;
  private isUnpaid = false;

  constructor(
    private readonly order: DeliveryOrder,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<SmsDelivery> {
    if (this.order.route.length === 0) return noRoute;
    await this.askAdvised();
    // Their breakers are open or they asked for a pause; but a code that nobody else takes is worth a call.
    for (const gateway of this.passedOver) await this.ask(gateway, gateway === this.passedOver.at(-1));
    await this.askAgain();
    if (this.tried.length > 0) return deliveryOf(this.tried, this.attempts);
    return this.isUnpaid ? unpaid(this.attempts) : noTime;
  }

  private async askAdvised(): Promise<void> {
    const { route, messageFor } = this.order;
    for (const gateway of route) {
      if (this.ended) return;
      const objection = gateway.objection(messageFor(gateway.name));
      if (objection === null) {
        this.attempts.push(...this.waiting.splice(0));
        await this.ask(gateway, gateway === route.at(-1) && this.passedOver.length === 0);
      } else {
        this.passedOver.push(gateway);
        this.waiting.push(skipped(gateway.name, objection));
      }
    }
  }

  /** Whoever left it open is asked again only where the application wants that, and where there is a choice. */
  private async askAgain(): Promise<void> {
    const { route, rules, deadline } = this.order;
    if (route.length < 2 || rules.onUnknown !== 'repeat') return;
    for (let n = 0; !this.ended; n += 1) {
      const name = secondChance(this.tried.map(({ attempt }) => attempt));
      const gateway = route.find((one) => one.name === name);
      if (!gateway || this.clock.monotonic() + pauseBefore(n) >= deadline) return;
      await sleep(pauseBefore(n));
      if (!(await this.ask(gateway, true))) return;
    }
  }

  /** @returns false when no attempt was made */
  private async ask(gateway: MonitoredGateway, isLast: boolean): Promise<boolean> {
    if (!(await this.mayAsk())) return false;
    const { rules, deadline, mayStart, messageFor } = this.order;
    const message = messageFor(gateway.name);
    const payment = await this.payFor(gateway, message);
    if (!payment) return false;
    const timeoutMs = rules.attemptTimeoutMs;
    // A busy gateway is not waited for while there is another; the last one gets all the time that is left.
    const patience = { timeoutMs, waitMs: isLast ? Infinity : timeoutMs, deadline, mayStart };
    const turn = this.clock.monotonic();
    const attempted = await gateway.attempt(message, patience);
    if (attempted === 'busy')
      this.attempts.push(skipped(gateway.name, 'busy', this.clock.monotonic() - turn));
    if (typeof attempted === 'string') {
      payment.giveBack();
      return false;
    }
    if (attempted.outcome.outcome !== 'rejected') this.countDuplicate();
    this.tried.push(attempted);
    this.attempts.push(paidBy(payment, attempted));
    this.ended = endsDelivery(attempted.outcome, rules.onUnknown);
    return true;
  }

  /** Null: no call. Where nobody knows whether it may be paid for, the delivery ends: somebody else may make it. */
  private async payFor(gateway: MonitoredGateway, message: SmsMessage): Promise<Payment | null> {
    const payment = await Promise.resolve(this.order.pay(() => gateway.costOf(message))).catch(() => {
      this.ended = true;
      return null;
    });
    if (payment || this.ended) return payment;
    this.isUnpaid = true;
    this.attempts.push(skipped(gateway.name, 'budget'));
    return null;
  }

  private async mayAsk(): Promise<boolean> {
    if (this.ended || this.tried.length >= this.order.rules.maxCalls) return false;
    if (this.tried.every(({ outcome }) => outcome.outcome === 'rejected')) return true;
    this.ended = !(await this.order.beforeNext([...this.attempts]));
    return !this.ended;
  }

  /** Counted where the doubt came from: with the gateway that left it open whether it took the text. */
  private countDuplicate(): void {
    const open = this.tried.findLast(({ outcome }) => outcome.outcome === 'unknown');
    const gateway = this.order.route.find(({ name }) => name === open?.attempt.provider);
    if (gateway) gateway.health.duplicates += 1;
  }
}

/** What was refused for certain is not owed; what the vendor named at once takes the place of the estimate. */
function paidBy(payment: Payment, { attempt, outcome }: Attempted): SmsAttempt {
  if (outcome.outcome === 'rejected') {
    payment.giveBack();
    return attempt;
  }
  const charge = attempt.price ? payment.costs(attempt.price) : payment.stands();
  return charge ? { ...attempt, charge } : attempt;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
