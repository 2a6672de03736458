/**
 * What gateways answer, read once where they are made: whoever wrote one may have had no compiler to tell. Words that
 * decide and are none make the answer worthless; a fact beside them that is none is left out.
 */
import { channels } from '../common/channel';
import type { Money } from '../common/money';
import {
  type Gateway,
  limitOwners,
  rejectReasons,
  type SmsBalance,
  type SmsOutcome,
  type SmsPrice,
} from './gateway';
import {
  MAX_RECEIPTS,
  receiptStates,
  type ReceiptReading,
  type SmsReceipt,
  undeliveredReasons,
} from './receipt';

/** The same gateway, whose answers are what the port says, or failures. */
export function soundGateway(gateway: Gateway): Gateway {
  return {
    send: async (message, signal) => readOutcome(await gateway.send(message, signal)),
    ...(gateway.readReceipts && { readReceipts: async (request) => soundReading(gateway, request) }),
    ...(gateway.balance && {
      balance: async (signal): Promise<SmsBalance> => readBalance(await gateway.balance?.(signal)),
    }),
    ...(gateway.prices && { prices: async (signal) => readPrices(await gateway.prices?.(signal)) }),
    ...(gateway.close && { close: async () => gateway.close?.() }),
  };
}

type Told = Readonly<Record<string, unknown>>;

/** Its `vendorCode` in a delivery's record, so that its author finds it. */
const STRANGE: SmsOutcome = { outcome: 'unknown', vendorCode: 'strange-answer' };

export function readOutcome(told: unknown): SmsOutcome {
  if (!isObject(told)) return STRANGE;
  try {
    switch (told['outcome']) {
      case 'accepted':
        return {
          outcome: 'accepted',
          ...pick(told, 'reference', isText),
          ...pick(told, 'parts', isCount),
          ...money(told),
          ...pick(told, 'receiptReferences', isTexts),
        };
      case 'rejected':
        return readRejection(told);
      case 'unknown':
        return { outcome: 'unknown', ...pick(told, 'vendorCode', isText) };
      default:
        return STRANGE;
    }
  } catch {
    // A getter.
    return STRANGE;
  }
}

function readRejection(told: Told): SmsOutcome {
  const reason = told['reason'];
  if (!isOneOf(rejectReasons)(reason)) return STRANGE;
  return {
    outcome: 'rejected',
    reason,
    ...pick(told, 'vendorCode', isText),
    ...pick(told, 'retryAfterMs', isDuration),
    ...pick(told, 'limitOf', isOneOf(limitOwners)),
  };
}

type Request = Parameters<NonNullable<Gateway['readReceipts']>>[0];

/** A throw says nothing of the receipts: the vendor may come again. */
async function soundReading(gateway: Gateway, request: Request): Promise<ReceiptReading> {
  let told: unknown;
  try {
    told = await gateway.readReceipts?.(request);
  } catch {
    return { kind: 'retry' };
  }
  try {
    return readReading(told);
  } catch {
    return { kind: 'malformed' };
  }
}

function readReading(told: unknown): ReceiptReading {
  if (!isObject(told)) return { kind: 'malformed' };
  const { kind, body, contentType } = told;
  if (kind === 'forged' || kind === 'retry') return { kind };
  if (kind === 'handshake' && isText(body))
    return { kind, body, ...(contentType === 'application/xml' && { contentType }) };
  const receipts = kind === 'receipts' ? readReceipts(told['receipts']) : null;
  return receipts ? { kind: 'receipts', receipts } : { kind: 'malformed' };
}

/** Null when one of them is none. */
export function readReceipts(told: unknown): readonly SmsReceipt[] | null {
  if (!Array.isArray(told) || told.length > MAX_RECEIPTS) return null;
  const read = told.map(readReceipt);
  return read.every((one) => one !== null) ? read : null;
}

function readReceipt(told: unknown): SmsReceipt | null {
  if (!isObject(told)) return null;
  const state = told['state'];
  if (!isOneOf(receiptStates)(state)) return null;
  return {
    state,
    ...pick(told, 'clientReference', isText),
    ...pick(told, 'reference', isText),
    ...pick(told, 'reason', isOneOf(undeliveredReasons)),
    ...pick(told, 'unknownWord', isText),
    ...pick(told, 'part', isText),
    ...pick(told, 'parts', isCount),
    ...money(told),
  };
}

function readBalance(told: unknown): SmsBalance {
  const read = readMoney(told);
  if (read) return read;
  throw new Error('the gateway told no balance');
}

function readPrices(told: unknown): readonly SmsPrice[] {
  if (!Array.isArray(told)) throw new Error('the gateway told no prices');
  return told.map((one: unknown) => {
    const { country, channel, price } = isObject(one) ? one : {};
    const read = readMoney(price);
    if (read && isCountry(country) && isOneOf(channels)(channel)) return { country, channel, price: read };
    throw new Error('the gateway told something that is no price');
  });
}

function money(told: Told): { readonly price?: Money } {
  const price = readMoney(told['price']);
  return price ? { price } : {};
}

function readMoney(told: unknown): Money | null {
  if (!isObject(told)) return null;
  const { micros, currency } = told;
  const isCurrency = typeof currency === 'string' && /^[A-Z]{3,8}$/.test(currency);
  return isCurrency && typeof micros === 'number' && Number.isSafeInteger(micros)
    ? { micros, currency }
    : null;
}

function pick<K extends string, T>(
  told: Told,
  key: K,
  is: (value: unknown) => value is T,
): Readonly<Partial<Record<K, T>>> {
  const value = told[key];
  const picked = value !== undefined && is(value) ? { [key]: value } : {};
  return picked as Partial<Record<K, T>>;
}

const MOST_PARTS = 255;

const isObject = (value: unknown): value is Told => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_PARTS;
const isDuration = (value: unknown): value is number => Number.isFinite(value) && Number(value) >= 0;
const isCountry = (value: unknown): value is string => isText(value) && /^([A-Z]{2}|\*)$/.test(value);
const isOneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): value is T =>
    (words as readonly unknown[]).includes(value);
