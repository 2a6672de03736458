/** What the guard has in the shared log: `[1k block, country, application, recipient]`, 48 bits each. */
import type { LogRecord, RecordKind } from '../log/entry';
import type { EntryKind, PumpingEntry } from './fold';

const KINDS: Readonly<Partial<Record<RecordKind, EntryKind>>> = {
  send: 'send',
  unsend: 'returned',
  conversion: 'conversion',
};
const RECORDS = { send: 'send', returned: 'unsend', conversion: 'conversion' } as const;

const LETTERS = 26;
const A = 65;

/** 0: no country. */
function countryNumber(country: string): number {
  if (country === '') return 0;
  return (country.charCodeAt(0) - A) * LETTERS + (country.charCodeAt(1) - A) + 1;
}

function countryOf(number: number): string {
  if (number === 0) return '';
  return String.fromCharCode(A + Math.floor((number - 1) / LETTERS), A + ((number - 1) % LETTERS));
}

/** @param entry the application is a fingerprint in decimal digits */
export function recordOf({ kind, at, block, country, applicationId, recipient }: PumpingEntry): LogRecord {
  const keys = [block, countryNumber(country), Number(applicationId), recipient];
  return { kind: RECORDS[kind], at, keys, windows: [] };
}

/** Null: not the guard's, or of a build that wrote more or less. */
export function entryOf({ kind, at, keys }: LogRecord): PumpingEntry | null {
  const [block, country, applicationId, recipient] = keys;
  const known = KINDS[kind];
  if (!known || block === undefined || country === undefined || recipient === undefined) return null;
  return {
    ...{ kind: known, at, block, country: countryOf(country) },
    ...{ applicationId: String(applicationId), recipient },
  };
}
