/** The cookies of a page. */
import { parseCookie, stringifySetCookie } from 'cookie';

/** The person's choice of a language; tells nothing else. */
const LOCALE_COOKIE = 'sdv-locale';
const MAX_AGE_SECONDS = 2 * 60 * 60;
const SHORT_ID = 10;

export interface CookieSite {
  /** Pages are reached over https. Without it, in development, browsers refuse the prefix and `Secure`. */
  readonly isSecure: boolean;
  /** The page may be shown in a frame of another site, which gets a cookie of its own there. */
  readonly isFramed: boolean;
}

/** One per process: two links in one browser do not meet. */
function visitCookieName(processId: string, { isSecure }: CookieSite): string {
  return `${isSecure ? '__Host-' : ''}sdv-${processId.slice(0, SHORT_ID)}`;
}

export function visitCookie(processId: string, value: string, site: CookieSite): string {
  return stringifySetCookie(visitCookieName(processId, site), value, attributes(site));
}

export function localeCookie(locale: string, site: CookieSite): string {
  return stringifySetCookie(LOCALE_COOKIE, locale, attributes(site));
}

export function readVisit(
  header: string | undefined,
  processId: string,
  site: CookieSite,
): string | undefined {
  return parseCookie(header ?? '')[visitCookieName(processId, site)];
}

export function readLocaleChoice(header: string | undefined): string | undefined {
  return parseCookie(header ?? '')[LOCALE_COOKIE];
}

function attributes({ isSecure, isFramed }: CookieSite) {
  const shared = { httpOnly: true, path: '/', maxAge: MAX_AGE_SECONDS, secure: isSecure } as const;
  if (isSecure && isFramed) return { ...shared, sameSite: 'none', partitioned: true } as const;
  return { ...shared, sameSite: 'lax' } as const;
}
