/**
 * Which texts there are for an application, a channel and a purpose. Nothing of it changes while the settings
 * are the same object, so it is kept with them: a message then costs two look-ups and putting in its values.
 */
import type { TextSettings } from '../settings/text-settings';
import { builtInText, type BuiltInText } from './built-in';
import { builtInTags, isBuiltIn, type LocaleTags } from './locale';
import { mostSpecific, templatesFor, type TemplateUse } from './templates/template-choice';
import { templateText, type TemplateText } from './templates/template-text';

export interface PlannedText {
  readonly locale: string;
  /** Null: the built-in text. */
  readonly template: TemplateText | null;
  readonly builtIn: BuiltInText;
}

export interface Repertoire {
  /** The languages to choose from. */
  readonly tags: LocaleTags;
  /** For one of the languages. */
  readonly text: (locale: string) => PlannedText;
}

/** Purposes, channels and languages in use are few; what tries out more of them starts again. */
const MAX_KEPT = 200;

const kept = new WeakMap<TextSettings, Map<string, Repertoire>>();

export function repertoireFor(settings: TextSettings, use: TemplateUse): Repertoire {
  const all = kept.get(settings) ?? new Map<string, Repertoire>();
  if (all.size === 0) kept.set(settings, all);
  const key = `${use.channel} ${use.payment ? 'payment' : ''} ${use.digest ? 'digest' : ''} ${use.purpose}`;
  return all.get(key) ?? remember(all, key, repertoire(settings, use));
}

function repertoire(settings: TextSettings, use: TemplateUse): Repertoire {
  const templates = templatesFor(settings.templates ?? [], use);
  const own = templates.flatMap(({ locale }) => (locale === undefined ? [] : [locale]));
  const tags = own.length === 0 ? builtInTags : withOwn(own);
  const texts = new Map<string, PlannedText>();
  const plan = (locale: string): PlannedText => {
    const template = mostSpecific(templates, locale);
    const brand = settings.brand ?? null;
    return {
      locale,
      template: template && templateText(template, locale),
      builtIn: builtInText({ ...use, locale: isBuiltIn(locale) ? locale : 'en', brand }),
    };
  };
  return { tags, text: (locale) => texts.get(locale) ?? remember(texts, locale, plan(locale)) };
}

function withOwn(own: readonly string[]): LocaleTags {
  return new Map([...builtInTags, ...own.map((locale) => [locale.toLowerCase(), locale] as const)]);
}

function remember<T>(all: Map<string, T>, key: string, value: T): T {
  if (all.size >= MAX_KEPT) all.clear();
  all.set(key, value);
  return value;
}
