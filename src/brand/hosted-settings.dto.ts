/** What an application may set about its hosted page; `applications` composes its settings from it. */
import { z } from 'zod';
import { patchOf } from '../common/zod-patch';
import { displayText } from '../sms/settings/text-settings.dto';
import { locales } from '../sms/texts/languages';
import { sentenceProblem } from './texts/own-words';
import { textKeys, type TextKey } from './texts/text-keys';
import { accentProblem, fontNames, isFontName, MAX_RADIUS } from './theme/theme';
import { listedAddressProblem, originProblem } from './web-address/web-address';

const MAX_ADDRESSES = 20;
const MAX_SENTENCE_LENGTH = 200;

/** A text that a pure rule judges; the rule's words become the error. */
function judged(problemOf: (text: string) => string | null) {
  return z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

function listOf(problemOf: (text: string) => string | null) {
  return z
    .array(judged(problemOf))
    .max(MAX_ADDRESSES, `Use at most ${MAX_ADDRESSES}.`)
    .refine((list) => new Set(list).size === list.length, 'Name each once.');
}

const themeFields = {
  accent: z
    .string()
    .toLowerCase()
    .superRefine((accent, context) => {
      const message = accentProblem(accent);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .describe(
      'Of buttons and links, `#rrggbb`; its contrast with white must be 4.5. The dark theme is made from it',
    ),
  radius: z
    .int()
    .min(0, 'Use at least 0.')
    .max(MAX_RADIUS, `Use at most ${MAX_RADIUS}.`)
    .describe('Of corners, in pixels; default 12'),
  font: z
    .string()
    .refine(isFontName, 'Use a name of letters, digits, single spaces and hyphens, at most 40 characters.')
    .describe(
      `${fontNames.map((name) => `\`${name}\``).join(', ')}, or a family that people's devices may have; no page ` +
        'loads a font. Default `system`',
    ),
};

function sentence(key: TextKey) {
  return displayText(MAX_SENTENCE_LENGTH).superRefine((text, context) => {
    const message = sentenceProblem(key, text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

const sentences = Object.fromEntries(textKeys.map((key) => [key, sentence(key)])) as Record<
  TextKey,
  ReturnType<typeof sentence>
>;

const language = z.enum(locales);

/** Under trial in a preview as well. */
export const themeSchema = z.strictObject(themeFields).partial().meta({ id: 'HostedTheme' });
export const sentencesSchema = z
  .strictObject(sentences)
  .partial()
  .describe('Sentences of your own, by their place; placeholders as in the built-in ones')
  // Last: a schema that is derived from this one would not have the name.
  .meta({ id: 'HostedTexts' });

const fields = {
  returnUrls: listOf(listedAddressProblem).describe(
    'Pages that may get a result; a call must name one of them to the character, and may add a query',
  ),
  cancelUrls: listOf(listedAddressProblem).describe('Pages that people may go back to without a result'),
  frameOrigins: listOf(originProblem).describe(
    'Pages that may show the hosted page in a frame; none: nobody',
  ),
  origins: listOf(originProblem).describe('Pages that may carry the component'),
  url: judged(originProblem).describe('Origin of your own that leads to this server; default: `PUBLIC_URL`'),
  theme: themeSchema,
  texts: z.partialRecord(language, sentencesSchema),
  autoSubmit: z.boolean().describe('Whether a complete code is checked without a button; default true'),
};

export const hostedFields = {
  hosted: z
    .strictObject(fields)
    .partial()
    .describe('The page that you send people to, and the form in yours'),
};

/** The same for a change. */
export const hostedPatchFields = {
  hosted: patchOf({
    ...fields,
    theme: patchOf(themeFields),
    texts: z.partialRecord(language, patchOf(sentences).meta({ id: 'HostedTextsChange' }).nullable()),
  }),
};
