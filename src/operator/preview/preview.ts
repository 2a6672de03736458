/** What a preview is made from: the settings and the message that a real one would have. */
import { policyFor } from '../../otp/policy/effective-policy';
import { type ApplicationSettings } from '../../applications/application';
import { type Template } from '../../sms/texts/templates/template';
import { confirmsPayment, showsDigest } from '../../sms/texts/templates/template-rules';
import type { MessageInput } from '../../sms/texts/message';
import type { PreviewInput } from './messages.dto';

/** Every preview shows the same code, cut to its length. */
const SAMPLE_CODE = '1234567890';
const SAMPLE_TRANSACTION = { amount: '49.90', currency: 'EUR', payee: 'Northwind Travel' };
/** The SHA-256 of an empty document. */
const SAMPLE_DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The application's settings with what the call puts in their place. */
export function previewSettings(
  settings: ApplicationSettings,
  { brand, transliterate, appHash, webOtpDomain, template }: PreviewInput,
): ApplicationSettings {
  return {
    ...settings,
    ...(brand !== undefined && { brand }),
    ...(transliterate !== undefined && { transliterate }),
    ...(appHash !== undefined && { appHash }),
    ...(webOtpDomain !== undefined && { webOtpDomain }),
    ...(template !== undefined && { templates: [template] }),
  };
}

/** @param settings with what the call puts in their place */
export function previewMessage(settings: ApplicationSettings, input: PreviewInput): MessageInput {
  const { purpose, channel, locale } = selection(input);
  return {
    ...{ channel, locale, purpose },
    country: input.country ?? null,
    ...sampleCode(settings, purpose, input),
    transaction: input.transaction ?? sampleTransaction(input.template),
    digest: input.digest ?? (showsDigest(input.template?.text ?? '') ? SAMPLE_DIGEST : null),
    appHash: settings.appHash ?? null,
    webOtpDomain: settings.webOtpDomain ?? null,
  };
}

/** A template that is tried is for something; the call need not repeat it. */
function selection({
  template,
  ...input
}: PreviewInput): Pick<MessageInput, 'purpose' | 'channel' | 'locale'> {
  return {
    purpose: input.purpose ?? template?.purpose ?? 'default',
    channel: input.channel ?? template?.channel ?? 'sms',
    locale: input.locale ?? template?.locale ?? null,
  };
}

function sampleCode(
  settings: ApplicationSettings,
  purpose: string,
  { codeLength, ttlSeconds }: PreviewInput,
): Pick<MessageInput, 'code' | 'secondsLeft'> {
  const policy = policyFor(settings, purpose);
  return {
    code: SAMPLE_CODE.slice(0, codeLength ?? policy.codeLength),
    secondsLeft: ttlSeconds ?? policy.ttlSeconds,
  };
}

function sampleTransaction(template: Template | undefined): MessageInput['transaction'] {
  return template !== undefined && confirmsPayment(template.text) ? SAMPLE_TRANSACTION : null;
}
