import type { ApplicationSettings } from '../../../applications/application';
import type { InstalledTexts } from '../../../sms/texts/installed-texts';
import { renderMessage, type MessageInput } from '../../../sms/texts/message';

/** A message that may be sent, as far as it is known before its code is drawn. */
export interface ExpectedMessage extends Pick<
  MessageInput,
  'channel' | 'country' | 'purpose' | 'secondsLeft'
> {
  readonly locale?: string | null | undefined;
  readonly codeLength: number;
  readonly transaction?: MessageInput['transaction'] | undefined;
  readonly digest?: string | null | undefined;
  readonly appHash?: string | undefined;
  readonly webOtpDomain?: string | undefined;
}

/** As long as its text will be, or as good as: every code of a length takes the same room. */
export function expectedText(
  settings: ApplicationSettings,
  message: ExpectedMessage,
  texts: InstalledTexts,
): string {
  const {
    locale = null,
    codeLength,
    transaction = null,
    digest = null,
    appHash,
    webOtpDomain,
    ...known
  } = message;
  return renderMessage(
    settings,
    {
      ...known,
      locale,
      code: '0'.repeat(codeLength),
      transaction,
      digest,
      appHash: appHash ?? settings.appHash ?? null,
      webOtpDomain: webOtpDomain ?? settings.webOtpDomain ?? null,
    },
    texts,
  ).text;
}
