import { hourOf } from '../../src/otp/relay/read-model/changed-hours';
import type { ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import type { AttemptRecord, DeliveryRecord } from '../../src/otp/slots/slot';
import type { Statistics } from '../../src/statistics/statistics';

type Copy = ReadModelDocument;
type Copies = readonly Copy[];
/** Without the percentiles, which are not exact. */
export type Recounted = Omit<Statistics, 'timeToDelivery' | 'timeToApproval'>;

class Counts {
  private readonly groups = new Map<string, { group: Recounted['group']; counts: Record<string, number> }>();

  add(copy: Copy, gateway: string | null, channel: string, name: string, count = 1): void {
    const day = hourOf(copy.createdAt).toISOString().slice(0, 10);
    const { applicationId: application, country, purpose } = copy;
    const group = { day, application, country, gateway, channel, purpose };
    const key = Object.values(group)
      .map((value) => value ?? '')
      .join('\0');
    const counts: Record<string, number> = this.groups.get(key)?.counts ?? {};
    counts[name] = (counts[name] ?? 0) + count;
    this.groups.set(key, { group, counts });
  }

  all(): Recounted[] {
    const sorted = [...this.groups].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, { group, counts }]) => recounted(group, counts));
  }
}

/** The definitions of docs/statistics.md, written down a second time and without the database. */
export function recount(copies: Copies): Recounted[] {
  const counts = new Counts();
  for (const copy of copies) {
    addVerification(counts, copy);
    for (const delivery of copy.deliveries) addDelivery(counts, copy, delivery);
  }
  return counts.all();
}

function addVerification(counts: Counts, copy: Copy): void {
  const taken = copy.deliveries.filter(({ state }) => state !== 'sending' && state !== 'rejected').at(-1);
  const own = [taken?.provider ?? null, taken?.channel ?? copy.channel] as const;
  counts.add(copy, ...own, 'verifications');
  if (copy.status === 'approved') counts.add(copy, ...own, 'approved');
}

function addDelivery(counts: Counts, copy: Copy, delivery: DeliveryRecord): void {
  const { state, provider, channel, attempts, lostCalls = 0 } = delivery;
  if (state === 'delivered' || state === 'undelivered') counts.add(copy, provider, channel, state);
  let mayBeThere = lostCalls > 0;
  for (const attempt of attempts) {
    addAttempt(
      (name, count) => counts.add(copy, attempt.provider, channel, name, count),
      attempt,
      mayBeThere,
    );
    if (isTaken(attempt)) mayBeThere = true;
  }
}

const isTaken = ({ outcome }: AttemptRecord): boolean => outcome === 'accepted' || outcome === 'unknown';

function addAttempt(
  count: (name: string, count?: number) => void,
  attempt: AttemptRecord,
  mayBeThere: boolean,
): void {
  const { outcome, reason, vendorCode, estimate, price } = attempt;
  count(outcome === 'skipped' ? 'skipped' : 'sends');
  if (outcome === 'accepted') count('accepted');
  if (isTaken(attempt) && mayBeThere) count('duplicates');
  if (outcome === 'rejected' || outcome === 'unknown') count(`failed ${reason} ${vendorCode ?? ''}`);
  if (estimate) count(`estimated ${estimate.currency}`, estimate.micros);
  if (price) count(`reported ${price.currency}`, price.micros);
}

function recounted(group: Recounted['group'], counts: Readonly<Record<string, number>>): Recounted {
  const number = (name: string) => counts[name] ?? 0;
  const money = (kind: string) =>
    ['EUR', 'USD'].flatMap((currency) => {
      const micros = number(`${kind} ${currency}`);
      return micros > 0 ? [{ micros, currency }] : [];
    });
  const [verifications, approved] = [number('verifications'), number('approved')];
  return {
    group,
    sends: number('sends'),
    accepted: number('accepted'),
    delivered: number('delivered'),
    undelivered: number('undelivered'),
    duplicates: number('duplicates'),
    skipped: number('skipped'),
    failures: failures(counts),
    verifications,
    approved,
    conversionRate: verifications === 0 ? null : Math.round((approved / verifications) * 1e4) / 1e4,
    cost: { estimated: money('estimated'), reported: money('reported') },
  };
}

function failures(counts: Readonly<Record<string, number>>): Recounted['failures'] {
  const all = Object.entries(counts).filter(([name]) => name.startsWith('failed '));
  // By their names where there are equally many.
  const sorted = all.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([name, count]) => {
    const [, reason = '', vendorCode = ''] = name.split(' ');
    return { reason, vendorCode: vendorCode === '' ? null : vendorCode, count };
  });
}

/** Milliseconds, exact. */
export const deliveryTimes = (copies: Copies): number[] =>
  copies
    .flatMap((copy) => copy.deliveries)
    .flatMap(({ state, attemptedAt, finalAt }) =>
      state === 'delivered' && attemptedAt && finalAt ? [finalAt.getTime() - attemptedAt.getTime()] : [],
    );

/** Milliseconds, exact. */
export const approvalTimes = (copies: Copies): number[] =>
  copies.flatMap(({ status, createdAt, endedAt }) =>
    status === 'approved' && endedAt ? [endedAt.getTime() - createdAt.getTime()] : [],
  );
