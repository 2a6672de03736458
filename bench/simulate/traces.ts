/** What people and attackers ask for: the raw material of the traces. */
import { type Plan, plans } from './plans';
import type { Chance } from './random';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Ordinary traffic of the installation: there must be something to learn from, and something to hurt. */
export const PEOPLE_PER_DAY = 20_000;

/** One request for a message. */
export interface Request {
  readonly at: number;
  /** E.164. */
  readonly to: string;
  readonly country: string;
  readonly applicationId: string;
  readonly ip: string;
  readonly isAttack: boolean;
  /** When the code is typed, if the message arrives; null: never. */
  readonly typedAfter: number | null;
  readonly priceMicros: number;
}

export interface Trace {
  readonly requests: readonly Request[];
  /** Where what the trace is about begins and ends; before that there is ordinary traffic, to learn from. */
  readonly from: number;
  readonly until: number;
  /** Nothing that is sent then arrives. */
  readonly outage: { readonly from: number; readonly until: number } | null;
}

/** Seconds until a code is typed: half of the people need 25 s and more, a few need minutes. */
const TYPED_MEDIAN = 25_000;
const TYPED_SIGMA = 0.8;
/** Share of the people who ask once more when no code came, and after how long. */
const ASKS_AGAIN = 0.3;
const ASKS_AGAIN_AFTER = 45_000;

export const typingDelay = (chance: Chance): number => chance.logNormal(TYPED_MEDIAN, TYPED_SIGMA);

const digits = (chance: Chance, count: number): string =>
  String(chance.int(10 ** count)).padStart(count, '0');

/** People are not spread evenly: some ranges have most customers, and of a range 40 of 100 blocks are in use. */
export function someNumber(plan: Plan, chance: Chance): string {
  const range = plan.ranges[Math.floor(plan.ranges.length * chance.next() ** 2)] ?? plan.ranges[0];
  const block = (Math.floor(40 * chance.next() ** 1.5) * 37 + 11) % 100;
  return `+${range}${String(block).padStart(2, '0')}${digits(chance, 4)}`;
}

export const homeIp = (chance: Chance): string =>
  `${1 + chance.int(220)}.${chance.int(256)}.${chance.int(256)}.${chance.int(256)}`;

export const pickPlan = (chance: Chance): Plan => {
  let at = chance.next() * plans.reduce((sum, { weight }) => sum + weight, 0);
  return plans.find(({ weight }) => (at -= weight) < 0) ?? (plans[0] as Plan);
};

export interface Person {
  readonly at: number;
  readonly plan: Plan;
  readonly to?: string;
  readonly ip?: string;
  readonly conversion?: number;
}

/** A person asks, types the code or does not, and may ask again. */
export function* visit(chance: Chance, person: Person): Generator<Request> {
  const { at, plan } = person;
  const types = chance.is(person.conversion ?? plan.conversion);
  const request = {
    ...{ at, to: person.to ?? someNumber(plan, chance), country: plan.code, priceMicros: plan.priceMicros },
    ...{ applicationId: `shop-${1 + chance.int(3)}`, ip: person.ip ?? homeIp(chance), isAttack: false },
    typedAfter: types ? typingDelay(chance) : null,
  };
  yield request;
  if (!types && chance.is(ASKS_AGAIN)) yield { ...request, at: at + ASKS_AGAIN_AFTER };
}

/** More in the evening than at night: between 0.3 and 1.7 of the average. */
const daily = (at: number): number => 1 + 0.7 * Math.sin((2 * Math.PI * (at / HOUR - 9)) / 24);

/** Ordinary customers of an installation, by the hour of the day. */
export function* people(chance: Chance, from: number, until: number, perDay: number): Generator<Request> {
  const mean = (24 * HOUR) / (1.7 * perDay);
  for (let at = from + chance.exponential(mean); at < until; at += chance.exponential(mean)) {
    if (chance.is(daily(at) / 1.7)) yield* visit(chance, { at, plan: pickPlan(chance) });
  }
}

export interface Attack {
  readonly from: number;
  readonly count: number;
  /** Mean time between two messages. */
  readonly everyMs: number;
  readonly plan: Plan;
  readonly number: (index: number) => string;
  readonly ip: (index: number) => string;
  readonly applicationId?: (index: number) => string;
  /** Share of the codes that the attacker types, because the numbers are his. */
  readonly faked?: number;
}

/** Messages that nobody wants. */
export function* pumping(chance: Chance, attack: Attack): Generator<Request> {
  let { from: at } = attack;
  for (let i = 0; i < attack.count; i += 1) {
    at += chance.exponential(attack.everyMs);
    yield {
      ...{ at, to: attack.number(i), country: attack.plan.code, priceMicros: attack.plan.priceMicros },
      ...{ ip: attack.ip(i), applicationId: attack.applicationId?.(i) ?? 'shop-1', isAttack: true },
      typedAfter: chance.is(attack.faked ?? 0) ? typingDelay(chance) : null,
    };
  }
}

export function traceOf(
  parts: readonly Iterable<Request>[],
  about: Omit<Trace, 'requests' | 'outage'> & Partial<Pick<Trace, 'outage'>>,
): Trace {
  const requests = parts.flatMap((part) => [...part]).sort((a, b) => a.at - b.at);
  return { outage: null, ...about, requests };
}
