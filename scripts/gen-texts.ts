import type { Channel } from '../src/common/channel';
import type { Language } from '../src/sms/texts/language';
import { kinds } from '../src/sms/texts/language';
import { languages, locales } from '../src/sms/texts/languages';
import { renderMessage, type MessageInput } from '../src/sms/texts/message';
import { smsSize } from '../src/sms/protocols/gsm7';

const transaction = { amount: '1249.90', currency: 'EUR', payee: 'Northwind Travel' };
const names = new Intl.DisplayNames('en', { type: 'language' });

const INTRODUCTION = `# The built-in texts

Every language and purpose as a person sees it, for the brand Acme, the code 493021 and ten minutes. The number
is how many parts an SMS takes. Templates of an application's own come before these: see
[templates.md](templates.md). This file is written by \`npm run gen\`, and the tests compare it to the letter: a
change of a text shows here.
`;

/** `docs/texts.md`: every built-in text, for people who speak the language to read through. */
export function renderTextsDoc(): string {
  return [INTRODUCTION, ...locales.map(section)].join('\n');
}

function section(locale: (typeof locales)[number]): string {
  const { countries }: Language = languages[locale];
  const lines = [
    ...kinds.map((purpose) => smsLine(purpose, { purpose })),
    smsLine('transaction', { purpose: 'payment', transaction }),
    smsLine('login, 95 seconds left', { purpose: 'login', secondsLeft: 95 }),
    ...[{}, { transaction }].flatMap((more) => otherLines({ purpose: 'login', ...more })),
    otherLine('voice', 'login, 31 seconds left', { purpose: 'login', secondsLeft: 31 }),
  ].map((line) => line(locale));
  const usual = countries.length === 0 ? '' : `Usual in ${[...countries].sort().join(', ')}.\n\n`;
  return `## ${locale}: ${names.of(locale) ?? locale}\n\n${usual}\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
}

type Line = (locale: string) => string;
type Partly = Pick<MessageInput, 'purpose'> & Partial<MessageInput>;

const message = (locale: string, input: Partly & Pick<MessageInput, 'channel'>) =>
  renderMessage({ brand: 'Acme' }, { locale, country: null, code: '493021', secondsLeft: 600, ...input });

function smsLine(name: string, input: Partly): Line {
  return (locale) => {
    const { text } = message(locale, { ...input, channel: 'sms' });
    return `${name} (${smsSize(text).segments}): ${text}`;
  };
}

/** The other channels spell everything with all its accents. */
function otherLines(input: Partly): Line[] {
  const what = input.transaction ? 'transaction' : input.purpose;
  return (['voice', 'email', 'whatsapp'] as const).map((channel) => otherLine(channel, what, input));
}

function otherLine(channel: Channel, name: string, input: Partly): Line {
  return (locale) => {
    const { text, subject } = message(locale, { ...input, channel });
    const heading = subject === null ? '' : `${subject} / `;
    return `${channel}, ${name}: ${heading}${text.replaceAll('\n\n', ' / ')}`;
  };
}
