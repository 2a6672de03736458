/** Where pages live, and what a browser must say to act on one. */
import { basePathOf } from '../../common/http/base-path';

/** Everything below it is public. */
export function pageBase(publicUrl: string, ownUrl: string | undefined): string {
  return (ownUrl ?? publicUrl).replace(/\/+$/, '');
}

/** The path of a page, as a browser that shows it sees it. */
export function pagePath(base: string, token: string): string {
  return `${basePathOf(base)}/verify/${token}`;
}

/**
 * Browsers name the origin of a page with each unsafe call. Without one, or with `null`, it is no page of ours.
 * @param urls where pages of this application may live
 */
export function isOwnOrigin(origin: string | undefined, urls: readonly string[]): boolean {
  return origin !== undefined && urls.some((url) => new URL(url).origin === origin);
}
