/** Who a message is from: one sender for all countries, or one for each. */
import { isSupportedCountry } from 'libphonenumber-js/max';

/** What India's register of templates (DLT) knows a text by. */
export interface DltIds {
  readonly entityId: string;
  readonly templateId: string;
}

export interface Sender {
  /** As the vendor knows it: a number, a name, an id; of an e-mail the mailbox. */
  readonly from: string;
  /** For texts to India alone. */
  readonly dlt: DltIds | null;
}

export interface CountrySender extends Sender {
  /** ISO 3166-1 alpha-2, or `*` for all others. */
  readonly country: string;
}

/** No country twice. */
export type SenderList = readonly CountrySender[];

/** What a vendor takes for a sender. */
export interface SenderRule {
  readonly accepts: (from: string) => boolean;
  /** Said of a sender that is not accepted: `must be …`. */
  readonly remedy: string;
  /** Whether the vendor takes ids of India's DLT. */
  readonly dlt: boolean;
}

export type ReadSenders =
  { readonly ok: true; readonly list: SenderList } | { readonly ok: false; readonly problem: string };

/** Null: nobody is set for this country. `country` is null for numbers of no country. */
export function senderFor(list: SenderList, country: string | null): Sender | null {
  return (
    list.find((one) => one.country === country) ?? list.find((one) => one.country === ANY_COUNTRY) ?? null
  );
}

/**
 * Whom a message is from: the sender that the application has chosen, else that of the settings for its country; null:
 * none is named, and the vendor decides.
 */
export function senderOf(
  list: SenderList | undefined,
  { country, sender }: { readonly country: string | null; readonly sender: Sender | null },
): Sender | null {
  return sender ?? (list ? senderFor(list, country) : null);
}

/** As it is written in a setting. */
export function spelled({ from, dlt }: Sender): string {
  return dlt ? `${from}/${dlt.entityId}/${dlt.templateId}` : from;
}

const ANY_COUNTRY = '*';
const INDIA = 'IN';
/** A country and a colon; an ARN begins with more letters. */
const WITH_COUNTRY = /^(\*|[A-Za-z]{2})\s*:\s*(.*)$/s;
const WITH_DLT = /^(.*)\/(\d{10,25})\/(\d{10,25})$/s;

/** Reads `ACME`, or `US:+12015550123;IN:ACMEIN/1101456320000012345/1107161234567890123;*:ACME`. */
export function readSenders(text: string, rule: SenderRule): ReadSenders {
  const parts = splitSenders(text);
  const list: CountrySender[] = [];
  for (const part of parts) {
    const [, country = parts.length === 1 ? ANY_COUNTRY : '', rest = part] = WITH_COUNTRY.exec(part) ?? [];
    const one = readOne(country.toUpperCase(), rest, rule);
    if (typeof one === 'string') return { ok: false, problem: one };
    if (list.some((other) => other.country === one.country))
      return { ok: false, problem: `has two senders for ${one.country}; keep one` };
    list.push(one);
  }
  return list.length > 0 ? { ok: true, list } : { ok: false, problem: 'names no sender' };
}

function readOne(country: string, text: string, rule: SenderRule): CountrySender | string {
  if (country === '')
    return `"${text}" has no country; write US:+12015550123;*:ACME, the star for all other countries`;
  if (country !== ANY_COUNTRY && !isSupportedCountry(country))
    return `"${country}" is no country; use two letters of ISO 3166-1, or * for all others`;
  const sender = rule.dlt ? withDlt(text) : { from: text, dlt: null };
  if (sender.dlt && country !== INDIA) return `"${text}" has ids of India's DLT; only a sender for IN has`;
  return rule.accepts(sender.from) ? { country, ...sender } : `${rule.remedy}; "${sender.from}" is not`;
}

function withDlt(text: string): Sender {
  const [, from, entityId, templateId] = WITH_DLT.exec(text) ?? [];
  if (from === undefined || !entityId || !templateId) return { from: text, dlt: null };
  return { from, dlt: { entityId, templateId } };
}

/** At semicolons, but not inside the quotes of a name. One at the end is a habit, not a mistake. */
export function splitSenders(text: string): string[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|[^;])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
