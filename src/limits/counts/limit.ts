/** Named limits: how many sends may share a number, an address, a prefix … in any window of a length. */

import type { FieldProblem } from '../../common/errors';

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
  /**
   * Whether a send whose code was typed in still counts. If not, an approved check gives back what its create was
   * charged, and clears limits by number: a person who is there again and again is not held up, and many people behind
   * one address are not either, as long as they type in what they get.
   */
  readonly countConfirmed: boolean;
  /** What becomes of a send that has nothing to count by: no client IP, no device. */
  readonly onUnavailable: (typeof unavailableRules)[number];
}

/** The part of an application's settings that has them. A built-in one may be given in part. */
export interface CountSettings {
  readonly limits?: Readonly<Record<string, LimitChange>>;
}
export type LimitChange = { readonly [Field in keyof Limit]?: Limit[Field] | undefined } & {
  readonly disabled?: boolean | undefined;
};

const HOUR = 3_600;
const DAY = 24 * HOUR;

const unconfirmed = (by: readonly LimitSubject[], max: number, windowSeconds: number): Limit => ({
  by,
  max,
  windowSeconds,
  countConfirmed: false,
  onUnavailable: 'open',
});

/** A ceiling on all sends, whatever becomes of them. */
const all = (by: readonly LimitSubject[], max: number, windowSeconds: number): Limit => ({
  ...unconfirmed(by, max, windowSeconds),
  countConfirmed: true,
});

/**
 * They hold where nothing is set. Reasoned, not measured: a person needs a handful of codes, an office or a mobile
 * carrier puts many people behind one address, and a range of numbers that gets more than these is being harvested.
 */
export const defaultLimits: Readonly<Record<string, Limit>> = {
  number: unconfirmed(['number'], 5, 600),
  numberDay: unconfirmed(['number'], 10, DAY),
  numberEverywhere: unconfirmed(['number', 'installation'], 10, HOUR),
  numberEverywhereDay: unconfirmed(['number', 'installation'], 20, DAY),
  ip: unconfirmed(['ip'], 20, HOUR),
  ipDay: unconfirmed(['ip'], 60, DAY),
  ipNetwork: unconfirmed(['ipNetwork'], 200, HOUR),
  device: unconfirmed(['device'], 10, HOUR),
  prefix1k: unconfirmed(['prefix1k'], 30, HOUR),
  prefix10k: unconfirmed(['prefix10k'], 100, HOUR),
  operator: unconfirmed(['operator'], 1_000, HOUR),
  country: all(['country'], 5_000, HOUR),
  application: all(['application'], 10_000, HOUR),
  installation: all(['installation'], 50_000, HOUR),
};

/** A limit with its name in the settings. */
export interface NamedLimit extends Limit {
  readonly name: string;
}

/** The limits that hold: the built-in ones, as changed, and the application's own. */
export function limitsOf({ limits = {} }: CountSettings): NamedLimit[] {
  const names = new Set([...Object.keys(defaultLimits), ...Object.keys(limits)]);
  return [...names].flatMap((name) => {
    const change = limits[name];
    if (change?.disabled) return [];
    const limit = { ...usual, ...builtIn(name), ...change, name };
    return isWhole(limit) ? [limit] : [];
  });
}

const required = ['by', 'max', 'windowSeconds'] as const;

function isWhole(limit: LimitChange & { readonly name: string }): limit is NamedLimit {
  return required.every((field) => limit[field] !== undefined);
}

const builtIn = (name: string): LimitChange =>
  Object.hasOwn(defaultLimits, name) ? { ...defaultLimits[name] } : {};

/** What an application's own limit need not say. */
const usual = { countConfirmed: true, onUnavailable: 'open' } as const;

/** What can only be judged by looking at all limits of an application together. */
export function limitProblems(settings: CountSettings): FieldProblem[] {
  const holds = limitsOf(settings);
  return Object.entries(settings.limits ?? {}).flatMap(([name, change]) =>
    change.disabled ? [] : [...missing(name, change), ...twins(name, holds)],
  );
}

function missing(name: string, change: LimitChange): FieldProblem[] {
  const whole: LimitChange = { ...builtIn(name), ...change };
  return required
    .filter((field) => whole[field] === undefined)
    .map((field) => ({
      path: `settings.limits.${name}.${field}`,
      message: `Give it: ${name} is not a built-in limit.`,
    }));
}

/** Two that count the same over the same window: only the smaller would ever refuse. */
function twins(name: string, holds: readonly NamedLimit[]): FieldProblem[] {
  const own = holds.find((limit) => limit.name === name);
  const twin = own && holds.find((limit) => limit.name !== name && scopeOf(limit) === scopeOf(own));
  if (!twin) return [];
  const message = `Counts the same as ${twin.name} over the same window: change that one, or turn one of them off.`;
  return [{ path: `settings.limits.${name}`, message }];
}

function scopeOf({ by, windowSeconds, countries = [] }: Limit): string {
  return JSON.stringify([[...by].sort(), windowSeconds, [...countries].sort()]);
}
