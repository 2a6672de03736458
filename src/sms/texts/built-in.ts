/** The texts that come with the product: sentences of a language put together for a channel and a purpose. */
import type { Channel } from '../../common/channel';
import { isGsm7, towardsGsm7 } from '../protocols/gsm7';
import { capitalised, displayName, MAX_BRAND_LENGTH } from './display';
import type { Kind, Language } from './language';
import { languages, type Locale } from './languages';
import type { UnitsInWriting } from './lifetime';
import { prepare, type Wording } from './wording';

export interface BuiltInText {
  /** Longest first; only SMS has more than one. */
  readonly wordings: readonly [Wording, ...Wording[]];
  /** Of an e-mail; without the code, because subjects show on locked screens and stand in logs. */
  readonly subject: string | null;
  /** Of the time for which the code still works, in writing. */
  readonly units: UnitsInWriting;
  /** How words that are put in are spelled: as the text itself, without accents where those would cost. */
  readonly spell: (words: string) => string;
  /** Whether it stays in the GSM alphabet by itself, so that names in it should too. */
  readonly cheap: boolean;
}

export interface BuiltInChoice {
  readonly locale: Locale;
  readonly channel: Channel;
  readonly purpose: string;
  /** Whether the code confirms a payment. */
  readonly payment: boolean;
  /** Who writes, as the person knows them; up to 10 characters keep the texts as short as they are meant. */
  readonly brand: string | null;
}

export function builtInText(choice: BuiltInChoice): BuiltInText {
  const language: Language = languages[choice.locale];
  const { texts, cheap } = spelled(language, choice);
  const { brand, ...constants } = namesIn(language, choice, cheap);
  // Without a brand a text may begin with the words for the code; a brand is spelled as it is.
  const begin = (text: string): string => (brand === '' ? capitalised(text, choice.locale) : text);
  const ready = (text: string): Wording => {
    const { literals, gaps } = prepare(text, constants);
    const [start = '', ...others] = literals;
    return { literals: [begin(start), ...others], gaps };
  };
  const [first, ...rest] = texts;
  return {
    wordings: [ready(first), ...rest.map(ready)],
    subject: choice.channel === 'email' ? begin(subjectOf(language, constants)) : null,
    units: cheap ? unitsForSms(language) : language.units,
    spell: (words) => (cheap ? forSms(words, language) : words),
    cheap,
  };
}

function unitsForSms(language: Language): UnitsInWriting {
  const { minute, second } = language.units;
  return { minute: forSms(minute, language), second: forSms(second, language) };
}

type Texts = readonly [string, ...string[]];

/** By SMS without the accents that would double the price, if that is all it takes. */
function spelled(language: Language, choice: BuiltInChoice): { texts: Texts; cheap: boolean } {
  if (choice.channel !== 'sms') return { texts: [otherText(language, choice)], cheap: false };
  const [first, ...rest] = smsTexts(language, choice.payment);
  const plain: Texts = [forSms(first, language), ...rest.map((text) => forSms(text, language))];
  const units = Object.values(unitsForSms(language));
  const cheap = [...plain, ...units].every((text) => isGsm7(text.replace(/[{}]/g, '')));
  return { texts: cheap ? plain : [first, ...rest], cheap };
}

interface Names {
  readonly brand: string;
  readonly sender: string;
  readonly speaker: string;
  readonly kind: string;
}

function namesIn(language: Language, { brand, purpose, payment }: BuiltInChoice, cheap: boolean): Names {
  const name = displayName(brand ?? '', MAX_BRAND_LENGTH, cheap);
  const kind = language.kinds[payment ? 'payment' : kindOf(purpose)];
  return {
    brand: name,
    sender: name === '' ? '' : (language.sender ?? DEFAULT_SENDER).replace('{brand}', () => name),
    speaker: name === '' ? '' : `${name}. `,
    kind: cheap ? forSms(kind, language) : kind,
  };
}

const DEFAULT_SENDER = '{brand}: ';

/** `password-reset` counts as `password_reset`; a purpose may be called `constructor`. */
function kindOf(purpose: string): Kind {
  const word = purpose.replaceAll('-', '_');
  return Object.hasOwn(languages.en.kinds, word) ? (word as Kind) : 'default';
}

/** "Never share it" follows the code in every one of them. */
function smsTexts(language: Language, payment: boolean): Texts {
  const { is, brief = is, short, pay, never, neverShort, ignore, expires, left = expires } = language;
  const say = (...sentences: string[]): string => sentences.join(language.between ?? ' ');
  if (payment) return [say(pay, never, expires), say(pay, neverShort, left)];
  return [
    say(is, never, ignore, expires),
    say(is, neverShort, expires),
    say(brief, neverShort, left),
    say(short, neverShort, left),
  ];
}

function forSms(text: string, { bare }: Language): string {
  const plain = towardsGsm7(text);
  return bare ? plain.normalize('NFD').replace(/\p{M}/gu, '') : plain;
}

function otherText(language: Language, { locale, channel, payment }: BuiltInChoice): string {
  const { is, pay, never, ignore, expires, between = ' ' } = language;
  const code = payment ? pay : is;
  if (channel === 'voice') return voiceText(language, locale, payment);
  if (channel === 'email') {
    return [code, between, never, '\n\n', expires, between, ignore].join('');
  }
  return [code, never, expires, ignore].join(between);
}

/** Who speaks, what is paid, the code, the warning, the code again: people write it down at the second time. */
function voiceText({ spoken, never }: Language, locale: Locale, payment: boolean): string {
  const [code, again, valid] = spoken;
  // Voices spell out words in capitals.
  const warning = capitalised(never.toLocaleLowerCase(locale), locale);
  const facts = payment ? ['{amount} {currency}, {payee}.'] : [];
  return '{speaker}' + [...facts, code, warning, again, valid].join(' ');
}

function subjectOf(language: Language, { sender, kind }: Pick<Names, 'sender' | 'kind'>): string {
  const isBehind = (language.sender ?? DEFAULT_SENDER).startsWith(' ');
  return isBehind ? kind + sender : sender + kind;
}
