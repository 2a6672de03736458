import fc from 'fast-check';
import smpp from 'smpp';
import { isGsm7, smsSize } from '../gsm7';
import { concatenationHeader, cutText } from './cut-text';

/** Texts of every kind that a part must not cut: escapes of the GSM alphabet, surrogate pairs. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aé€{}[]~|^\\'), maxLength: 700 }),
  fc.string({ unit: fc.constantFrom('a', 'я', '😀', '銀'), maxLength: 400 }),
);

describe('cutting a text into parts', () => {
  it('gives as many parts as are paid for, none too long, nothing lost, no character cut', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parts = cutText(text);
        const { encoding, segments } = smsSize(text);
        expect(parts).toHaveLength(segments);
        expect(parts.join('')).toBe(text);
        const room = segments === 1 ? { gsm7: 160, ucs2: 70 } : { gsm7: 153, ucs2: 67 };
        for (const part of parts) {
          const units = encoding === 'gsm7' ? smsSize(part).units : part.length;
          expect(units).toBeLessThanOrEqual(room[encoding]);
          expect(part).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
        }
      }),
    );
  });

  it('writes the header of 3GPP TS 23.040', () => {
    expect([...concatenationHeader(0xa7, 3, 2)]).toEqual([5, 0, 3, 0xa7, 3, 2]);
  });
});

describe('the GSM alphabet of the package', () => {
  /** 3GPP TS 23.038 §6.2.1: characters by code; the one at 0x1B is the escape. */
  const basic =
    '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
  const escaped = {
    '\f': 0x0a,
    '^': 0x14,
    '{': 0x28,
    '}': 0x29,
    '\\': 0x2f,
    '[': 0x3c,
    '~': 0x3d,
    ']': 0x3e,
    '|': 0x40,
    '€': 0x65,
  };

  it('is that of the standard, for everything that we take for GSM', () => {
    expect(basic).toHaveLength(128);
    const codes = new Map<string, number[]>([
      ...Array.from(basic, (sign, code): [string, number[]] => [sign, [code]]),
      ...Object.entries(escaped).map(([sign, code]): [string, number[]] => [sign, [0x1b, code]]),
    ]);
    codes.delete('\u001b');
    expect([...codes.keys()].filter((sign) => !isGsm7(sign))).toEqual([]);
    for (const [sign, octets] of codes)
      expect([sign, ...smpp.encodings.ASCII.encode(sign)]).toEqual([sign, ...octets]);
  });
});
