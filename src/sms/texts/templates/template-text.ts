/** A template made ready for use. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Template } from './template';
import { isGsm7 } from '../../protocols/gsm7';
import { parseTemplate, type ParsedTemplate, type Variable } from './template-syntax';

export type TemplateValues = Readonly<Record<Exclude<Variable, 'minutes'>, string>> & {
  readonly minutes: number;
};

export interface TemplateText {
  text(values: TemplateValues): string;
  /** Null: it brings no subject of its own. */
  readonly subject: ((values: TemplateValues) => string) | null;
  /** Whether its own words stay in the GSM alphabet, so that names in it should too. */
  readonly cheap: boolean;
}

/** @returns null for a template that was never checked and is none: then there is the built-in text */
export function templateText({ text, subject }: Template, locale: string): TemplateText | null {
  const parsed = parseTemplate(text);
  if ('problem' in parsed) return null;
  const parsedSubject = subject === undefined ? null : parseTemplate(subject);
  return {
    text: formatter(parsed, locale),
    subject: parsedSubject && !('problem' in parsedSubject) ? formatter(parsedSubject, locale) : null,
    cheap: parsed.variants.every((variant) =>
      variant.every((piece) => !('literal' in piece) || isGsm7(piece.literal)),
    ),
  };
}

/** Values are put into the parsed template: braces in them are braces. */
function formatter({ elements }: ParsedTemplate, locale: string): (values: TemplateValues) => string {
  const format = new IntlMessageFormat(elements, locale);
  return (values) => String(format.format(values));
}
