/** What is tried next for a code that did not arrive, or was not typed in time. */
import type { Channel } from '../../common/channel';
import { isPermanent } from '../../sms/permanent-reasons';
import { isCall } from '../slots/rules/delivery/attempt';
import { callsSpent } from '../slots/rules/delivery/calls';
import type { DeliveryRecord, VerificationRecord } from '../slots/slot';

export interface FollowQuestion {
  readonly record: Pick<VerificationRecord, 'deliveries' | 'plan' | 'followUp'>;
  /** Gateways for a channel to this recipient, in order; none when it is not offered. */
  readonly candidates: (channel: Channel) => readonly string[];
  readonly hasEmail: boolean;
  /** Gateway calls for one message, with those that follow it on its channel. */
  readonly maxCalls: number;
  /** The database's time. */
  readonly now: Date;
}

export interface NextDelivery {
  readonly via: 'failover' | 'fallback';
  readonly channel: Channel;
  /** Index in the plan; null for a verification without one. */
  readonly step: number | null;
  /** Gateways not to use again. */
  readonly exclude: readonly string[];
  /** Gateway calls that count as calls for this message too. */
  readonly callsBefore: number;
}

/** A message now, a look at a later time, or nothing any more. */
export type FollowPlan =
  | { readonly kind: 'send'; readonly next: NextDelivery }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'nothing' };

const nothing: FollowPlan = { kind: 'nothing' };

/**
 * After a delivery that failed: another gateway of its channel, else the next channel. After a wait that ran out:
 * the next channel. A send that somebody asked for in between takes the place of both: its channel is the step that
 * is under way, and its wait begins with it.
 */
export function followPlan(question: FollowQuestion): FollowPlan {
  const { deliveries, followUp, plan } = question.record;
  const last = deliveries.at(-1);
  if (!last) return nothing;
  const step = plan ? stepReached(plan, deliveries) : null;
  // Its text may have come after all, from the gateway before.
  const isFailed = last.id === followUp?.deliveryId && last.state !== 'delivered';
  if (!isFailed) return afterWait(question, last, step);
  return sendOrNothing(nextGateway(question, last, step) ?? nextChannel(question, step));
}

function afterWait(question: FollowQuestion, last: DeliveryRecord, step: number | null): FollowPlan {
  const next = nextChannel(question, step);
  if (!next) return nothing;
  const waitMs = question.record.plan?.steps[step ?? 0]?.waitMs ?? 0;
  const until = new Date(last.at.getTime() + waitMs);
  return question.now < until ? { kind: 'wait', until } : sendOrNothing(next);
}

function sendOrNothing(next: NextDelivery | null): FollowPlan {
  return next ? { kind: 'send', next } : nothing;
}

/** The furthest of the plan's channels that was used, by whomever it was asked for. */
function stepReached(
  { steps, step }: NonNullable<VerificationRecord['plan']>,
  deliveries: readonly DeliveryRecord[],
): number {
  const used = deliveries.map(({ channel }) => steps.findIndex((one) => one.channel === channel));
  return Math.max(step, ...used);
}

function nextGateway(
  { candidates, maxCalls }: FollowQuestion,
  failed: DeliveryRecord,
  step: number | null,
): NextDelivery | null {
  // Nobody was asked, for want of an address or a route: so it would be again, at the cost of a send each time.
  if (!failed.attempts.some(isCall) || isPermanent(failed.errorCode)) return null;
  const callsBefore = callsSpent(failed);
  if (callsBefore >= maxCalls) return null;
  const exclude = triedBy(failed);
  if (candidates(failed.channel).every((gateway) => exclude.includes(gateway))) return null;
  return { via: 'failover', channel: failed.channel, step, exclude, callsBefore };
}

function nextChannel(
  { record: { plan }, candidates, hasEmail }: FollowQuestion,
  reached: number | null,
): NextDelivery | null {
  if (!plan || reached === null) return null;
  const step = plan.steps.findIndex(
    ({ channel }, index) =>
      index > reached && candidates(channel).length > 0 && (channel !== 'email' || hasEmail),
  );
  const next = plan.steps[step];
  return next ? { via: 'fallback', channel: next.channel, step, exclude: [], callsBefore: 0 } : null;
}

function triedBy({ attempts, exclude = [] }: DeliveryRecord): string[] {
  return [...new Set([...exclude, ...attempts.filter(isCall).map(({ provider }) => provider)])];
}
