/** What is tried next for a code that did not arrive, or was not typed in time. */
import type { Channel } from '../../common/channel';
import type { DeliveryRecord, VerificationRecord } from '../slot/slot';

export interface FollowQuestion {
  readonly record: Pick<VerificationRecord, 'deliveries' | 'plan' | 'followUp'>;
  /** Gateways for a channel to this recipient, in order; none when it is not offered. */
  readonly candidates: (channel: Channel) => readonly string[];
  readonly hasEmail: boolean;
}

export interface NextDelivery {
  readonly via: 'failover' | 'fallback';
  readonly channel: Channel;
  /** Index in the plan; null for a verification without one. */
  readonly step: number | null;
  /** Gateways not to use again. */
  readonly exclude: readonly string[];
}

/** No gateway reaches a number that does not exist, and a block is not to be got round; another channel may do. */
const permanent = new Set<string | null>(['invalid-number', 'blocked']);

/**
 * After a delivery that failed: another gateway of its channel, else the next channel. After a wait that ran out:
 * the next channel. Null: nothing is left.
 */
export function nextDelivery(question: FollowQuestion): NextDelivery | null {
  return nextGateway(question) ?? nextChannel(question);
}

function nextGateway({ record, candidates }: FollowQuestion): NextDelivery | null {
  const failed = record.deliveries.find(({ id }) => id === record.followUp?.deliveryId);
  if (!failed || permanent.has(failed.errorCode)) return null;
  const exclude = triedBy(failed);
  if (candidates(failed.channel).every((gateway) => exclude.includes(gateway))) return null;
  return { via: 'failover', channel: failed.channel, step: record.plan?.step ?? null, exclude };
}

function nextChannel({ record: { plan }, candidates, hasEmail }: FollowQuestion): NextDelivery | null {
  if (!plan) return null;
  const step = plan.steps.findIndex(
    ({ channel }, index) =>
      index > plan.step && candidates(channel).length > 0 && (channel !== 'email' || hasEmail),
  );
  const next = plan.steps[step];
  return next ? { via: 'fallback', channel: next.channel, step, exclude: [] } : null;
}

function triedBy({ attempts, exclude = [] }: DeliveryRecord): string[] {
  return [...new Set([...exclude, ...attempts.map(({ provider }) => provider)])];
}
