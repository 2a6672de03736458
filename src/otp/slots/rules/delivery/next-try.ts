/** When a delivery that failed makes another gateway or channel due. */
import { hasTimeToSend, isLive } from '../life';
import type { DeliveryRecord, VerificationRecord } from '../../slot';
import { isPermanent } from '../../../../sms/permanent-reasons';
import type { Place } from './place';

/** A verification that goes over several channels has another one after the one it is at. */
export function hasNextStep({ plan }: Pick<VerificationRecord, 'plan'>): boolean {
  return plan !== undefined && plan.step + 1 < plan.steps.length;
}

/**
 * Whether another gateway or channel is to be tried for a delivery that is undelivered now.
 * @param withinMs how long after its send it may make another one follow; 0: never
 */
export function isToBeFollowed(
  { record, isCurrent }: Place,
  after: DeliveryRecord,
  withinMs: number,
  now: Date,
): boolean {
  const isNewest = isCurrent && record.deliveries.at(-1)?.id === after.id;
  const isInTime = withinMs > 0 && now.getTime() <= after.at.getTime() + withinMs;
  const mayReach = !isPermanent(after.errorCode) || hasNextStep(record);
  return isNewest && isInTime && mayReach && isLive(record, now) && hasTimeToSend(record, now);
}

/** Makes the job look at the verification at once. */
export function followedSoon(
  record: VerificationRecord,
  { id }: DeliveryRecord,
  now: Date,
): VerificationRecord {
  return { ...record, followAt: now, followUp: { deliveryId: id } };
}
