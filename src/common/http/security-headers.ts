/** For answers that no browser shows: nothing may be loaded, framed, sniffed or stored. */
const apiHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/** The page at `/docs` runs scripts of this server only; its library writes styles into the page. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ONE_YEAR_SECONDS = 31_536_000;

/** The headers of every answer, errors included. */
export function securityHeaders(isProduction: boolean): Readonly<Record<string, string>> {
  const hsts = { 'strict-transport-security': `max-age=${ONE_YEAR_SECONDS}; includeSubDomains` };
  return { ...apiHeaders, ...(isProduction && hsts) };
}

/** What the documentation pages change. */
export const docsHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': docsPolicy,
};
