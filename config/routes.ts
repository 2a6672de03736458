import { isSupportedCountry } from 'libphonenumber-js/max';
import type { Route } from './settings';
import { closest } from './typos';

/** What became of a text of routes: the routes, or every problem in it and the gateways it names that do exist. */
export type ParsedRoutes =
  | { readonly ok: true; readonly routes: readonly Route[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly gateways: readonly string[] };

/**
 * Reads `ES:labsmobile,twilio;*:twilio`: per country (ISO 3166-1 alpha-2, or `*` for all others) the gateways in
 * the order in which they are tried. Used for `SMS_ROUTES` and for an application's `settings.routes`.
 * @param gateways the names that may be used
 */
export function parseRoutes(text: string, gateways: readonly string[]): ParsedRoutes {
  const problems: string[] = [];
  const routes: Route[] = [];
  for (const part of splitRoutes(text)) {
    const route = parseRoute(part);
    problems.push(...problemsOf(part, route, gateways));
    if (routes.some(({ country }) => country === route.country))
      problems.push(`"${route.country}" has two routes`);
    routes.push(route);
  }
  if (routes.length === 0) problems.push('names no route; write for example "ES:labsmobile,twilio;*:twilio"');
  if (problems.length === 0) return { ok: true, routes };
  return { ok: false, problems, gateways: gatewaysOf(routes).filter((name) => gateways.includes(name)) };
}

/** The gateways that routes name, each once. */
export function gatewaysOf(routes: readonly Route[]): string[] {
  return [...new Set(routes.flatMap(({ providers }) => providers))];
}

/** The gateways for a destination, in order; none when there is no route. `country` is null for numbers of no country. */
export function routeFor(routes: readonly Route[], country: string | null): readonly string[] {
  const own = routes.find((route) => route.country === country);
  return (own ?? routes.find((route) => route.country === '*'))?.providers ?? [];
}

function splitRoutes(text: string): string[] {
  const parts = text.split(';').map((part) => part.trim());
  // A semicolon at the end is a habit, not a mistake.
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

function parseRoute(part: string): Route {
  const colon = part.indexOf(':');
  if (colon < 0) return { country: '', providers: [] };
  const names = part.slice(colon + 1).split(',');
  return {
    country: part.slice(0, colon).trim().toUpperCase(),
    providers: names.map((name) => name.trim().toLowerCase()),
  };
}

function problemsOf(part: string, { country, providers }: Route, gateways: readonly string[]): string[] {
  if (!part.includes(':')) return [`"${part}" is no route; write a country or *, a colon, and gateways`];
  const problems: string[] = [];
  if (country !== '*' && !isSupportedCountry(country))
    problems.push(`"${country}" is no country; use two letters of ISO 3166-1, or * for all others`);
  if (providers.includes('')) problems.push(`"${part}" has an empty place in its list of gateways`);
  if (new Set(providers).size < providers.length) problems.push(`"${part}" names a gateway twice`);
  const unknown = providers.filter((name) => name !== '' && !gateways.includes(name));
  return [...problems, ...unknown.map((name) => unknownGateway(name, gateways))];
}

function unknownGateway(name: string, gateways: readonly string[]): string {
  const near = closest(name, gateways);
  const hint = near ? `did you mean "${near}"? There are` : 'there are';
  return `"${name}" is no gateway here; ${hint}: ${[...gateways].sort().join(', ')}`;
}
