/**
 * Which texts there are for an application, a channel and a purpose. Nothing of it changes while the settings
 * are the same object, so it is kept with them: a message then costs two look-ups and putting in its values.
 */
import type { TextSettings } from '../settings/text-settings';
import { builtInText, type BuiltInText } from './built-in';
import { builtInTags, isBuiltIn, type LocaleTags } from './locale';
import type { InstalledTexts } from './installed-texts';
import type { Template } from './templates/template';
import { mostSpecific, templatesFor, type TemplateUse } from './templates/template-choice';
import { fitIssues } from './templates/template-fit';
import { templateText, type TemplateText } from './templates/template-text';

/** A text that somebody wrote for this installation. */
export interface TextChoice {
  readonly template: TemplateText;
  /** The application, or a plug-in. */
  readonly source: 'template' | 'plugin';
}

export interface PlannedText {
  readonly locale: string;
  /** Best first; none of them: the built-in text. */
  readonly choices: readonly TextChoice[];
  readonly builtIn: BuiltInText;
}

export interface Repertoire {
  /** The languages to choose from. */
  readonly tags: LocaleTags;
  /** The usual language of countries, before the one that is built in. */
  readonly countries: ReadonlyMap<string, string>;
  /** For one of the languages. */
  readonly text: (locale: string) => PlannedText;
}

/** Purposes, channels and languages in use are few; what tries out more of them starts again. */
const MAX_KEPT = 200;

const kept = new WeakMap<InstalledTexts, WeakMap<TextSettings, Map<string, Repertoire>>>();

export function repertoireFor(
  settings: TextSettings,
  use: TemplateUse,
  installed: InstalledTexts,
): Repertoire {
  const ofInstalled = kept.get(installed) ?? new WeakMap<TextSettings, Map<string, Repertoire>>();
  kept.set(installed, ofInstalled);
  const all = ofInstalled.get(settings) ?? new Map<string, Repertoire>();
  if (all.size === 0) ofInstalled.set(settings, all);
  const key = `${use.channel} ${use.payment ? 'payment' : ''} ${use.digest ? 'digest' : ''} ${use.purpose}`;
  return all.get(key) ?? remember(all, key, repertoire(settings, use, installed));
}

function repertoire(settings: TextSettings, use: TemplateUse, installed: InstalledTexts): Repertoire {
  const templates = templatesFor(settings.templates ?? [], use);
  // A wording that shows the brand is for applications that have one, and so on: the rule of their own templates.
  const plugins = templatesFor(installed.templates, use).filter(
    (template) => fitIssues(template, settings).length === 0,
  );
  const own = [...plugins, ...templates].flatMap(({ locale }) => (locale === undefined ? [] : [locale]));
  const tags = own.length === 0 ? builtInTags : withOwn(own);
  const texts = new Map<string, PlannedText>();
  const plan = (locale: string): PlannedText => {
    const brand = settings.brand ?? null;
    return {
      locale,
      choices: [
        ...choice(mostSpecific(templates, locale), locale, 'template'),
        ...choice(mostSpecific(plugins, locale), locale, 'plugin'),
      ],
      builtIn: builtInText({ ...use, locale: isBuiltIn(locale) ? locale : 'en', brand }),
    };
  };
  return {
    tags,
    countries: installed.countries,
    text: (locale) => texts.get(locale) ?? remember(texts, locale, plan(locale)),
  };
}

function choice(template: Template | null, locale: string, source: TextChoice['source']): TextChoice[] {
  const ready = template && templateText(template, locale);
  return ready ? [{ template: ready, source }] : [];
}

function withOwn(own: readonly string[]): LocaleTags {
  return new Map([...builtInTags, ...own.map((locale) => [locale.toLowerCase(), locale] as const)]);
}

function remember<T>(all: Map<string, T>, key: string, value: T): T {
  if (all.size >= MAX_KEPT) all.clear();
  all.set(key, value);
  return value;
}
