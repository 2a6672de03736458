/** From what an operator sends, as JSON or CSV, to prices, or to everything that is wrong with it. */
import { CsvError, parse } from 'csv-parse/sync';
import { closest } from '../../../config/typos';
import { channels, type Channel } from '../../common/channel';
import type { FieldProblem } from '../../common/errors';
import { CREDITS, parseMoney, type Money } from '../../common/money';
import { isCountry } from '../../phone/parse-phone-number';
import { ANY_COUNTRY, type Price } from './price';

export const MAX_ROWS = 10_000;
export const COLUMNS = ['gateway', 'country', 'channel', 'price', 'currency'] as const;
type Column = (typeof COLUMNS)[number];

/** One row as it came, and where it stood: `prices.3` or `line 5`. */
export interface RawPrice {
  readonly values: Readonly<Record<Column, string | number>>;
  readonly at: (column: Column) => string;
}

export type ImportedPrice = Pick<Price, 'gateway' | 'country' | 'channel' | 'price'>;

export type ReadRows =
  | { readonly ok: true; readonly rows: readonly RawPrice[] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };
export type ReadPrices =
  | { readonly ok: true; readonly prices: readonly ImportedPrice[] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** More would only be the same mistake again. */
const MAX_PROBLEMS = 20;
/** Per part, in units of the currency: above it somebody has mistaken the unit. */
const MAX_PRICE = 1_000_000;
const MICROS = 1_000_000;
/** Longer than any name of a gateway: what is looked at to guess which one was meant. */
const MAX_NAME = 40;

const currencies = new Set([...Intl.supportedValuesOf('currency'), CREDITS]);

export function jsonRows(rows: readonly RawPrice['values'][]): RawPrice[] {
  return rows.map((values, index) => ({ values, at: (column) => `prices.${index}.${column}` }));
}

/** RFC 4180 with a header; the columns may stand in any order. */
export function csvRows(text: string): ReadRows {
  try {
    const records = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      info: true,
      skip_empty_lines: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    const header = headerProblem(text, records[0]?.record);
    if (header) return { ok: false, problems: [{ path: 'line 1', message: header }] };
    return { ok: true, rows: records.map(({ record, info }) => csvRow(record, info.lines)) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, problems: [syntaxProblem(error)] };
  }
}

function csvRow(record: Record<string, string>, line: number): RawPrice {
  const values = Object.fromEntries(COLUMNS.map((column) => [column, record[column] ?? '']));
  return { values: values as RawPrice['values'], at: (column) => `line ${line}, column ${column}` };
}

/** Without a single row nothing tells the columns: then the header itself is looked at. */
function headerProblem(text: string, first: Record<string, string> | undefined): string | null {
  const names = first ? Object.keys(first) : (text.split(/\r?\n/)[0] ?? '').replace(/^\uFEFF/, '').split(',');
  const given = names.map((name) => name.trim().toLowerCase().replaceAll('"', ''));
  const isRight = given.length === COLUMNS.length && COLUMNS.every((column) => given.includes(column));
  return isRight ? null : `Begin with the header ${COLUMNS.join(',')}, separated by commas.`;
}

/** The library's own message quotes what it read. */
function syntaxProblem(error: CsvError): FieldProblem {
  const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
  const isUneven = error.code.includes('INCONSISTENT');
  return {
    path: `line ${line}`,
    message: isUneven
      ? `Give ${COLUMNS.length} columns, as in the header.`
      : 'This is no CSV: put text with commas or quotes into quotes, and double the quotes inside.',
  };
}

/**
 * All of them, or what has to change (the first 20 problems).
 * @param gateways the names that exist
 */
export function readPrices(rows: readonly RawPrice[], gateways: readonly string[]): ReadPrices {
  if (rows.length > MAX_ROWS) {
    const message = `Import at most ${MAX_ROWS} prices at a time; there are ${rows.length}.`;
    return { ok: false, problems: [{ path: 'prices', message }] };
  }
  const problems: FieldProblem[] = [];
  const prices: ImportedPrice[] = [];
  const seen = new Map<string, RawPrice>();
  for (const row of rows) {
    const price = readPrice(row, gateways, problems);
    if (price && !isRepeated(price, row, seen, problems)) prices.push(price);
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, prices };
}

function readPrice(
  { values, at }: RawPrice,
  gateways: readonly string[],
  problems: FieldProblem[],
): ImportedPrice | null {
  const text = (column: Column) => String(values[column]).trim();
  const gateway = text('gateway').toLowerCase();
  const country = text('country').toUpperCase();
  const channel = text('channel').toLowerCase();
  const price = readAmount(values.price, text('currency').toUpperCase());
  const found: [Column, string | null][] = [
    ['gateway', gateways.includes(gateway) ? null : unknownGateway(gateway, gateways)],
    ['country', country === ANY_COUNTRY || isCountry(country) ? null : COUNTRY_REMEDY],
    ['channel', isChannel(channel) ? null : `Use one of ${channels.join(', ')}.`],
    [typeof price === 'string' ? price : 'price', typeof price === 'string' ? AMOUNT_REMEDY[price] : null],
  ];
  const wrong = found.flatMap(([column, message]) =>
    message === null ? [] : [{ path: at(column), message }],
  );
  problems.push(...wrong);
  if (wrong.length > 0 || typeof price === 'string' || !isChannel(channel)) return null;
  return { gateway, country, channel, price };
}

const COUNTRY_REMEDY = 'Use two letters of ISO 3166-1, e.g. ES, or * for all other countries.';
const AMOUNT_REMEDY = {
  price: `Use a decimal number with a point, e.g. 0.0345, from 0 to ${MAX_PRICE}.`,
  currency: `Use an ISO 4217 code, e.g. EUR, or ${CREDITS} for a vendor's own units.`,
} as const;

/** Which column is wrong, when it is no price. */
function readAmount(amount: string | number, currency: string): Money | 'price' | 'currency' {
  if (!currencies.has(currency)) return 'currency';
  const money = parseMoney(amount, currency);
  return money && money.micros >= 0 && money.micros <= MAX_PRICE * MICROS ? money : 'price';
}

function isRepeated(
  { gateway, country, channel }: ImportedPrice,
  row: RawPrice,
  seen: Map<string, RawPrice>,
  problems: FieldProblem[],
): boolean {
  const key = [gateway, country, channel].join('/');
  const first = seen.get(key);
  seen.set(key, first ?? row);
  if (first) {
    const message = `The same gateway, country and channel stand at ${first.at('gateway')}: keep one of them.`;
    problems.push({ path: row.at('gateway'), message });
  }
  return first !== undefined;
}

function isChannel(value: string): value is Channel {
  return (channels as readonly string[]).includes(value);
}

/** Names what exists, never what was sent: a column may have slipped. */
function unknownGateway(name: string, gateways: readonly string[]): string {
  const near = closest(name.slice(0, MAX_NAME), gateways);
  return `There is no such gateway${near ? `; did you mean ${near}?` : '.'} There are: ${gateways.join(', ')}.`;
}
