/** A template made ready for use. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Template } from './template';
import { isGsm7 } from '../../protocols/gsm7';
import {
  needsAMinute,
  parseTemplate,
  type ParsedTemplate,
  type Time,
  type Variable,
} from './template-syntax';

export type TemplateValues = Readonly<Record<Exclude<Variable, Time>, string> & Record<Time, number>>;

export interface TemplateText {
  text(values: TemplateValues): string;
  /** Null: it brings no subject of its own. */
  readonly subject: ((values: TemplateValues) => string) | null;
  /** Whether what it says of the time is true; else the built-in text is, which says seconds. */
  canSay(secondsLeft: number): boolean;
  /** Whether its own words stay in the GSM alphabet, so that names in it should too. */
  readonly cheap: boolean;
}

/** @returns null for a template that was never checked and is none: then there is the built-in text */
export function templateText({ text, subject }: Template, locale: string): TemplateText | null {
  const parsed = parseTemplate(text);
  if ('problem' in parsed) return null;
  const parsedSubject = subject === undefined ? null : parseTemplate(subject);
  const own = parsedSubject && !('problem' in parsedSubject) ? parsedSubject : null;
  const isForMinutes = [parsed, own].some((one) => one !== null && needsAMinute(one.elements));
  return {
    text: formatter(parsed, locale),
    subject: own && formatter(own, locale),
    canSay: (secondsLeft) => !isForMinutes || secondsLeft >= 60,
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
