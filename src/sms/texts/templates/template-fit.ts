/** Whether a template suits the settings that it is used with: checked whenever either of them changes. */
import type { TextSettings } from '../../settings/text-settings';
import type { Template } from './template';
import { smsSize, towardsGsm7 } from '../../protocols/gsm7';
import { autofillLines, MAX_RETRIEVER_BYTES } from '../autofill';
import { holdsLink, LINK_REMEDY } from './link';
import { MAX_SUBJECT_LENGTH, type TemplateIssue } from './template-rules';
import { parseTemplate, type Variable, type Variant } from './template-syntax';

export type TemplateSurroundings = Pick<
  TextSettings,
  'brand' | 'contact' | 'allowLinks' | 'transliterate' | 'appHash' | 'webOtpDomain'
>;

/** A text by SMS costs as much as its parts; built-in ones take one or two. */
const MAX_PARTS = 3;

type Sample = Readonly<Record<Variable, string>>;

/** As long as the API lets them be; the code may differ from call to call. */
const longest = {
  code: '8'.repeat(10),
  minutes: '43200',
  seconds: '2592000',
  duration: '30 minutes',
  amount: `${'9'.repeat(12)}.${'9'.repeat(6)}`,
  currency: 'EUR',
  payee: 'W'.repeat(70),
  digest: 'W'.repeat(70),
};
/** The SMS Retriever has no room for names of 70 characters: such a text is sent all the same, and typed. */
const usual = { ...longest, amount: '9999.99', payee: 'W'.repeat(20), digest: 'f'.repeat(64) };

export function fitIssues(template: Template, settings: TemplateSurroundings): TemplateIssue[] {
  const text = textProblem(template, settings);
  const subject = template.subject === undefined ? null : subjectProblem(template.subject, settings);
  return [
    ...(text === null ? [] : [{ field: 'text' as const, message: text }]),
    ...(subject === null ? [] : [{ field: 'subject' as const, message: subject }]),
  ];
}

function textProblem({ text, channel }: Template, settings: TemplateSurroundings): string | null {
  const variants = variantsOf(text);
  const missing = missingSetting(variants, settings) ?? linkIn(variants, settings);
  if (missing !== null) return missing;
  return channel === undefined || channel === 'sms' ? lengthProblem(variants, settings) : null;
}

function subjectProblem(subject: string, settings: TemplateSurroundings): string | null {
  const variants = variantsOf(subject);
  const tooLong = renderAll(variants, sampleOf(settings, longest)).some(
    (line) => line.length > MAX_SUBJECT_LENGTH,
  );
  const problem = missingSetting(variants, settings) ?? linkIn(variants, settings);
  return problem ?? (tooLong ? `Make it shorter: at most ${MAX_SUBJECT_LENGTH} characters.` : null);
}

/** None for what is no template: that is said elsewhere. */
function variantsOf(text: string): readonly Variant[] {
  const parsed = parseTemplate(text);
  return 'problem' in parsed ? [] : parsed.variants;
}

function missingSetting(variants: readonly Variant[], settings: TemplateSurroundings): string | null {
  for (const name of ['brand', 'contact'] as const) {
    const isUsed = variants.flat().some((piece) => 'variable' in piece && piece.variable === name);
    if (isUsed && settings[name] === undefined)
      return `Set ${name} for the application, or remove {${name}}.`;
  }
  return null;
}

/** What stands in the template counts, and the contact; not the name of the brand, a payee or a digest. */
function linkIn(variants: readonly Variant[], settings: TemplateSurroundings): string | null {
  if (settings.allowLinks) return null;
  const words: Sample = {
    ...longest,
    payee: 'Payee',
    digest: 'Digest',
    brand: 'Brand',
    contact: settings.contact ?? '',
  };
  if (!renderAll(variants, words).some(holdsLink)) return null;
  return LINK_REMEDY;
}

function lengthProblem(variants: readonly Variant[], settings: TemplateSurroundings): string | null {
  const { appHash } = settings;
  const parts = (values: typeof longest) => measured(variants, settings, values);
  const most = Math.max(0, ...parts(longest).map((text) => smsSize(text).segments));
  if (most > MAX_PARTS) {
    return `Make it shorter: it may take ${most} parts, and ${MAX_PARTS} are allowed. For e-mail, set channel.`;
  }
  const bytes = Math.max(0, ...parts(usual).map((text) => Buffer.byteLength(text)));
  if (appHash === undefined || bytes <= MAX_RETRIEVER_BYTES) return null;
  return `Make it shorter: with the appHash it may take ${bytes} bytes, and Android reads ${MAX_RETRIEVER_BYTES}.`;
}

function measured(
  variants: readonly Variant[],
  settings: TemplateSurroundings,
  values: typeof longest,
): string[] {
  const ending = autofillLines(values.code, settings);
  const texts = renderAll(variants, sampleOf(settings, values));
  return texts.map((text) => (settings.transliterate ? towardsGsm7(text) : text) + ending);
}

function sampleOf({ brand = '', contact = '' }: TemplateSurroundings, values: typeof longest): Sample {
  return { ...values, brand, contact };
}

function renderAll(variants: readonly Variant[], sample: Sample): string[] {
  return variants.map((variant) =>
    variant.map((piece) => ('literal' in piece ? piece.literal : sample[piece.variable])).join(''),
  );
}
