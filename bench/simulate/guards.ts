/** The guard of the product, and three that others use instead. */
import { decide } from '../../src/limits/pumping/decide';
import { fold, type EntryKind } from '../../src/limits/pumping/fold';
import { blockOf } from '../../src/limits/pumping/prefixes';
import { PumpingState } from '../../src/limits/pumping/pumping-state';
import { SlidingWindow } from '../../src/limits/throttle/sliding-window';
import { plans } from './plans';
import { HOUR, MINUTE, PEOPLE_PER_DAY, type Request } from './traces';

export interface Guard {
  allows(request: Request, now: number): boolean;
  sent(request: Request, now: number): void;
  typed(request: Request, now: number): void;
  /** Blocks of prefixes that began, if it has such. */
  readonly blocksBegun?: number;
  /** The most that a country cost in a day, as a share of its ceiling, if it has one. */
  readonly mostOfCeiling?: number;
}

/** The product's own pure code: the same files that decide in production. */
export class Sixdigit implements Guard {
  readonly state = new PumpingState();
  blocksBegun = 0;

  allows(request: Request, now: number): boolean {
    const call = { ...this.pathOf(request), applicationId: request.applicationId };
    return decide(this.state, call, now, () => 0).outcome === 'allowed';
  }

  sent(request: Request, now: number): void {
    this.fold('send', request, now);
  }

  typed(request: Request, now: number): void {
    this.fold('conversion', request, now);
  }

  private fold(kind: EntryKind, request: Request, at: number): void {
    const { applicationId } = request;
    for (const change of fold(this.state, { kind, ...this.pathOf(request), applicationId, at })) {
      if (change.type === 'prefix_blocked') this.blocksBegun += 1;
    }
  }

  private pathOf({ to, country }: Request): { block: number; country: string; recipient: number } {
    return { block: blockOf(to), country, recipient: Number(to.slice(1)) };
  }
}

/** 20 messages an hour for each IP. */
export class PerIpLimit implements Guard {
  private readonly window = new SlidingWindow(HOUR);

  allows({ ip }: Request, now: number): boolean {
    return this.window.hit(ip, 20, now).isAllowed;
  }

  sent(): void {}
  typed(): void {}
}

/** 1,000 messages an hour for each country. */
export class PerCountryLimit implements Guard {
  private readonly window = new SlidingWindow(HOUR);

  allows({ country }: Request, now: number): boolean {
    return this.window.hit(country, 1_000, now).isAllowed;
  }

  sent(): void {}
  typed(): void {}
}

const BREAKER_MIN = 50;
const BREAKER_SHARE = 0.3;
const BREAKER_RESTS = 15 * MINUTE;
/** Younger messages do not count: their codes may be typed yet. */
const BREAKER_AFTER = 2 * MINUTE;

interface BreakerCounts {
  readonly young: { readonly at: number; isTyped: boolean }[];
  sent: number;
  typed: number;
  since: number;
  until: number;
}

/** A country rests for a quarter of an hour when fewer than 30 % of at least 50 codes were typed in 10 to 20 minutes. */
export class ConversionBreaker implements Guard {
  private readonly countries = new Map<string, BreakerCounts>();
  private readonly waiting = new Map<Request, BreakerCounts['young'][number]>();

  allows({ country }: Request, now: number): boolean {
    const counts = this.at(country, now);
    for (let first = counts.young[0]; first && first.at <= now - BREAKER_AFTER; first = counts.young[0]) {
      counts.young.shift();
      counts.sent += 1;
      if (first.isTyped) counts.typed += 1;
    }
    if (counts.sent >= BREAKER_MIN && counts.typed < BREAKER_SHARE * counts.sent) {
      Object.assign(counts, { until: now + BREAKER_RESTS, sent: 0, typed: 0 });
    }
    return now >= counts.until;
  }

  sent(request: Request, now: number): void {
    const message = { at: now, isTyped: false };
    this.at(request.country, now).young.push(message);
    if (request.typedAfter !== null) this.waiting.set(request, message);
  }

  typed(request: Request): void {
    const message = this.waiting.get(request);
    if (message) message.isTyped = true;
    this.waiting.delete(request);
  }

  private at(country: string, now: number): BreakerCounts {
    const counts = this.countries.get(country) ?? { young: [], sent: 0, typed: 0, since: now, until: 0 };
    this.countries.set(country, counts);
    if (now - counts.since < 10 * MINUTE) return counts;
    // Half of the past goes on counting.
    return Object.assign(counts, { sent: counts.sent / 2, typed: counts.typed / 2, since: now });
  }
}

/**
 * The product's guard below a money ceiling: what a country may cost in a day. The ceiling is half as much again as an
 * ordinary day costs there, as an operator would set it who knows his bill.
 */
export class WithCeiling implements Guard {
  private readonly spent = new Map<string, number>();

  constructor(
    private readonly guard: Guard,
    private readonly ceilings: ReadonlyMap<string, number>,
  ) {}

  get blocksBegun(): number {
    return this.guard.blocksBegun ?? 0;
  }

  allows(request: Request, now: number): boolean {
    const ceiling = this.ceilings.get(request.country) ?? Infinity;
    const spent = this.spent.get(dayOf(request, now)) ?? 0;
    return spent + request.priceMicros <= ceiling && this.guard.allows(request, now);
  }

  sent(request: Request, now: number): void {
    const day = dayOf(request, now);
    this.spent.set(day, (this.spent.get(day) ?? 0) + request.priceMicros);
    this.guard.sent(request, now);
  }

  typed(request: Request, now: number): void {
    this.guard.typed(request, now);
  }

  /** The most that one country cost in one day, as a share of its ceiling. */
  get mostOfCeiling(): number {
    const shares = [...this.spent].map(([day, spent]) => {
      const [country = ''] = day.split('/');
      return spent / (this.ceilings.get(country) ?? Infinity);
    });
    return Math.max(0, ...shares);
  }
}

const dayOf = ({ country }: Request, now: number): string => `${country}/${Math.floor(now / (24 * HOUR))}`;

/** What an ordinary day costs in each country, and half of that more. */
const CEILING_SHARE = 1.5;
const ceilings = new Map(
  plans.map(({ code, weight, priceMicros }) => {
    const messages = (weight / plans.reduce((sum, plan) => sum + plan.weight, 0)) * PEOPLE_PER_DAY;
    return [code, CEILING_SHARE * messages * priceMicros];
  }),
);

export const guards = {
  sixdigit: () => new Sixdigit(),
  'sixdigit and a money ceiling': () => new WithCeiling(new Sixdigit(), ceilings),
  'limit per IP': () => new PerIpLimit(),
  'limit per country': () => new PerCountryLimit(),
  'conversion breaker': () => new ConversionBreaker(),
} satisfies Record<string, () => Guard>;
export type GuardName = keyof typeof guards;
export const guardNames = Object.keys(guards) as GuardName[];
