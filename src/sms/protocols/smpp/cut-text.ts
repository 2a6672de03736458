import { smsSize } from '../gsm7';

/** Units of a part that carries the six octets of a concatenation header. */
const ROOM = { gsm7: 153, ucs2: 67 } as const;

/** A text as the parts in which it travels; one part when it fits. No character of two units is cut in half. */
export function cutText(text: string): string[] {
  const { encoding, segments } = smsSize(text);
  if (segments === 1) return [text];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const sign of text) {
    const width = encoding === 'gsm7' ? smsSize(sign).units : sign.length;
    if (used + width > ROOM[encoding]) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += sign;
    used += width;
  }
  return [...parts, part];
}

const HEADER_LENGTH = 5;
/** 3GPP TS 23.040 §9.2.3.24.1: concatenation with a reference of 8 bits, in three octets. */
const CONCATENATION = [0, 3] as const;

/** The header of part `number` of `total`, counted from 1. All parts of a text share the reference (0–255). */
export function concatenationHeader(reference: number, total: number, number: number): Buffer {
  return Buffer.from([HEADER_LENGTH, ...CONCATENATION, reference, total, number]);
}
