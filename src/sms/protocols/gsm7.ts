/**
 * The GSM 7-bit alphabet of 3GPP TS 23.038, which decides what a text costs: one character outside of it and
 * the whole message travels as UCS-2, with 70 instead of 160 characters in one part.
 */

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Behind an escape: two septets each. */
const extension = '\f^{}\\[~]|€';

/** Septets by UTF-16 unit, 0 for what is not in the alphabet; `€` is the last one in it. */
const septets = new Uint8Array('€'.charCodeAt(0) + 1);
for (const sign of basic) septets[sign.charCodeAt(0)] = 1;
for (const sign of extension) septets[sign.charCodeAt(0)] = 2;

const septetsAt = (text: string, at: number): number => septets[text.charCodeAt(at)] ?? 0;

/** Whether a text stays in the GSM alphabet, with 160 characters to a part instead of 70. */
export function isGsm7(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (septetsAt(text, at) === 0) return false;
  return true;
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

/** Every text that leaves is measured, some more than once: no arrays here. */
export function smsSize(text: string): SmsSize {
  let units = 0;
  for (let at = 0; at < text.length; at++) {
    const width = septetsAt(text, at);
    if (width === 0) return sizeOf('ucs2', text.length, text);
    units += width;
  }
  return sizeOf('gsm7', units, text);
}

function sizeOf(encoding: SmsSize['encoding'], units: number, text: string): SmsSize {
  const { single, part } = room[encoding];
  return { encoding, units, segments: units <= single ? 1 : partsOf(text, encoding, part) };
}

/** A character of two units never stands on both sides of a cut. */
function partsOf(text: string, encoding: SmsSize['encoding'], part: number): number {
  let parts = 1;
  let used = 0;
  for (let at = 0; at < text.length;) {
    const signs = isPair(text, at) ? 2 : 1;
    const width = encoding === 'gsm7' ? septetsAt(text, at) : signs;
    if (used + width > part) {
      parts++;
      used = 0;
    }
    used += width;
    at += signs;
  }
  return parts;
}

const isPair = (text: string, at: number): boolean => (text.codePointAt(at) ?? 0) > 0xffff;

/**
 * The text with accents dropped wherever that is all it takes to stay in the GSM alphabet: `Panadería` becomes
 * `Panaderia` at half the price, `é` and `ñ` stay, other scripts stay as they are. ASCII is never touched.
 */
export function towardsGsm7(text: string): string {
  if (isGsm7(text)) return text;
  return Array.from(text.normalize('NFC'), (sign) => {
    if (isGsm7(sign)) return sign;
    const plain = substitutes[sign] ?? withoutAccents(sign);
    return plain !== '' && isGsm7(plain) ? plain : sign;
  }).join('');
}

/** Latin only: a Greek capital without its accent would save nothing, because the small letters are not there. */
function withoutAccents(sign: string): string {
  return /\p{Script=Latin}/u.test(sign) ? sign.normalize('NFD').replace(/\p{M}/gu, '') : '';
}

/** Marks that word processors put in place of what keyboards have, and letters that are no letter with an accent. */
const substitutes: Readonly<Record<string, string>> = {
  ...{ '‘': "'", '’': "'", '‚': "'", '‹': "'", '›': "'" },
  ...{ '“': '"', '”': '"', '„': '"', '«': '"', '»': '"' },
  ...{ '–': '-', '—': '-', '‑': '-', '−': '-', '…': '...', '\u00a0': ' ', '\u202f': ' ' },
  ...{ ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', ı: 'i', œ: 'oe', Œ: 'OE', þ: 'th', Þ: 'Th' },
  // Hungarians without these two write the nearest they have.
  ...{ ő: 'ö', Ő: 'Ö', ű: 'ü', Ű: 'Ü' },
};
