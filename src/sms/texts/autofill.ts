/** Lines at the end of a text that let a phone fill in the code by itself. */

/** What Android's SMS Retriever looks for: 11 base64 characters from package name and signing certificate. */
export function isAppHash(value: string): boolean {
  return /^[A-Za-z0-9+/]{11}$/.test(value);
}

const MAX_HOST_LENGTH = 253;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A host as it stands in an origin-bound code: lower case, punycode where needed, at least two labels, neither
 * scheme nor port nor path, and no IP address. Up to 30 characters leave room for the whole text in one message.
 */
export function isWebOtpDomain(value: string): boolean {
  if (value.length > MAX_HOST_LENGTH) return false;
  const labels = value.split('.');
  const isShaped = labels.every((part) => label.test(part)) && /^[a-z]/.test(labels.at(-1) ?? '');
  return isShaped && labels.length >= 2 && isHost(value);
}

/** Punycode may be well spelled and stand for nothing; a browser would never compare it with its address. */
function isHost(value: string): boolean {
  return URL.canParse(`https://${value}`) && new URL(`https://${value}`).host === value;
}

/** For Android's SMS Retriever: the longest text it takes, in octets of UTF-8. */
export const MAX_RETRIEVER_BYTES = 140;

export interface AutofillTargets {
  /** See {@link isAppHash}. */
  readonly appHash?: string | null;
  /** See {@link isWebOtpDomain}. */
  readonly webOtpDomain?: string | null;
}

/**
 * The hash on a line of its own, then `@domain #code` as the very last line, with exactly one space: so the
 * WICG format of origin-bound one-time codes wants it, and Android takes the hash anywhere.
 */
export function autofillLines(code: string, { appHash, webOtpDomain }: AutofillTargets): string {
  return (appHash ? `\n${appHash}` : '') + (webOtpDomain ? `\n@${webOtpDomain} #${code}` : '');
}
