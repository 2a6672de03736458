import type { Brand } from '../../web/verify/contract';
import type { Words } from '../../web/verify/words';
import { oneLine } from '../sms/texts/visible-text';
import type { Locale } from '../sms/texts/languages';
import type { HostedSettings } from './hosted-settings';
import { logoUrl } from './logo/logo-file';
import { withOwnWords } from './texts/own-words';
import { themeOf } from './theme/theme';

/** What a page shows of an application. */
export interface BrandedApplication {
  readonly id: string;
  readonly name: string;
  /** Hash of its logo; absent: none. */
  readonly logo?: string;
  readonly settings: HostedSettings & { readonly brand?: string; readonly contact?: string };
}

/** @param base origin of this server, for pages of others; empty for our own */
export function brandOf({ id, name, settings, logo }: BrandedApplication, base = ''): Brand {
  const { brand, contact, hosted } = settings;
  return {
    name: brand ?? oneLine(name),
    contact: contact ?? null,
    logoUrl: logoUrl(id, logo, base),
    theme: themeOf(hosted?.theme),
  };
}

/** The words of a language as this application says them. */
export function wordsOf(
  { settings }: Pick<BrandedApplication, 'settings'>,
  locale: string,
  words: Words,
): Words {
  return withOwnWords(words, settings.hosted?.texts?.[locale as Locale]);
}
