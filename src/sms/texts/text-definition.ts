/**
 * The port of a text plug-in: wordings in one language, for every application of the installation that has no template
 * of its own for the message. The rules are those of templates.
 */
import type { Template } from './templates/template';

/** One wording, in the syntax of templates. The most specific that fits is used, and before the built-in text. */
export type TextWording = Omit<Template, 'locale'>;

export interface TextDefinition {
  /** Added by {@link defineText}. */
  readonly kind?: 'text';
  /** Of this port, as the text was written for it; absent: 1. docs/plugins.md says what may change within one. */
  readonly apiVersion?: 1;
  /** Lower-case letters, digits and hyphens; for messages about the plug-in alone. */
  readonly name: string;
  /** BCP 47, e.g. `eu`: a language that is not built in, or other words for one that is. */
  readonly locale: string;
  /** ISO 3166-1 alpha-2: where it is the language of a text when neither the call nor the application says one. */
  readonly countries?: readonly string[];
  readonly texts: readonly TextWording[];
}

/** Types the definition, and marks what it is for whoever loads it. */
export function defineText(definition: TextDefinition): TextDefinition {
  return { ...definition, kind: 'text' };
}
