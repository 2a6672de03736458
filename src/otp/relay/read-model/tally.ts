/**
 * What the verifications of one hour come to, counted by the database: one pass, so that no verification travels.
 * What each number means is documented in docs/statistics.md.
 */
import { bucketExpression } from './histogram';

/** What a tally is told apart by. `gateway` is null for verifications that no gateway may have taken. */
export interface TallyKey {
  readonly country: string | null;
  readonly gateway: string | null;
  readonly channel: string;
  readonly purpose: string;
}

const plainCounts = [
  'verifications',
  'approved',
  'expired',
  'sends',
  'accepted',
  'duplicates',
  'delivered',
  'undelivered',
  'skipped',
] as const;
export type PlainCount = (typeof plainCounts)[number];

/**
 * Counts by name. Besides the plain ones: micro-units by currency (`estimated:EUR`, `reported:EUR`), and
 * durations by bucket (`toDelivery:31`, `toApproval:52`), and calls that were not accepted by reason and the vendor's
 * own code (`failed:content:30007`, `failed:timeout:`). Whole numbers, and none that is 0.
 */
export type Counts = Readonly<Record<string, number>>;

export interface Tally extends TallyKey {
  readonly counts: Counts;
}

/** What one group of the pipeline comes to; a fact has no value for what it is not about. */
interface Cell extends Readonly<Record<PlainCount, number>> {
  readonly _id: TallyKey & {
    readonly toDelivery: number | null;
    readonly toApproval: number | null;
    readonly estimateCurrency: string | null;
    readonly priceCurrency: string | null;
    readonly failure: string | null;
    readonly vendorCode: string | null;
  };
  readonly estimate: number;
  readonly price: number;
}
export type TallyCell = Cell;

const isOneOf = (value: unknown, ...words: string[]): object => ({ $in: [value, words] });
const asCount = (condition: unknown): object => ({ $cond: [condition, 1, 0] });
const onlyIf = (condition: unknown, value: unknown): object => ({ $cond: [condition, value, null] });
const since = (from: string, to: string): object => ({
  // Absent times leave the duration out: null sorts before every date.
  $cond: [
    { $and: [{ $gt: [from, null] }, { $gt: [to, null] }] },
    bucketExpression({ $subtract: [to, from] }),
    null,
  ],
});
const mapped = (input: unknown, as: string, body: unknown): object => ({ $map: { input, as, in: body } });
const joined = (arrays: unknown): object => ({
  $reduce: { input: arrays, initialValue: [], in: { $concatArrays: ['$$value', '$$this'] } },
});

/** The last delivery that a gateway took or may have taken. */
const takenDelivery = {
  $last: {
    $filter: {
      input: '$deliveries',
      as: 'd',
      cond: isOneOf('$$d.state', 'accepted', 'unknown', 'sent', 'delivered', 'undelivered'),
    },
  },
};

const verificationFacts = {
  $let: {
    vars: { taken: takenDelivery, approved: { $eq: ['$status', 'approved'] } },
    in: [
      {
        gateway: { $ifNull: ['$$taken.provider', null] },
        channel: { $ifNull: ['$$taken.channel', '$channel'] },
        verifications: 1,
        approved: asCount('$$approved'),
        expired: asCount({ $eq: ['$status', 'expired'] }),
        toApproval: onlyIf('$$approved', since('$createdAt', '$endedAt')),
      },
    ],
  },
};

const deliveryFacts = mapped(
  { $filter: { input: '$deliveries', as: 'd', cond: isOneOf('$$d.state', 'delivered', 'undelivered') } },
  'd',
  {
    gateway: { $ifNull: ['$$d.provider', null] },
    channel: '$$d.channel',
    delivered: asCount({ $eq: ['$$d.state', 'delivered'] }),
    undelivered: asCount({ $eq: ['$$d.state', 'undelivered'] }),
    toDelivery: onlyIf({ $eq: ['$$d.state', 'delivered'] }, since('$$d.attemptedAt', '$$d.finalAt')),
  },
);

const mayHaveTaken = (attempt: string): object => isOneOf(`${attempt}.outcome`, 'accepted', 'unknown');

/**
 * Every call after the first that may have been taken, and may have been taken too, is a possible duplicate. A call
 * that was lost in a crash came before all that are written down.
 */
