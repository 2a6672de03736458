import type { Channel } from '../../common/channel';
import type { Clock } from '../../common/clock';
import type { MonitoredGateway } from './monitored-gateway';
import type { PauseScope } from '../health/pauses';
import type { Destination, DestinationReport } from '../health/gateway-health';

/** How one gateway does, for people and for health checks. Only what this process saw since it started. */
export interface GatewayReport {
  readonly name: string;
  /** The product's name as the vendor writes it. */
  readonly title: string;
  readonly channels: readonly Channel[];
  /** Calls under way, and those that wait for their turn. */
  readonly active: number;
  readonly waiting: number;
  /** Where the vendor wants to be left alone. */
  readonly pauses: readonly (PauseScope & { readonly until: Date })[];
  /** Messages that another gateway sent as well because it was open whether this one had. */
  readonly duplicates: number;
  /** Of the latest calls; null before the first. */
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null };
  /** Calls of the last five to ten minutes that say something about it, over all destinations. */
  readonly calls: number;
  /** Accepted ÷ calls, 0–1; null without calls. */
  readonly successRate: number | null;
  /** Those that were tried since the start. */
  readonly destinations: readonly (Destination & {
    readonly state: DestinationReport['state'];
    /** What opened the breaker: failed calls, receipts, or codes that nobody typed; null when it is closed. */
    readonly cause: DestinationReport['cause'];
    /** When an open breaker lets a message through to try; null when it is not open. */
    readonly retryAt: Date | null;
    readonly calls: number;
    readonly successRate: number | null;
  })[];
}

export function reportOf(gateway: MonitoredGateway, clock: Clock): GatewayReport {
  const { name, configured, health, active, waiting } = gateway;
  const now = clock.monotonic();
  const dateOf = (at: number) => new Date(clock.now() + at - now);
  const destinations = health.report(now);
  const accepted = destinations.reduce((sum, one) => sum + one.accepted, 0);
  const calls = destinations.reduce((sum, one) => sum + one.calls, 0);
  return {
    name,
    title: configured.title,
    channels: configured.channels,
    active,
    waiting,
    pauses: health.pauses.list(now).map(({ until, ...scope }) => ({ ...scope, until: dateOf(until) })),
    duplicates: health.duplicates,
    latencyMs: { p50: whole(health.latencies.quantile(0.5)), p95: whole(health.latencies.quantile(0.95)) },
    calls,
    successRate: rate(accepted, calls),
    destinations: destinations.map(({ until, accepted: good, ...one }) => ({
      ...one,
      retryAt: until === null ? null : dateOf(until),
      successRate: rate(good, one.calls),
    })),
  };
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function rate(good: number, all: number): number | null {
  return all === 0 ? null : good / all;
}
