/** What an operator sees of a gateway, from what is configured, what was measured and what the vendor says. */
import { gatewaysOf } from '../../../config/routes';
import type { RoutesByChannel } from '../../../config/settings';
import { channels, type Channel } from '../../common/channel';
import { formatMoney, type Money } from '../../common/money';
import type { ProbeResult } from '../../common/readiness';
import type { GatewayReport } from '../../sms/routing/gateway-report';

/** Where the server's own routes lead to a gateway; applications may have others. */
export interface RoutedChannel {
  readonly channel: Channel;
  /** ISO 3166-1 alpha-2, or `*`. */
  readonly countries: readonly string[];
}

export function routedChannels(name: string, routes: RoutesByChannel): RoutedChannel[] {
  return channels.flatMap((channel) => {
    const leading = routes[channel].filter((route) => gatewaysOf([route]).includes(name));
    return leading.length > 0 ? [{ channel, countries: leading.map(({ country }) => country) }] : [];
  });
}

/**
 * For `/health/ready`, flat: breakers that are not closed, success over the last minutes, latency, and what was
 * left on the account when `GET /v1/gateways` asked last. It never fails: whether texts go out decides the next
 * gateway, not a balancer.
 */
export function gatewayHealth(
  reports: readonly GatewayReport[],
  balanceOf: (gateway: string) => Money | null,
): ProbeResult {
  const details: Record<string, number | boolean | string | null> = {};
  for (const { name, destinations, successRate, latencyMs, pauses } of reports) {
    const key = name.replace(/[-.]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    details[`${key}BreakersOpen`] = destinations.filter(({ state }) => state !== 'closed').length;
    details[`${key}SuccessRate`] = rounded(successRate);
    details[`${key}P50Ms`] = latencyMs.p50;
    details[`${key}P95Ms`] = latencyMs.p95;
    details[`${key}Paused`] = pauses.length > 0;
    const balance = balanceOf(name);
    if (balance) details[`${key}Balance`] = `${formatMoney(balance)} ${balance.currency}`;
  }
  return { ok: true, details };
}

/** A number to call or text is shown by its last digits; a name, an address or a vendor's id in full. */
export function shownSender(sender: string | null): string | null {
  return sender !== null && A_NUMBER.test(sender) ? sender.replace(/\d(?=\d{4})/g, '*') : sender;
}

/** Short codes have up to eight digits, and are public. */
const A_NUMBER = /^(\+\d{7,15}|\d{9,15})$/;

export function rounded(rate: number | null): number | null {
  return rate === null ? null : Math.round(rate * 10_000) / 10_000;
}
