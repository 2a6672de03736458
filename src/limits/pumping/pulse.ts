/**
 * Is nothing arriving any more? When a gateway fails, codes stop being typed in all ranges of a country at once. When
 * somebody pumps, the codes of real people go on being typed. So what counts is how many codes are typed, compared with
 * what is usual in the same ranges, and never how many messages are sent.
 */
import { decayed } from './decay';
import {
  debtHalfLifeMs,
  mostRangeWeight,
  outageDeviations,
  outageShare,
  pulseHalfLifeMs,
  recoveredShare,
} from './rules';

/** One operator range of a country. */
export interface Range {
  /** Messages and typed codes of the last minutes. */
  sends: number;
  conversions: number;
  /** Typed codes of the last hour. */
  usual: number;
}

/** Codes that should have been typed in the last minutes, and those that were. */
export interface Pulse {
  readonly expected: number;
  readonly typed: number;
}

/** The ranges of a country that are watched: a sample is enough. They grow old together, whenever one looks. */
export class RangePulses {
  private readonly ranges = new Map<number, Range>();

  constructor(
    private readonly capacity: number,
    private lookedAt: number,
  ) {}

  get size(): number {
    return this.ranges.size;
  }

  sent(key: number): void {
    const range = this.at(key);
    if (range) range.sends += 1;
  }

  typed(key: number): void {
    const range = this.at(key);
    if (!range) return;
    range.conversions += 1;
    range.usual += 1;
  }

  pulse(now: number, conversion: number): Pulse {
    const passed = now - this.lookedAt;
    const minutes = decayed(1, passed, pulseHalfLifeMs);
    const hours = decayed(1, passed, debtHalfLifeMs);
    this.lookedAt = now;
    const pulses: Pulse[] = [];
    for (const range of this.ranges.values()) {
      range.sends *= minutes;
      range.conversions *= minutes;
      range.usual *= hours;
      pulses.push(pulseOf(range, conversion));
    }
    return together(pulses);
  }

  /** Undefined when there is no room: a range without a code in the last hours makes room, no other. */
  private at(key: number): Range | undefined {
    const known = this.ranges.get(key);
    if (known) return known;
    if (this.ranges.size >= this.capacity && !this.forgetSilent()) return undefined;
    const range = { sends: 0, conversions: 0, usual: 0 };
    this.ranges.set(key, range);
    return range;
  }

  private forgetSilent(): boolean {
    const first = this.ranges.entries().next().value;
    if (!first) return false;
    const [key, range] = first;
    this.ranges.delete(key);
    const isSilent = range.usual < 1;
    if (!isSilent) this.ranges.set(key, range);
    return isSilent;
  }
}

/** No more is expected than is usual, however much is sent; and no more than the messages sent would bring. */
export function pulseOf(range: Range, conversion: number): Pulse {
  const usual = (range.usual * pulseHalfLifeMs) / debtHalfLifeMs;
  return { expected: Math.min(conversion * range.sends, usual), typed: range.conversions };
}

/**
 * No part weighs more than its share of the sum, or whoever types the codes of one range for hours and then stops would
 * be an outage. With fewer parts than make up a sum in this way nothing is expected, so nothing can be missing.
 */
export function together(parts: readonly Pulse[], mostWeight = mostRangeWeight): Pulse {
  let most = Infinity;
  for (let i = 0; i < ROUNDS; i += 1) {
    most = mostWeight * parts.reduce((sum, part) => sum + Math.min(part.expected, most), 0);
  }
  let [expected, typed] = [0, 0];
  for (const part of parts) {
    const weight = part.expected > most ? most / part.expected : 1;
    expected += part.expected * weight;
    typed += part.typed * weight;
  }
  return { expected, typed };
}

/** Each brings the largest weight nearer to its share of what is left. */
const ROUNDS = 12;

/** Fewer than a share, and fewer than chance explains. What was found holds until most are typed again. */
export function isOutage({ expected, typed }: Pulse, wasOutage: boolean): boolean {
  if (expected <= 0) return false;
  if (wasOutage) return expected >= 1 && typed <= recoveredShare * expected;
  const missing = expected - typed;
  return typed <= outageShare * expected && missing >= outageDeviations * Math.sqrt(expected);
}
