/** How hard a delivery tries. */
export interface DeliveryRules {
  /**
   * When a gateway leaves it open whether it took the text: `failover` asks the next (the person may get the same
   * code twice), `wait` leaves it to receipts and the person.
   */
  readonly onUnknown: 'failover' | 'wait';
  /** One gateway call, 1,000–10,000. */
  readonly attemptTimeoutMs: number;
  /** All gateway calls of a delivery, 1,000–20,000. */
  readonly deadlineMs: number;
  /** A receipt that says undelivered leads to the next gateway when it comes this early, 0–3,600; 0 = never. */
  readonly failoverWithinSeconds: number;
}

export const defaultDelivery: DeliveryRules = {
  onUnknown: 'failover',
  attemptTimeoutMs: 4_000,
  deadlineMs: 15_000,
  failoverWithinSeconds: 120,
};
