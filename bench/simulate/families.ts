/** Attacks and honest traps, each as a trace of its seed. */
import { type Plan, planOf, plans, travellersPlans } from './plans';
import { Chance } from './random';
import {
  HOUR,
  homeIp,
  MINUTE,
  people,
  PEOPLE_PER_DAY,
  type Person,
  pumping,
  type Request,
  someNumber,
  type Trace,
  traceOf,
  visit,
} from './traces';

export interface Family {
  readonly name: string;
  /** Before the colon: short enough for a chart. */
  readonly title: string;
  readonly kind: 'attack' | 'honest';
  trace(seed: number): Trace;
}

const WARM_UP = 6 * HOUR;

type Build = (
  chance: Chance,
  from: number,
) => { readonly parts: readonly Iterable<Request>[]; readonly until: number };

function family(kind: Family['kind'], name: string, title: string, build: Build): Family {
  const trace = (seed: number): Trace => {
    const chance = new Chance(seed * 7_919 + [...name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 0));
    const { parts, until } = build(chance, WARM_UP);
    return traceOf([people(chance, 0, until, PEOPLE_PER_DAY), ...parts], { from: WARM_UP, until });
  };
  return { kind, name, title, trace };
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
const anyRange = (plan: Plan, chance: Chance): string => chance.pick(plan.ranges);
const fewIps = (chance: Chance, count: number): (() => string) => {
  const ips = Array.from({ length: count }, () => homeIp(chance));
  return () => chance.pick(ips);
};

const FAST = 200;
const MESSAGES = 2_000;

const faking = (share: number): Family =>
  family(
    'attack',
    `d${share * 100}`,
    `(d) one block, ${share * 100} % faked: the attacker types so many codes`,
    (chance, from) => {
      const plan = planOf('ES');
      const block = anyRange(plan, chance) + digits(chance.int(100), 2);
      const number = (): string => `+${block}${digits(chance.int(10_000), 4)}`;
      const attack = {
        from,
        count: MESSAGES,
        everyMs: FAST,
        plan,
        number,
        ip: fewIps(chance, 50),
        faked: share,
      };
      return { parts: [pumping(chance, attack)], until: from + HOUR };
    },
  );

export const attacks: readonly Family[] = [
  family('attack', 'a', '(a) one block: number after number', (chance, from) => {
    const plan = chance.pick(plans);
    const block = anyRange(plan, chance) + digits(chance.int(100), 2);
    const start = chance.int(8_000);
    const number = (i: number): string => `+${block}${digits(start + i, 4)}`;
    const attack = { from, count: MESSAGES, everyMs: FAST, plan, number, ip: fewIps(chance, 50) };
    return { parts: [pumping(chance, attack)], until: from + HOUR };
  }),
  family('attack', 'a-slow', '(a) slowly: one message in 20 s for 11 hours', (chance, from) => {
    const plan = chance.pick(plans);
    const block = anyRange(plan, chance) + digits(chance.int(100), 2);
    const start = chance.int(8_000);
    const number = (i: number): string => `+${block}${digits(start + i, 4)}`;
    const attack = { from, count: MESSAGES, everyMs: 20_000, plan, number, ip: fewIps(chance, 50) };
    return { parts: [pumping(chance, attack)], until: from + 12 * HOUR };
  }),
  family('attack', 'b', '(b) one operator range: at random', (chance, from) => {
    const plan = chance.pick(plans);
    const range = anyRange(plan, chance);
    const number = (): string => `+${range}${digits(chance.int(1_000_000), 6)}`;
    const attack = { from, count: MESSAGES, everyMs: FAST, plan, number, ip: fewIps(chance, 50) };
    return { parts: [pumping(chance, attack)], until: from + HOUR };
  }),
  family('attack', 'c', '(c) a country: slowly, all ranges, many IPs', (chance, from) => {
    const plan = chance.pick(plans);
    const number = (): string => `+${anyRange(plan, chance)}${digits(chance.int(1_000_000), 6)}`;
    const attack = { from, count: MESSAGES, everyMs: (12 * HOUR) / MESSAGES, plan, number };
    return { parts: [pumping(chance, { ...attack, ip: () => homeIp(chance) })], until: from + 12 * HOUR };
  }),
  ...[0.05, 0.2, 0.45].map(faking),
  family('attack', 'e', '(e) five blocks: an IP of its own for each message', (chance, from) => {
    const plan = chance.pick(plans);
    const blocks = Array.from({ length: 5 }, () => anyRange(plan, chance) + digits(chance.int(100), 2));
    const number = (): string => `+${chance.pick(blocks)}${digits(chance.int(10_000), 4)}`;
    const attack = { from, count: MESSAGES, everyMs: 1_000, plan, number, ip: () => homeIp(chance) };
    return { parts: [pumping(chance, attack)], until: from + HOUR };
  }),
  family('attack', 'f', '(f) 20 applications: at once, in one operator range', (chance, from) => {
    const plan = chance.pick(plans);
    const range = anyRange(plan, chance);
    const number = (): string => `+${range}${digits(chance.int(1_000_000), 6)}`;
    const applicationId = (i: number): string => `tenant-${i % 20}`;
    const attack = { from, count: MESSAGES, everyMs: 1_000, plan, number, applicationId };
    return { parts: [pumping(chance, { ...attack, ip: () => homeIp(chance) })], until: from + HOUR };
  }),
];

/** People who come at a rate that falls to half every few minutes. */
function* rush(
  chance: Chance,
  from: number,
  shape: { readonly count: number; readonly meanMs: number },
  person: (at: number) => Person,
): Generator<Request> {
  for (let i = 0; i < shape.count; i += 1) {
    yield* visit(chance, person(from + chance.exponential(shape.meanMs)));
  }
}

/** People who come one by one over so much time. */
function* evenly(
  chance: Chance,
  from: number,
  shape: { readonly count: number; readonly meanMs: number },
  person: (at: number) => Person,
): Generator<Request> {
  for (let i = 0; i < shape.count; i += 1) yield* visit(chance, person(from + chance.next() * shape.meanMs));
}

export const traps: readonly Family[] = [
  family('honest', 'clean', 'an ordinary day', (_, from) => ({ parts: [], until: from + 24 * HOUR })),
  family('honest', 'launch', 'a launch: 18,000 people in a new country within hours', (chance, from) => {
    const plan = chance.pick(travellersPlans.filter(({ ranges }) => ranges.length > 50));
    const person = (at: number): Person => ({ at, plan, conversion: 0.85 });
    return {
      parts: [rush(chance, from, { count: 18_000, meanMs: 30 * MINUTE }, person)],
      until: from + 3 * HOUR,
    };
  }),
  family('honest', 'advert', 'an advertisement: 10,000 people in minutes', (chance, from) => {
    const plan = chance.pick(plans.filter(({ code }) => code !== 'EE'));
    const person = (at: number): Person => ({ at, plan });
    return {
      parts: [rush(chance, from, { count: 10_000, meanMs: 4 * MINUTE }, person)],
      until: from + HOUR,
    };
  }),
  {
    ...{ kind: 'honest', name: 'outage', title: 'an outage: nothing arrives for 1 to 3 hours' },
    trace: (seed) => {
      const chance = new Chance(seed * 7_919);
      const outage = { from: WARM_UP, until: WARM_UP + HOUR * (1 + 2 * chance.next()) };
      const until = outage.until + HOUR;
      // Many more people than elsewhere: in thin traffic nothing would be blocked anyway.
      const crowd = people(chance, 2 * HOUR, until, 6 * PEOPLE_PER_DAY);
      return traceOf([crowd], { from: WARM_UP, until, outage });
    },
  },
  {
    ...{ kind: 'honest', name: 'large', title: 'a large installation: ten times the people, for 6 hours' },
    trace: (seed) => {
      const chance = new Chance(seed * 7_919 + 1);
      const until = WARM_UP + 6 * HOUR;
      return traceOf([people(chance, WARM_UP - HOUR, until, 10 * PEOPLE_PER_DAY)], { from: WARM_UP, until });
    },
  },
  family('honest', 'roaming', 'travellers: from 16 countries nobody texted before', (chance, from) => {
    const person = (at: number): Person => ({ at, plan: chance.pick(travellersPlans), conversion: 0.6 });
    return {
      parts: [rush(chance, from, { count: 600, meanMs: HOUR }, person)],
      until: from + 4 * HOUR,
    };
  }),
  family(
    'honest',
    'office',
    'an office: 400 people behind one IP, 120 in one block of numbers',
    (chance, from) => {
      const plan = chance.pick(plans);
      const [ip, block] = [homeIp(chance), anyRange(plan, chance) + digits(chance.int(1_000), 3)];
      const person = (at: number): Person => {
        const to = chance.is(0.3) ? `+${block}${digits(chance.int(1_000), 3)}` : someNumber(plan, chance);
        return { at, plan, ip, to, conversion: 0.9 };
      };
      return {
        parts: [rush(chance, from, { count: 400, meanMs: 30 * MINUTE }, person)],
        until: from + 3 * HOUR,
      };
    },
  ),
  family('honest', 'mvno', 'a small operator: 900 people in three blocks of a new range', (chance, from) => {
    const plan = planOf('ES');
    const range = anyRange(plan, chance);
    const number = (): string => `+${range}${digits(40 + chance.int(3), 2)}${digits(chance.int(10_000), 4)}`;
    const person = (at: number): Person => ({ at, plan, to: number(), conversion: 0.75 });
    return { parts: [rush(chance, from, { count: 900, meanMs: 2 * HOUR }, person)], until: from + 6 * HOUR };
  }),
  family('honest', 'busy', 'a busy block: 5,000 people a day, half type their code', (chance, from) => {
    const plan = planOf('ID');
    const block = anyRange(plan, chance) + digits(chance.int(100), 2);
    const number = (): string => `+${block}${digits(chance.int(10_000), 4)}`;
    const person = (at: number): Person => ({ at, plan, to: number() });
    const shape = { count: 1_250, meanMs: 6 * HOUR };
    return { parts: [evenly(chance, from, shape, person)], until: from + 6 * HOUR };
  }),
];
