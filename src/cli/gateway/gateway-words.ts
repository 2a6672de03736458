import { fields, table } from '../terminal/table';

interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** What of a gateway is looked at here. */
export interface Gateway {
  readonly name: string;
  readonly title: string;
  readonly routes: readonly { readonly channel: string; readonly countries: readonly string[] }[];
  readonly calls: number;
  readonly successRate: number | null;
  readonly latencyMs: { readonly p95: number | null };
  readonly breakers: readonly { readonly state: string }[];
  readonly balance: Money | null;
}

export interface TestSend {
  readonly outcome: string;
  readonly reason: string | null;
  readonly vendorCode: string | null;
  readonly reference: string | null;
  readonly parts: number | null;
  readonly latencyMs: number | null;
  readonly estimate: Money | null;
  readonly price: Money | null;
}

export function gatewaysTable(gateways: readonly Gateway[]): string {
  const rows = gateways.map((gateway) => [
    gateway.name,
    gateway.routes.map(({ channel, countries }) => `${channel}:${countries.join(',')}`).join(' ') || '–',
    String(gateway.calls),
    gateway.successRate === null ? '–' : `${Math.round(gateway.successRate * 100)} %`,
    gateway.latencyMs.p95 === null ? '–' : `${gateway.latencyMs.p95} ms`,
    gateway.breakers.some(({ state }) => state !== 'closed') ? 'open' : 'closed',
    money(gateway.balance),
  ]);
  return table(['NAME', 'ROUTES', 'CALLS', 'SUCCESS', 'P95', 'BREAKER', 'BALANCE'], rows);
}

export function testWords({
  outcome,
  reason,
  vendorCode,
  reference,
  parts,
  latencyMs,
  estimate,
  price,
}: TestSend): string {
  return fields({
    outcome,
    reason: reason ?? undefined,
    'vendor code': vendorCode ?? undefined,
    reference: reference ?? undefined,
    parts: parts ?? undefined,
    latency: latencyMs === null ? undefined : `${latencyMs} ms`,
    price: money(price ?? estimate),
  });
}

function money(sum: Money | null): string {
  return sum === null ? '–' : `${sum.amount} ${sum.currency}`;
}
