/** How hard a delivery tries. */
export interface DeliveryRules {
  /**
   * When a gateway leaves it open whether it took the text: `failover` asks the next (the person may get the same
   * code twice), `wait` leaves it to receipts and the person, `repeat` does as `failover` and then asks those again
   * that left it open.
   */
  readonly onUnknown: 'failover' | 'wait' | 'repeat';
  /**
   * Gateway calls for one message, 1–10: over its whole route, over every instance that takes it over, and with the
   * gateways that follow when a receipt says undelivered. It bounds the copies of a code, and what they cost.
   */
  readonly maxCalls: number;
  /** One gateway call, 1,000–10,000. */
  readonly attemptTimeoutMs: number;
  /** All gateway calls of a delivery, 1,000–20,000. */
  readonly deadlineMs: number;
  /** A receipt that says undelivered leads to the next gateway when it comes this early, 0–3,600; 0 = never. */
  readonly failoverWithinSeconds: number;
}

export const defaultDelivery: DeliveryRules = {
  onUnknown: 'failover',
  maxCalls: 3,
  attemptTimeoutMs: 4_000,
  deadlineMs: 15_000,
  failoverWithinSeconds: 120,
};

/** By the application's settings; what it does not set is as usual. */
export function deliveryRules(own: Partial<DeliveryRules> | undefined): DeliveryRules {
  return { ...defaultDelivery, ...own };
}
