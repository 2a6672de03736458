import { isSupportedCountry } from 'libphonenumber-js/max';
import type { Channel } from '../src/common/channel';
import type { Route, RoutedGateway } from './settings';
import { closest } from './typos';

/** What became of a text of routes: the routes, or every problem in it and the gateways it names that do exist. */
export type ParsedRoutes =
  | { readonly ok: true; readonly routes: readonly Route[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly gateways: readonly string[] };

/** For which channel the routes are, and which gateways can carry it. */
export interface ForChannel {
  readonly channel: Channel;
  readonly gateways: readonly string[];
}

/**
 * Reads `ES:labsmobile*70|twilio*30,infobip;*:twilio`: per country (ISO 3166-1 alpha-2, or `*` for all others) the
 * gateways by priority. A comma leads to the next priority; those between bars have the same one and share its
 * messages by weight (1–100, equal when none is given). Used for `SMS_ROUTES` and its like, and for an
 * application's `settings.routes` and `channelRoutes`.
 * @param gateways the names that may be used; null: any, as whoever walks the route passes over what is not here
 * @param forChannel absent: every gateway will do
 */
export function parseRoutes(
  text: string,
  gateways: readonly string[] | null,
  forChannel?: ForChannel,
): ParsedRoutes {
  const problems: string[] = [];
  const routes: Route[] = [];
  for (const part of splitRoutes(text)) {
    const route = parseRoute(part);
    problems.push(...problemsOf(part, route), ...gatewayProblems(route, gateways, forChannel));
    if (routes.some(({ country }) => country === route.country))
      problems.push(`"${route.country}" has two routes`);
    routes.push(route);
  }
  if (routes.length === 0) problems.push('names no route; write for example "ES:labsmobile,twilio;*:twilio"');
  if (problems.length === 0) return { ok: true, routes };
  const known = gatewaysOf(routes).filter((name) => gateways?.includes(name) ?? true);
  return { ok: false, problems, gateways: known };
}

/** The gateways that routes name, each once, by priority. */
export function gatewaysOf(routes: readonly Route[]): string[] {
  return [...new Set(routes.flatMap(({ tiers }) => tiers.flat().map(({ name }) => name)))];
}

/** The priorities for a destination; none when there is no route. `country` is null for numbers of no country. */
export function routeFor(routes: readonly Route[], country: string | null): Route['tiers'] {
  const own = routes.find((route) => route.country === country);
  return (own ?? routes.find((route) => route.country === '*'))?.tiers ?? [];
}

function splitRoutes(text: string): string[] {
  const parts = text.split(';').map((part) => part.trim());
  // A semicolon at the end is a habit, not a mistake.
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

function parseRoute(part: string): Route {
  const colon = part.indexOf(':');
  if (colon < 0) return { country: '', tiers: [] };
  const tiers = part.slice(colon + 1).split(',');
  return {
    country: part.slice(0, colon).trim().toUpperCase(),
    tiers: tiers.map((tier) => tier.split('|').map(parseGateway)),
  };
}

/** A weight that is none is NaN here, and a problem below. */
function parseGateway(text: string): RoutedGateway {
  const [name = '', ...weight] = text.split('*').map((piece) => piece.trim());
  if (weight.length === 0) return { name: name.toLowerCase(), weight: 1 };
  return { name: name.toLowerCase(), weight: weightOf(weight.join('*')) };
}

function weightOf(digits: string): number {
  const weight = /^\d{1,3}$/.test(digits) ? Number(digits) : NaN;
  return weight >= 1 && weight <= 100 ? weight : NaN;
}

function problemsOf(part: string, { country, tiers }: Route): string[] {
  if (!part.includes(':')) return [`"${part}" is no route; write a country or *, a colon, and gateways`];
  const named = tiers.flat();
  const problems: string[] = [];
  if (country !== '*' && !isSupportedCountry(country))
    problems.push(`"${country}" is no country; use two letters of ISO 3166-1, or * for all others`);
  if (named.some(({ name }) => name === ''))
    problems.push(`"${part}" has an empty place in its list of gateways`);
  if (new Set(named.map(({ name }) => name)).size < named.length)
    problems.push(`"${part}" names a gateway twice`);
  if (named.some(({ weight }) => Number.isNaN(weight)))
    problems.push(
      `"${part}" has a weight that is no whole number from 1 to 100; write for example "twilio*30"`,
    );
  const half = part
    .slice(part.indexOf(':') + 1)
    .split(',')
    .find(isHalfWeighted);
  if (half !== undefined)
    problems.push(`"${half.trim()}" gives a weight to some gateways only; give one to each, or to none`);
  return problems;
}

/** Whether the missing weights would have to be guessed. */
function isHalfWeighted(tier: string): boolean {
  const weighted = tier.split('|').map((gateway) => gateway.includes('*'));
  return weighted.includes(true) && weighted.includes(false);
}

function gatewayProblems(
  route: Route,
  gateways: readonly string[] | null,
  forChannel?: ForChannel,
): string[] {
  const names = gatewaysOf([route]).filter((name) => name !== '');
  return names.flatMap((name) => {
    if (gateways && !gateways.includes(name)) return [unknownGateway(name, gateways)];
    if (!forChannel || forChannel.gateways.includes(name)) return [];
    const others = [...forChannel.gateways].sort().join(', ') || 'none';
    return [`"${name}" cannot carry the channel ${forChannel.channel}; these can: ${others}`];
  });
}

function unknownGateway(name: string, gateways: readonly string[]): string {
  const [vendor = '', ...account] = name.split('.');
  // An account that nobody knows has mostly a vendor that somebody knows.
  const near = closest(name, gateways) ?? closest(vendor, gateways);
  const all = `There are: ${[...gateways].sort().join(', ')}`;
  if (account.length > 0 && gateways.includes(vendor))
    return `"${name}" is no account here; an account has letters, digits and hyphens, as in twilio.eu. ${all}`;
  if (near) return `"${name}" is no gateway here; did you mean "${[near, ...account].join('.')}"? ${all}`;
  return `"${name}" is no gateway here; ${all.replace('There', 'there')}`;
}
