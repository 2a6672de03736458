/** What a send is counted by: the values that a limit's key is made of. */
import type { ClientIp } from '../client-ip';
import type { SendCall } from '../gate';
import type { LimitSubject } from './limit';

/** A prefix is a number without so many of its last digits: blocks as carriers get and resell them. */
const CUT = { prefix1k: 3, prefix10k: 4, operator: 6 } as const;

export type Subject = Pick<SendCall, 'applicationId' | 'number' | 'country' | 'deviceId'> & {
  readonly address: ClientIp | null;
};

/** A number without its last digits; short numbers keep their calling code and a digit. */
export function prefixOf(number: string, kind: keyof typeof CUT): string {
  return number.slice(0, Math.max(3, number.length - CUT[kind]));
}

/** The subject of a send by kind; null: the send does not have one. */
const values: Readonly<Record<LimitSubject, (call: Subject) => string | null>> = {
  number: ({ number }) => number,
  ip: ({ address }) => address?.address ?? null,
  ipNetwork: ({ address }) => address?.network ?? null,
  // One device under two spellings would be two.
  device: ({ deviceId }) => (deviceId === null ? null : deviceId.normalize('NFC')),
  prefix1k: ({ number }) => prefixOf(number, 'prefix1k'),
  prefix10k: ({ number }) => prefixOf(number, 'prefix10k'),
  operator: ({ number }) => prefixOf(number, 'operator'),
  // What belongs to no country is counted together.
  country: ({ country }) => country ?? 'none',
  application: ({ applicationId }) => applicationId,
  installation: () => '',
};

/**
 * The fields of a key, in an order of their own, so that `["ip","number"]` and `["number","ip"]` are one. Null: the send
 * lacks one of them.
 */
export function keyFields(call: Subject, by: readonly LimitSubject[]): string[] | null {
  const fields = [by.includes('installation') ? '*' : call.applicationId];
  for (const kind of [...by].sort()) {
    const value = values[kind](call);
    if (value === null) return null;
    fields.push(kind, value);
  }
  return fields;
}
