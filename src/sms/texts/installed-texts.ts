/** The wordings of text plug-ins, for all applications: what they must be, and how they stand ready for messages. */
import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import { localeSchema, templateSchema } from '../settings/text-settings.dto';
import { isBuiltIn } from './locale';
import type { Template } from './templates/template';
import { fitIssues, type TemplateSurroundings } from './templates/template-fit';
import { confirmsPayment, MAX_TEMPLATES, showsDigest } from './templates/template-rules';
import type { TextDefinition } from './text-definition';

/** What all text plug-ins say together. */
export interface InstalledTexts {
  /** In the order of their loading. */
  readonly templates: readonly Template[];
  /** The usual language of countries, where a plug-in names them. */
  readonly countries: ReadonlyMap<string, string>;
}

/** Injection token of the same name. */
export const InstalledTexts = Symbol('InstalledTexts');

export const noTexts: InstalledTexts = { templates: [], countries: new Map() };

/** @param definitions without {@link installedTextIssues} */
export function installedTexts(definitions: readonly TextDefinition[]): InstalledTexts {
  return {
    templates: definitions.flatMap(({ locale, texts }) => texts.map((text) => ({ ...text, locale }))),
    countries: new Map(
      definitions.flatMap(({ locale, countries = [] }) => countries.map((country) => [country, locale])),
    ),
  };
}

/** One problem of a definition. */
export interface TextIssue {
  /** With points, e.g. `texts.0.subject`. */
  readonly path: string;
  readonly message: string;
}

/** An application of which nothing is known but that it has a name: links are as good as never allowed. */
const anyApplication: TemplateSurroundings = { brand: 'Northwind', contact: 'Support desk' };

const shape = z.looseObject({
  locale: localeSchema,
  countries: z
    .array(
      z
        .string()
        .refine(
          (code) => isSupportedCountry(code as CountryCode),
          'must be two capital letters of ISO 3166-1, e.g. ES',
        ),
    )
    .optional(),
  texts: z
    .array(z.looseObject({}), { error: 'must be a list of wordings' })
    .min(1, 'must hold a wording')
    .max(MAX_TEMPLATES, `must hold at most ${MAX_TEMPLATES} wordings`),
});

/** The rules of templates, and that a language which is not built in brings all that a message needs. */
export function installedTextIssues(definition: unknown): TextIssue[] {
  const read = shape.safeParse(definition);
  if (!read.success) return read.error.issues.map(issueOf([]));
  const { locale, texts } = read.data;
  return texts.flatMap((wording, index) => {
    const parsed = templateSchema.safeParse({ ...wording, locale });
    if (!parsed.success) return parsed.error.issues.map(issueOf(['texts', index]));
    return wordingIssues(parsed.data as Template, locale).map(({ field, message }) => ({
      path: `texts.${index}.${field}`,
      message,
    }));
  });
}

function wordingIssues(template: Template, locale: string): { field: string; message: string }[] {
  const { channel, subject } = template;
  const isForMail = channel === undefined || channel === 'email';
  const lacksSubject = isForMail && subject === undefined && !isBuiltIn(locale);
  return [
    ...fitIssues(template, anyApplication),
    ...(lacksSubject ? [{ field: 'subject', message: NO_SUBJECT }] : []),
  ];
}

const NO_SUBJECT =
  'Write one, or set another channel: there is no subject of an e-mail in this language yet.';

const issueOf =
  (place: readonly (string | number)[]) =>
  ({ path, message }: z.core.$ZodIssue): TextIssue => ({
    path: [...place, ...path].join('.'),
    message,
  });

/** What a wording is for: of two for the same, one would never be used. */
export function placesOf({ locale, texts }: TextDefinition): string[] {
  return texts.map(({ channel, purpose, text }) =>
    JSON.stringify([locale.toLowerCase(), channel, purpose, confirmsPayment(text), showsDigest(text)]),
  );
}
