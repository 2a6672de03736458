/**
 * Addresses that people are sent to, and pages that may hold ours. An address is accepted only in the one form that a
 * browser would show, so that comparing it needs no parsing: what two programs could read in two ways is refused.
 */
const MAX_ADDRESS_LENGTH = 2_000;

const FORM =
  'Write it as a browser shows it: lower-case scheme and host (xn--… for other scripts), no default port.';
const HTTPS = 'Use https; http is for this machine alone (localhost, 127.0.0.1, [::1]).';

const shape = /^(?<scheme>[a-z]+):\/\/(?<authority>[^/?]*)(?<path>\/[^?]*)?(?<query>\?.*)?$/;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const authorityShape = new RegExp(
  String.raw`^(?:${label}(?:\.${label})*|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$`,
);
/** What RFC 3986 lets stand in a path or a query. */
const characters = /^[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]*$/;
/** A slash, a backslash, a dot or a control character in disguise: some server behind may unwrap it. */
const disguised = /%(?:2f|5c|2e|[01][0-9a-f]|7f)/i;

/** Refused in this order; the first that applies tells what to change. */
const addressRules: readonly (readonly [(address: string) => boolean, string])[] = [
  [(text) => text.length > MAX_ADDRESS_LENGTH, `Too long: at most ${MAX_ADDRESS_LENGTH} characters.`],
  [(text) => text.includes('\\'), 'Use no backslash.'],
  [(text) => text.includes('#'), 'Leave out the fragment.'],
  [(text) => !characters.test(text), 'Use the characters of an address alone; encode others (%20).'],
  [(text) => !/^https?:\/\//i.test(text), HTTPS],
  [(text) => !shape.test(text), FORM],
  [(text) => partsOf(text).authority.includes('@'), 'Leave out the user name.'],
  [(text) => !authorityShape.test(partsOf(text).authority), FORM],
  [(text) => partsOf(text).path.includes('//'), 'Use one slash at a time in the path.'],
  [
    (text) => disguised.test(partsOf(text).path),
    'Use no encoded slashes, dots or control characters in the path.',
  ],
  [(text) => !isAsShown(text), FORM],
  [(text) => partsOf(text).scheme === 'http' && !isLoopback(text), HTTPS],
];

/** What is wrong with the address of a page, in words that say what to change; null: nothing. */
export function addressProblem(text: string): string | null {
  return addressRules.find(([isBroken]) => isBroken(text))?.[1] ?? null;
}

/** The same for an entry of a list: what comes in the query is each call's own. */
export function listedAddressProblem(text: string): string | null {
  const problem = addressProblem(text);
  if (problem !== null) return problem;
  const { path, query } = partsOf(text);
  if (query !== '') return 'Leave out the query: each call may bring its own.';
  return path === '' ? 'Write the path too, at least "/".' : null;
}

/** The same for an origin: scheme, host and port. */
export function originProblem(text: string): string | null {
  const problem = addressProblem(text);
  if (problem !== null) return problem;
  return new URL(text).origin === text ? null : 'Write scheme, host and port alone: https://www.example.com.';
}

/**
 * The address of a call, when the list has it: same scheme, host, port and path, to the character. A query may follow.
 * Null for every other one.
 */
export function allowedAddress(list: readonly string[] | undefined, written: string): URL | null {
  if (addressProblem(written) !== null) return null;
  const address = new URL(written);
  return (list ?? []).includes(address.origin + address.pathname) ? address : null;
}

/** Of this machine, where nobody else listens: the one place for http. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function partsOf(text: string): { scheme: string; authority: string; path: string; query: string } {
  const { scheme = '', authority = '', path = '', query = '' } = shape.exec(text)?.groups ?? {};
  return { scheme, authority, path, query };
}

/** Nothing to resolve, fold or leave out in it. The slash behind a bare host may be missing. */
function isAsShown(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { href } = new URL(text);
  return href === text || href === `${text}/`;
}
