import type { ReceiptState, SmsReceipt, UndeliveredReason } from '../../receipt';
import { toldBy } from '../receipt-words';
import type { Told } from '../receipt-words';

/** What an SMSC delivers to us, as far as it can be a receipt. */
export interface Delivered {
  readonly esmClass: number;
  /** As sent, one character an octet. */
  readonly text: string;
  /** TLV `receipted_message_id`. */
  readonly messageId?: string;
  /** TLV `message_state`. */
  readonly messageState?: number;
}

type Meaning = Told;

const undelivered = (reason: UndeliveredReason): Meaning => ({ state: 'undelivered', reason });
const onTheWay = (state: ReceiptState): Meaning => ({ state });

/** SMPP 3.4 appendix B; five of the words are cut to seven letters there, and not by everybody. */
const meaningByWord: ReadonlyMap<string, Meaning> = new Map([
  ['ENROUTE', onTheWay('sent')],
  ['ACCEPTD', onTheWay('sent')],
  ['ACCEPTED', onTheWay('sent')],
  ['DELIVRD', { state: 'delivered' }],
  ['DELIVERED', { state: 'delivered' }],
  ['EXPIRED', undelivered('expired')],
  ['DELETED', undelivered('unavailable')],
  ['UNDELIV', undelivered('unreachable')],
  ['UNDELIVERABLE', undelivered('unreachable')],
  ['REJECTD', undelivered('unavailable')],
  ['REJECTED', undelivered('unavailable')],
  ['UNKNOWN', { state: 'unknown' }],
]);

/** SMPP 3.4 §5.2.28; 0 and 9 came with 5.0. */
const wordByState: ReadonlyMap<number, string> = new Map([
  [0, 'ENROUTE'],
  [1, 'ENROUTE'],
  [2, 'DELIVRD'],
  [3, 'EXPIRED'],
  [4, 'DELETED'],
  [5, 'UNDELIV'],
  [6, 'ACCEPTD'],
  [7, 'UNKNOWN'],
  [8, 'REJECTD'],
  [9, 'DELETED'],
]);

/** Message type in `esm_class`, §5.2.12: receipt of the SMSC, and its notification on the way. */
const TYPE_BITS = 0x3c;
const RECEIPT = 0x04;
const INTERMEDIATE = 0x20;

/**
 * The receipt in what was delivered; null when it is something else, or names no message or no state.
 * A text of a person is never a receipt, whatever it says: only the SMSC sets the bits and options that tell.
 */
export function readReceipt(delivered: Delivered): SmsReceipt | null {
  const type = delivered.esmClass & TYPE_BITS;
  if (type !== RECEIPT && type !== INTERMEDIATE && delivered.messageId === undefined) return null;
  // What follows is an excerpt of the text, in which anything may stand.
  const [head = ''] = delivered.text.split(/\btext:/i, 1);
  const id = readId(delivered.messageId) ?? readId(/\bid:\s*(\S+)/i.exec(head)?.[1]);
  const meaning = meaningOf(delivered.messageState, head);
  if (id === undefined || !meaning) return null;
  const reference = normalId(id);
  return { reference, part: reference, ...(type === INTERMEDIATE ? onTheWay('sent') : meaning) };
}

/** The numeric state where it is known; else what `stat` says, in the words of the standard or in others. */
function meaningOf(messageState: number | undefined, head: string): Meaning | undefined {
  const word = wordByState.get(messageState ?? NaN) ?? statIn(head);
  const known =
    meaningByWord.get(word.toUpperCase()) ?? meaningByWord.get(wordByState.get(digit(word)) ?? '');
  return known ?? toldBy({ word, known: undefined }) ?? undefined;
}

/** Some write the numeric state where the word belongs. */
function digit(word: string): number {
  return /^\d$/.test(word) ? Number(word) : NaN;
}

/** Up to the name of the next field, since some write several words. Empty when there is none. */
function statIn(head: string): string {
  const [, value = '', colon] = /\bstat:\s*([^:]{0,80})(:?)/i.exec(head) ?? [];
  const word = colon ? value.replace(/\s*\b\w{1,20}$/, '') : value;
  return word.replace(/[^a-z0-9]+$/i, '');
}

/** Up to the first octet that cannot belong to an id: some SMSCs leave out the zero at the end of the option. */
function readId(id: string | undefined): string | undefined {
  return /^[\x21-\x7e]{1,64}/.exec(id ?? '')?.[0];
}

/** One spelling of ids that differ in case and leading zeros only. */
function normalId(id: string): string {
  return id.toLowerCase().replace(/^0+(?=.)/, '');
}

/** Shorter ids are those of a counter that was just started: there `16` may well be another message than `0x16`. */
const HEXADECIMAL = /^[0-9a-f]{6,16}$/;
const DECIMAL = /^\d{6,20}$/;

/**
 * Every spelling under which an SMSC may name this id in a receipt: some answer in hexadecimal and report in decimal,
 * or the other way round, and nothing says which.
 */
export function idSpellings(id: string): string[] {
  const normal = normalId(id);
  const spellings = [normal];
  if (HEXADECIMAL.test(normal)) spellings.push(BigInt(`0x${normal}`).toString());
  if (DECIMAL.test(normal)) spellings.push(BigInt(normal).toString(16));
  return [...new Set(spellings)];
}
