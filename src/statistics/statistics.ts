/** From counts to what people ask for: rates, sums of money, percentiles. */
import type { Money } from '../common/money';
import { percentile } from '../otp/relay/read-model/histogram';
import type { PlainCount } from '../otp/relay/read-model/tally';

export const groupNames = ['day', 'application', 'country', 'gateway', 'channel', 'purpose'] as const;
export type GroupName = (typeof groupNames)[number];
/** Null: a number of no country, or verifications that no gateway may have taken. */
export type Group = Readonly<Partial<Record<GroupName, string | null>>>;

/** One count of one group; for the names see `Counts` in the tally. */
export interface SummedCount {
  readonly group: Group;
  readonly name: string;
  readonly count: number;
}

/** In seconds; null without a single one. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Calls that a gateway refused or left open, by our reason and the vendor's own code for it. */
export interface Failure {
  readonly reason: string;
  readonly vendorCode: string | null;
  readonly count: number;
}

/** The most frequent ones are what somebody can do something about. */
const MAX_FAILURES = 20;

export interface Statistics extends Readonly<Record<Exclude<PlainCount, 'expired'>, number>> {
  readonly group: Group;
  /** Approved per verification, four decimals; null without verifications. */
  readonly conversionRate: number | null;
  readonly cost: { readonly estimated: readonly Money[]; readonly reported: readonly Money[] };
  /** The most frequent first. */
  readonly failures: readonly Failure[];
  readonly timeToDelivery: Percentiles;
  readonly timeToApproval: Percentiles;
}

/** One entry per group, in the order of their names. */
export function toStatistics(counts: readonly SummedCount[], groupBy: readonly GroupName[]): Statistics[] {
  const groups = new Map<string, { group: Group; counts: Map<string, number> }>();
  for (const { group, name, count } of counts) {
    const key = keyOf(group, groupBy);
    const entry = groups.get(key) ?? { group, counts: new Map<string, number>() };
    groups.set(key, entry);
    entry.counts.set(name, (entry.counts.get(name) ?? 0) + count);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, entry]) => statisticsOf(entry.group, entry.counts));
}

/** Sorts by the first group, then the second, and so on; null comes first. */
function keyOf(group: Group, groupBy: readonly GroupName[]): string {
  return groupBy.map((name) => group[name] ?? '').join('\0');
}

function statisticsOf(group: Group, counts: ReadonlyMap<string, number>): Statistics {
  const count = (name: PlainCount): number => counts.get(name) ?? 0;
  const verifications = count('verifications');
  const approved = count('approved');
  return {
    group,
    sends: count('sends'),
    accepted: count('accepted'),
    delivered: count('delivered'),
    undelivered: count('undelivered'),
    duplicates: count('duplicates'),
    skipped: count('skipped'),
    verifications,
    approved,
    conversionRate: verifications === 0 ? null : Math.round((approved / verifications) * 10_000) / 10_000,
    cost: { estimated: moneyOf(counts, 'estimated:'), reported: moneyOf(counts, 'reported:') },
    failures: failuresOf(counts),
    timeToDelivery: percentilesOf(counts, 'toDelivery:'),
    timeToApproval: percentilesOf(counts, 'toApproval:'),
  };
}

/** The entries whose names begin so, by the rest of the name. */
function named(counts: ReadonlyMap<string, number>, prefix: string): [string, number][] {
  return [...counts]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, count]) => [name.slice(prefix.length), count]);
}

function moneyOf(counts: ReadonlyMap<string, number>, prefix: string): Money[] {
  const sums = named(counts, prefix).sort(([a], [b]) => (a < b ? -1 : 1));
  return sums.map(([currency, micros]) => ({ micros, currency }));
}

function failuresOf(counts: ReadonlyMap<string, number>): Failure[] {
  // By their names where there are equally many.
  const frequent = named(counts, 'failed:').sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return frequent.slice(0, MAX_FAILURES).map(([name, count]) => {
    const [reason = '', vendorCode = ''] = name.split(':');
    return { reason, vendorCode: vendorCode || null, count };
  });
}

function percentilesOf(counts: ReadonlyMap<string, number>, prefix: string): Percentiles {
  const histogram = new Map(named(counts, prefix).map(([bucket, count]) => [Number(bucket), count]));
  const seconds = (share: number): number | null => {
    const ms = percentile(histogram, share);
    return ms === null ? null : Math.round(ms) / 1_000;
  };
  return { p50: seconds(0.5), p95: seconds(0.95) };
}
