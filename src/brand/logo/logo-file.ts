/** Where a logo is served: its name is made from its content, so that what is at an address never changes. */

const HASH = /^[0-9a-f]{32}$/;

/** @param base origin to put in front, for pages of others; empty for our own */
export function logoUrl(applicationId: string, hash: string | undefined, base: string): string | null {
  return hash === undefined ? null : `${base}/brand/${encodeURIComponent(applicationId)}/${hash}.png`;
}

/** The hash in a file's name; null when there is none. */
export function hashIn(file: string): string | null {
  const [name = '', ending, ...rest] = file.split('.');
  return ending === 'png' && rest.length === 0 && HASH.test(name) ? name : null;
}
