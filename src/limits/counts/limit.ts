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
    const limit = { ...builtIn(name), ...given(change), name };
    return isWhole(limit) ? [limit] : [];
  });
}

const required = ['by', 'max', 'windowSeconds'] as const;

function isWhole(limit: LimitChange & { readonly name: string }): limit is NamedLimit {
  return required.every((field) => limit[field] !== undefined);
}

const builtIn = (name: string): LimitChange =>
  Object.hasOwn(defaultLimits, name) ? { ...defaultLimits[name] } : {};

/** What is stored came as JSON: what is absent is not there at all. */
const given = (change: LimitChange = {}): LimitChange => ({ onUnavailable: 'open', ...change });

/** What can only be judged by looking at all limits of an application together. */
export function limitProblems(settings: CountSettings): FieldProblem[] {
  const holds = limitsOf(settings);
  return Object.entries(settings.limits ?? {}).flatMap(([name, change]) =>
    change.disabled ? [] : [...missing(name, change), ...twins(name, holds)],
  );
}

function missing(name: string, change: LimitChange): FieldProblem[] {
  const whole: LimitChange = { ...builtIn(name), ...given(change) };
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
