/** Type of number and numbering plan, SMPP 3.4 §5.2.5 and §5.2.6. */
export interface SmppAddress {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

const INTERNATIONAL = { ton: 1, npi: 1 };
const ALPHANUMERIC = { ton: 5, npi: 0 };
/** Numbers that mean something in one network only. */
const NETWORK_SPECIFIC = { ton: 3, npi: 0 };
/** Short codes have three to eight digits; no number with its country code is that short. */
const LONGEST_SHORT_CODE = 8;

/** §4.4.1: an empty `source_addr` leaves the sender to the SMSC. */
const LEFT_TO_SMSC: SmppAddress = { ton: 0, npi: 0, address: '' };

/** A sender as SMSCs want it: none, a name, a short code, or a number with its country code, which goes without the plus. */
export function senderAddress(from: string | undefined): SmppAddress {
  if (from === undefined) return LEFT_TO_SMSC;
  if (!/^\+?\d+$/.test(from)) return { ...ALPHANUMERIC, address: from };
  if (from.length <= LONGEST_SHORT_CODE) return { ...NETWORK_SPECIFIC, address: from };
  return recipientAddress(from);
}

/** A number in E.164. */
export function recipientAddress(number: string): SmppAddress {
  return { ...INTERNATIONAL, address: number.replace('+', '') };
}
