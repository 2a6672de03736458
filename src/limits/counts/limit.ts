/** Named limits: how many sends may share a number, an address, a prefix … in any window of a length. */

export const limitSubjects = [
  'number',
  'ip',
  'ipNetwork',
  'device',
  'prefix1k',
  'prefix10k',
  'operator',
  'country',
  'application',
  'installation',
] as const;
/**
 * What a send is counted by. Everything is counted within one application, unless `installation` is named: then over
 * all of them. A prefix is the number without its last 3 (`prefix1k`), 4 (`prefix10k`) or 6 (`operator`) digits.
 */
export type LimitSubject = (typeof limitSubjects)[number];

export const unavailableRules = ['open', 'closed'] as const;

export interface Limit {
  readonly by: readonly LimitSubject[];
  /** Sends in any window. */
  readonly max: number;
  readonly windowSeconds: number;
  /** Only sends to these count, and only they are refused. */
  readonly countries?: readonly string[] | undefined;
  /** What becomes of a send that has nothing to count by: no client IP, no device. */
  readonly onUnavailable: (typeof unavailableRules)[number];
}

/** The part of an application's settings that has them. A built-in one may be given in part. */
export interface CountSettings {
  readonly limits?: Readonly<Record<string, LimitChange | 'off'>>;
}
export type LimitChange = { readonly [Field in keyof Limit]?: Limit[Field] | undefined };

const HOUR = 3_600;
const DAY = 24 * HOUR;

const usual = (by: readonly LimitSubject[], max: number, windowSeconds: number): Limit => ({
  by,
  max,
  windowSeconds,
  onUnavailable: 'open',
});

/**
 * They hold where nothing is set. Reasoned, not measured: a person needs a handful of codes, an office or a mobile
 * carrier puts many people behind one address, and a range of numbers that gets more than these is being harvested.
 */
export const defaultLimits: Readonly<Record<string, Limit>> = {
  number: usual(['number'], 5, 600),
  numberDay: usual(['number'], 10, DAY),
  numberEverywhere: usual(['number', 'installation'], 10, HOUR),
  numberEverywhereDay: usual(['number', 'installation'], 20, DAY),
  ip: usual(['ip'], 20, HOUR),
  ipDay: usual(['ip'], 60, DAY),
  ipNetwork: usual(['ipNetwork'], 200, HOUR),
  device: usual(['device'], 10, HOUR),
  prefix1k: usual(['prefix1k'], 30, HOUR),
  prefix10k: usual(['prefix10k'], 100, HOUR),
  operator: usual(['operator'], 1_000, HOUR),
  country: usual(['country'], 5_000, HOUR),
  application: usual(['application'], 10_000, HOUR),
  installation: usual(['installation'], 50_000, HOUR),
};
