/** How many gateway calls a message has cost, and how many copies of it there may be. */
import type { AttemptRecord, DeliveryRecord } from '../../slot';
import { isCall } from './attempt';

type Counted = Pick<DeliveryRecord, 'attempts' | 'lostCalls' | 'callsBefore'>;

/** Calls that count against `maxCalls`: of this delivery, and of those whose place it takes. */
export function callsSpent(delivery: Counted): number {
  const written = delivery.attempts.filter((one) => !one.early && isCall(one));
  return (delivery.callsBefore ?? 0) + written.length + unwrittenCalls(delivery);
}

/** Calls of this delivery that may have brought the text, without the first of them. */
export function duplicatesOf(delivery: Omit<Counted, 'callsBefore'>): number {
  const taken = delivery.attempts.filter((one) => !one.early && mayHaveTaken(one));
  return Math.max(0, taken.length + unwrittenCalls(delivery) - 1);
}

/** Whether a call of an earlier owner may have brought the text: then no later refusal is certain. */
export function mayBeThere({ attempts, lostCalls = 0 }: Omit<Counted, 'callsBefore'>): boolean {
  return lostCalls > 0 || attempts.some((one) => !one.early && mayHaveTaken(one));
}

/** Whose answer nobody lived to write down; receipts may have told of them. */
function unwrittenCalls({ attempts, lostCalls = 0 }: Omit<Counted, 'callsBefore'>): number {
  return Math.max(lostCalls, attempts.filter(({ early }) => early).length);
}

const mayHaveTaken = ({ outcome }: AttemptRecord): boolean => outcome === 'accepted' || outcome === 'unknown';