const attemptFacts = joined(
  mapped('$deliveries', 'd', {
    $let: {
      vars: {
        first: {
          $cond: [
            { $gt: ['$$d.lostCalls', 0] },
            -1,
            { $indexOfArray: [mapped('$$d.attempts', 'a', mayHaveTaken('$$a')), true] },
          ],
        },
      },
      in: mapped({ $range: [0, { $size: '$$d.attempts' }] }, 'i', {
        $let: {
          vars: { a: { $arrayElemAt: ['$$d.attempts', '$$i'] } },
          in: {
            gateway: '$$a.provider',
            channel: '$$d.channel',
            sends: asCount({ $ne: ['$$a.outcome', 'skipped'] }),
            skipped: asCount({ $eq: ['$$a.outcome', 'skipped'] }),
            failure: onlyIf(isOneOf('$$a.outcome', 'rejected', 'unknown'), '$$a.reason'),
            vendorCode: '$$a.vendorCode',
            accepted: asCount({ $eq: ['$$a.outcome', 'accepted'] }),
            duplicates: asCount({ $and: [mayHaveTaken('$$a'), { $gt: ['$$i', '$$first'] }] }),
            estimate: '$$a.estimate.micros',
            estimateCurrency: '$$a.estimate.currency',
            price: '$$a.price.micros',
            priceCurrency: '$$a.price.currency',
          },
        },
      }),
    },
  }),
);

/** Over the verifications of one application that were created in [from, to), without those of test numbers. */
export function tallyStages(applicationId: string, from: Date, to: Date): object[] {
  const key = ['gateway', 'channel', 'toDelivery', 'toApproval', 'estimateCurrency', 'priceCurrency'].concat(
    'failure',
    'vendorCode',
  );
  const sums = [...plainCounts, 'estimate', 'price'];
  return [
    { $match: { applicationId, createdAt: { $gte: from, $lt: to }, 'policy.test': { $ne: true } } },
    {
      $project: {
        country: 1,
        purpose: 1,
        fact: { $concatArrays: [verificationFacts, deliveryFacts, attemptFacts] },
      },
    },
    { $unwind: '$fact' },
    {
      $group: {
        _id: {
          country: '$country',
          purpose: '$purpose',
          ...Object.fromEntries(key.map((name) => [name, { $ifNull: [`$fact.${name}`, null] }])),
        },
        ...Object.fromEntries(sums.map((name) => [name, { $sum: `$fact.${name}` }])),
      },
    },
  ];
}

/** One tally per key. */
export function tallies(cells: readonly Cell[]): Tally[] {
  const byKey = new Map<string, TallyKey & { readonly counts: Record<string, number> }>();
  for (const cell of cells) {
    const { country, gateway, channel, purpose } = cell._id;
    const key = JSON.stringify([country, gateway, channel, purpose]);
    const tally = byKey.get(key) ?? { country, gateway, channel, purpose, counts: {} };
    byKey.set(key, tally);
    for (const [name, count] of countsOf(cell)) tally.counts[name] = (tally.counts[name] ?? 0) + count;
  }
  return [...byKey.values()].map(({ counts, ...key }) => ({ ...key, counts: withFewCodes(counts) }));
}

function countsOf(cell: Cell): [string, number][] {
  const { toDelivery, toApproval, estimateCurrency, priceCurrency, failure, vendorCode } = cell._id;
  const all: [string, number][] = plainCounts.map((name) => [name, cell[name]]);
  if (toDelivery !== null) all.push([`toDelivery:${toDelivery}`, cell.delivered]);
  if (toApproval !== null) all.push([`toApproval:${toApproval}`, cell.approved]);
  if (estimateCurrency !== null) all.push([`estimated:${estimateCurrency}`, cell.estimate]);
  if (priceCurrency !== null) all.push([`reported:${priceCurrency}`, cell.price]);
  if (failure !== null) all.push([`${FAILED}${failure}:${vendorCode ?? ''}`, cell.sends]);
  return all.filter(([, count]) => count !== 0);
}

const FAILED = 'failed:';
/** A vendor that makes up a code for each call must not make the statistics grow with the calls. */
const MAX_CODES = 50;

/** The most frequent failures by their codes, the others by their reasons alone. */
function withFewCodes(counts: Counts): Counts {
  const failures = Object.entries(counts).filter(([name]) => name.startsWith(FAILED));
  const rare = failures.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(MAX_CODES);
  if (rare.length === 0) return counts;
  const kept = new Map(Object.entries(counts));
  for (const [name, count] of rare) {
    const byReason = name.slice(0, name.lastIndexOf(':') + 1);
    kept.delete(name);
    kept.set(byReason, (kept.get(byReason) ?? 0) + count);
  }
  return Object.fromEntries(kept);
}
