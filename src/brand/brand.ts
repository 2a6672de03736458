import type { Brand } from '../../web/verify/contract';
import type { Words } from '../../web/verify/words';
import { oneLine } from '../sms/texts/visible-text';
import type { Locale } from '../sms/texts/languages';
import type { HostedSettings } from './hosted-settings';
import { withOwnWords } from './texts/own-words';
import { themeOf } from './theme/theme';

/** What a page shows of an application. */
export interface BrandedApplication {
  readonly id: string;
  readonly name: string;
  readonly settings: HostedSettings & { readonly brand?: string; readonly contact?: string };
}

/** @param logoUrl of this server, or null without a logo */
export function brandOf({ name, settings }: BrandedApplication, logoUrl: string | null): Brand {
  const { brand, contact, hosted } = settings;
  return { name: brand ?? oneLine(name), contact: contact ?? null, logoUrl, theme: themeOf(hosted?.theme) };
}

/** The words of a language as this application says them. */
export function wordsOf(
  { settings }: Pick<BrandedApplication, 'settings'>,
  locale: string,
  words: Words,
): Words {
  return withOwnWords(words, settings.hosted?.texts?.[locale as Locale]);
}
