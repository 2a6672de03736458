/**
 * The GSM 7-bit alphabet of 3GPP TS 23.038, which decides what a text costs: one character outside of it and
 * the whole message travels as UCS-2, with 70 instead of 160 characters in one part.
 */

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Behind an escape: two septets each. */
const extension = '\f^{}\\[~]|€';

const septetsOf = new Map<string, number>([
  ...Array.from(basic, (sign) => [sign, 1] as const),
  ...Array.from(extension, (sign) => [sign, 2] as const),
]);

export function isGsm7(text: string): boolean {
  return Array.from(text).every((sign) => septetsOf.has(sign));
}

/** How a text travels, and in how many parts: what is paid for. */
export interface SmsSize {
  readonly encoding: 'gsm7' | 'ucs2';
  /** Septets, or UTF-16 units. */
  readonly units: number;
  readonly segments: number;
}

/** Units that fit into a message of one part, and into each of several (a header takes six octets of 140). */
const room = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

export function smsSize(text: string): SmsSize {
  const encoding = isGsm7(text) ? 'gsm7' : 'ucs2';
  const widths = Array.from(text, (sign) => (encoding === 'gsm7' ? (septetsOf.get(sign) ?? 0) : sign.length));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { single, part } = room[encoding];
  return { encoding, units, segments: units <= single ? 1 : partsOf(widths, part) };
}

/** A character of two units never stands on both sides of a cut. */
function partsOf(widths: readonly number[], part: number): number {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      parts++;
      used = 0;
    }
    used += width;
  }
  return parts;
}

/**
 * The text with accents dropped wherever that is all it takes to stay in the GSM alphabet: `Panadería` becomes
 * `Panaderia` at half the price, `é` and `ñ` stay, other scripts stay as they are.
 */
export function towardsGsm7(text: string): string {
  return Array.from(text.normalize('NFC'), (sign) => {
    if (septetsOf.has(sign)) return sign;
    const plain = typography[sign] ?? sign.normalize('NFD').replace(/\p{M}/gu, '');
    return plain !== '' && isGsm7(plain) ? plain : sign;
  }).join('');
}

/** Marks that word processors put in place of what keyboards have. */
const typography: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
};
