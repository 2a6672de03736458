/** The language of a page. */
import { findLocale } from '../../sms/texts/locale';
import { isLocale, type Locale } from '../../../web/verify/languages';

/** Longer headers are not read to their end. */
const MAX_TAGS = 20;

export interface LocaleWishes {
  /** What the person chose on the page. */
  readonly chosen: string | undefined;
  /** What the backend said. */
  readonly begun: string | null;
  readonly acceptLanguage: string | undefined;
  readonly application: string | undefined;
}

/** The first that exists. */
export function localeFor({ chosen, begun, acceptLanguage, application }: LocaleWishes): Locale {
  const wishes = [chosen, begun, ...tagsOf(acceptLanguage), application];
  return wishes.map(pageLocale).find((found) => found !== undefined) ?? 'en';
}

/** The language of a tag, as far as pages exist in it: the texts of messages exist in the same ones. */
export function pageLocale(tag: string | null | undefined): Locale | undefined {
  const found = findLocale(tag);
  return found !== undefined && isLocale(found) ? found : undefined;
}

/** The tags of an `Accept-Language` header (RFC 9110 §12.5.4), the most wanted first. */
function tagsOf(header: string | undefined): string[] {
  const parts = (header ?? '').split(',').slice(0, MAX_TAGS);
  const ranges = parts.map((part) => {
    const [tag = '', ...parameters] = part.trim().split(/\s*;\s*/);
    const q = /^q=(\d(?:\.\d{1,3})?)$/i.exec(parameters[0] ?? '')?.[1];
    return { tag, weight: q === undefined ? 1 : Number(q) };
  });
  return ranges
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
