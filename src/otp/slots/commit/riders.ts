/** Commands whose charge goes first in the command that writes their slots. Pure. */
import type { Ride, Rider } from '../../../common/mongo/ride';
import type { WriteReport } from '../slot.repository';
import type { SlotPlan } from './plan';
import type { Waiting } from './queue';

type Plan = SlotPlan<Waiting>;

/** E11000 for a page that is there, ImmutableField for one that is not as it was left: see `limits/log`. */
const missedCodes = new Set([11_000, 66]);

/** Of the commands that take effect; what is on record already needs no ride. */
export function ridersOf(plans: readonly Plan[]): Rider[] {
  const riders = plans.flatMap(({ decided }) =>
    decided.map(({ item, isEffective }) => (isEffective ? item.task.rider : null)),
  );
  return riders.filter((rider): rider is Rider => Boolean(rider) && !rider?.isAboard);
}

/** Those that need a ride, and the others. */
export function partedByRider(items: readonly Waiting[]): {
  readonly riding: readonly Waiting[];
  readonly others: readonly Waiting[];
} {
  const isRiding = ({ task: { rider } }: Waiting): boolean => (rider ? !rider.isAboard : false);
  return { riding: items.filter(isRiding), others: items.filter((item) => !isRiding(item)) };
}

/** An insertion may be refused, and what stands behind it is not run then: those come last. */
export function refusableLast<Changing extends Required<Pick<Plan, 'change'>>>(
  plans: readonly Changing[],
): Changing[] {
  const isInsertion = ({ change }: Changing): number => (change.statement.upsert ? 1 : 0);
  return [...plans].sort((a, b) => isInsertion(a) - isInsertion(b));
}

/** Tells the ride what became of it. */
export function conclude(
  ride: Ride,
  { errors, isConcernFailed }: WriteReport,
): 'landed' | 'missed' | 'unknown' {
  const code = errors.get(0);
  if (code !== undefined && missedCodes.has(code)) {
    ride.missed();
    return 'missed';
  }
  if (code === undefined && !isConcernFailed) {
    ride.landed();
    return 'landed';
  }
  ride.failed(new Error('whether it is on record is not known'));
  return 'unknown';
}

/** What the answer says of the statements behind the first. */
export function behindFirst({ matched, errors, isConcernFailed }: WriteReport): WriteReport {
  const others = [...errors].map(([index, code]) => [index - 1, code] as const);
  return { matched: matched - 1, errors: new Map(others), isConcernFailed };
}
