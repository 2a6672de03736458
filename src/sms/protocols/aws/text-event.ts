import { z } from 'zod';
import { parseMoney } from '../../../common/money';
import type { ReceiptReading, ReceiptState, UndeliveredReason } from '../../receipt';
import { toldBy } from '../receipt-words';
import type { Told } from '../receipt-words';

/** An event of a text, of which AWS documents more. */
const eventSchema = z.object({
  eventType: z.string(),
  messageId: z.string().optional(),
  /** What was sent as `Context`; null without one. */
  context: z.record(z.string(), z.unknown()).nullish(),
  totalMessageParts: z.number().int().positive().optional(),
  /** In US dollars, for all parts. */
  totalMessagePrice: z.number().nonnegative().optional(),
});

type Meaning = Told;

const undelivered = (reason: UndeliveredReason): Meaning => ({ state: 'undelivered', reason });
const onTheWay = (state: ReceiptState): Meaning => ({ state });

/**
 * By `eventType`. TEXT_SUCCESSFUL says that the operator took the text; in some countries nothing follows, and AWS uses
 * it in place of TEXT_DELIVERED there: it is not taken for more than it says.
 */
const meaningByType: ReadonlyMap<string, Meaning> = new Map([
  ['TEXT_QUEUED', onTheWay('accepted')],
  ['TEXT_PENDING', onTheWay('sent')],
  ['TEXT_SENT', onTheWay('sent')],
  ['TEXT_SUCCESSFUL', onTheWay('sent')],
  ['TEXT_DELIVERED', onTheWay('delivered')],
  ['TEXT_INVALID', undelivered('invalid-number')],
  ['TEXT_BLOCKED', undelivered('blocked')],
  ['TEXT_PROTECT_BLOCKED', undelivered('blocked')],
  ['TEXT_INVALID_MESSAGE', undelivered('content')],
  ['TEXT_SPAM', undelivered('content')],
  ['TEXT_CARRIER_BLOCKED', undelivered('content')],
  ['TEXT_UNREACHABLE', undelivered('unreachable')],
  ['TEXT_CARRIER_UNREACHABLE', undelivered('unavailable')],
  ['TEXT_TTL_EXPIRED', undelivered('expired')],
  ['TEXT_UNKNOWN', undelivered('unknown')],
]);

/** Of a text whose event is not in the table; undefined for what is none, such as a call. */
function familyMeaning(type: string): Meaning | undefined {
  if (!type.startsWith('TEXT_')) return undefined;
  return toldBy({ word: type.slice('TEXT_'.length), known: undefined }) ?? undefined;
}

/** Key of `Context` under which our reference travels. */
export const REFERENCE_KEY = 'reference';

/** Events of other kinds (calls, registrations) are no receipts. */
export function readTextEvent(text: string): ReceiptReading {
  const event = eventOf(text);
  if (!event) return { kind: 'malformed' };
  const meaning = meaningByType.get(event.eventType) ?? familyMeaning(event.eventType);
  const clientReference = event.context?.[REFERENCE_KEY];
  if (!meaning || typeof clientReference !== 'string') return { kind: 'receipts', receipts: [] };
  const price = parseMoney(event.totalMessagePrice, 'USD') ?? undefined;
  const { messageId: reference, totalMessageParts: parts } = event;
  return { kind: 'receipts', receipts: [{ clientReference, reference, ...meaning, parts, price }] };
}

function eventOf(text: string): z.infer<typeof eventSchema> | null {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
