import { z } from 'zod';
import { numberSenders } from './senders';
import { speechLanguage } from './voice/speech-language';

/** Languages that a template was approved in: `en,es,pt_BR`. */
export const templateLanguages = z
  .string()
  .regex(/^[A-Za-z]{2,3}([_-][A-Za-z]+)*(,[A-Za-z]{2,3}([_-][A-Za-z]+)*)*$/, {
    error: 'must be languages with commas between them, such as en,es,pt_BR',
  })
  .transform((text) => text.split(','));

/** For gateways that also have other channels. */
export const whatsappSettings = {
  whatsappFrom: numberSenders().optional().describe('Number of the WhatsApp sender'),
  whatsappTemplate: z.string().min(1).optional().describe('Approved authentication template, by its name'),
  whatsappLanguages: templateLanguages
    .optional()
    .describe('Languages of the template, as en,es,pt_BR: the first for all others. Without it any'),
};

/**
 * The language of the template for a text in `locale`, as WhatsApp writes it (`pt_BR`): the closest one it was
 * approved in, else the first of those; without a list that of the text.
 */
export function templateLanguage(locale: string, approved: readonly string[] | undefined): string {
  const tags = approved?.map((tag) => tag.replaceAll('_', '-')) ?? [locale];
  return (speechLanguage(locale, tags) ?? tags[0] ?? locale).replaceAll('-', '_');
}

/**
 * `template` of a WhatsApp message, in Meta's own words: an authentication template shows the code in its body and
 * repeats it in the button that copies it.
 */
export function authenticationTemplate(name: string, language: string, code: string): object {
  const parameters = [{ type: 'text', text: code }];
  return {
    name,
    language: { policy: 'deterministic', code: language },
    components: [
      { type: 'body', parameters },
      { type: 'button', sub_type: 'url', index: '0', parameters },
    ],
  };
}
