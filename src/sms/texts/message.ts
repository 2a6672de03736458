import type { Channel } from '../../common/channel';
import { smsSize, towardsGsm7 } from '../protocols/gsm7';
import { autofillLines, MAX_RETRIEVER_BYTES, type AutofillTargets } from './autofill';
import {
  displayName,
  MAX_BRAND_LENGTH,
  MAX_CONTACT_LENGTH,
  MAX_PAYEE_LENGTH,
  MAX_SHOWN_DIGEST_LENGTH,
  spelledOut,
} from './display';
import { type InstalledTexts, noTexts } from './installed-texts';
import { chooseLocale } from './locale';
import { digestIssue } from './shown-values';
import { oneLine } from './visible-text';
import { spoken, written } from './lifetime';
import type { TextSettings } from '../settings/text-settings';
import { repertoireFor, type PlannedText } from './repertoire';
import type { TemplateText, TemplateValues } from './templates/template-text';
import { fill, type GapValues } from './wording';

export interface MessageInput extends AutofillTargets {
  readonly channel: Channel;
  /** The language that the call asks for, or null. */
  readonly locale: string | null;
  /** Of the recipient: ISO 3166-1 alpha-2, or null. */
  readonly country: string | null;
  readonly purpose: string;
  readonly code: string;
  /** For which the code still works; whole seconds. */
  readonly secondsLeft: number;
  /** What the code confirms. Amount and payee then stand in the text, whatever its length. */
  readonly transaction?: {
    readonly amount: string;
    readonly currency: string;
    readonly payee: string;
  } | null;
  /** What else the code is bound to; only templates with `{digest}` show it. */
  readonly digest?: string | null;
}

export interface RenderedMessage {
  readonly text: string;
  /** Of an e-mail; null on every other channel. */
  readonly subject: string | null;
  /** The language of the text: BCP 47. */
  readonly locale: string;
  readonly source: 'template' | 'plugin' | 'built-in';
}

/**
 * The message with a code: from the application's most specific template, else from that of a plug-in, else the
 * built-in text. Pure. Lines for autofill stand in SMS alone.
 */
export function renderMessage(
  settings: TextSettings,
  input: MessageInput,
  installed: InstalledTexts = noTexts,
): RenderedMessage {
  const { channel, purpose } = input;
  const use = {
    channel,
    purpose,
    payment: Boolean(input.transaction),
    digest: digestIssue(input.digest, settings) === null,
  };
  const { tags, countries, text } = repertoireFor(settings, use, installed);
  const plan = text(chooseLocale(input.locale, settings.locale, input.country, tags, countries));
  const { locale } = plan;
  const choice = plan.choices.find(({ template }) => template.canSay(input.secondsLeft));
  if (choice)
    return { ...fromTemplate(choice.template, plan, settings, input), locale, source: choice.source };
  return { ...fromBuiltIn(plan, input), locale, source: 'built-in' };
}

type Words = Pick<RenderedMessage, 'text' | 'subject'>;

function fromBuiltIn(plan: PlannedText, input: MessageInput): Words {
  const { wordings, subject } = plan.builtIn;
  const values = gapValues(input, plan);
  if (input.channel !== 'sms') return { text: fill(wordings[0], values), subject };
  const ending = autofillLines(input.code, input);
  const forRetriever = Boolean(input.appHash);
  let best = '';
  let lowest = Infinity;
  for (const wording of wordings) {
    const text = fill(wording, values) + ending;
    const cost = costOf(text, forRetriever);
    if (cost === 1) return { text, subject };
    if (cost < lowest) [best, lowest] = [text, cost];
  }
  return { text: best, subject };
}

/** Parts, after what the SMS Retriever would not take at all. The longest of the cheapest wordings is sent. */
function costOf(text: string, forRetriever: boolean): number {
  const tooLong = forRetriever && Buffer.byteLength(text) > MAX_RETRIEVER_BYTES;
  return smsSize(text).segments + (tooLong ? 100 : 0);
}

function fromTemplate(
  template: TemplateText,
  plan: PlannedText,
  settings: TextSettings,
  input: MessageInput,
): Words {
  const values = templateValues(template, plan, settings, input);
  const text = template.text(values);
  if (input.channel === 'email') return { text, subject: template.subject?.(values) ?? plan.builtIn.subject };
  if (input.channel !== 'sms') return { text, subject: null };
  const ending = autofillLines(input.code, input);
  return { text: (settings.transliterate ? cheaper(text, ending) : text) + ending, subject: null };
}

/** Without its accents, when that saves a part. Neither the code nor the lines for autofill have any. */
function cheaper(text: string, ending: string): string {
  const plain = towardsGsm7(text);
  return smsSize(plain + ending).segments < smsSize(text + ending).segments ? plain : text;
}

function templateValues(
  { cheap }: TemplateText,
  plan: PlannedText,
  { brand = '', contact = '' }: TextSettings,
  { channel, code, secondsLeft, transaction, digest }: MessageInput,
): TemplateValues {
  const isCheap = cheap && channel === 'sms';
  return {
    code: channel === 'voice' ? spelledOut(code) : code,
    minutes: Math.floor(secondsLeft / 60),
    seconds: secondsLeft,
    duration: durationOf(channel, secondsLeft, plan),
    brand: displayName(brand, MAX_BRAND_LENGTH, isCheap),
    contact: displayName(contact, MAX_CONTACT_LENGTH, isCheap),
    ...payment(transaction, isCheap),
    digest: displayName(digest ?? '', MAX_SHOWN_DIGEST_LENGTH, isCheap),
  };
}

function gapValues({ channel, code, secondsLeft, transaction }: MessageInput, plan: PlannedText): GapValues {
  const { builtIn } = plan;
  const isSpoken = channel === 'voice';
  return {
    code,
    digits: isSpoken ? spelledOut(code) : '',
    duration: durationOf(channel, secondsLeft, plan),
    ...(transaction ? payment(transaction, builtIn.cheap) : noPayment),
  };
}

function durationOf(channel: Channel, secondsLeft: number, { locale, builtIn }: PlannedText): string {
  if (channel === 'voice') return spoken(secondsLeft, locale);
  return builtIn.spell(written(secondsLeft, locale, builtIn.units));
}

const noPayment = { amount: '', currency: '', payee: '' };

function payment(
  transaction: MessageInput['transaction'],
  cheap: boolean,
): Pick<GapValues, 'amount' | 'currency' | 'payee'> {
  if (!transaction) return noPayment;
  return {
    amount: oneLine(transaction.amount),
    currency: oneLine(transaction.currency),
    payee: displayName(transaction.payee, MAX_PAYEE_LENGTH, cheap),
  };
}
