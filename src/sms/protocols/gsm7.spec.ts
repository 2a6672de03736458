import fc from 'fast-check';
import { anyCharacter } from '../../../test/builders/any-text';
import { SegmentedMessage } from 'sms-segments-calculator';
import { isGsm7, smsSize, towardsGsm7 } from './gsm7';

/** Without types of its own. */
const { split } = require('split-sms') as {
  split(text: string): { characterSet: 'GSM' | 'Unicode'; parts: readonly unknown[] };
};

describe('the GSM alphabet', () => {
  it('has 127 characters beside the escape, and ten behind it', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).filter(isGsm7);
    expect(all).toHaveLength(137);
    expect(all.filter((sign) => smsSize(sign).units === 2).sort()).toEqual([...'\f^{}\\[~]|€'].sort());
  });

  it('has é, ñ, ü and ¿, but neither á í ó ú nor back-tick, curly quotes, dashes, tab or emoji', () => {
    expect(isGsm7('¿Éñé Ññ üÜ à Ç?')).toBe(true);
    for (const sign of 'áíóúÁÍÓÚç`‘“–…\t😀') expect(isGsm7(`a${sign}b`)).toBe(false);
  });
});

describe('the size of a text', () => {
  it.each([
    ['', 1, 0],
    ['a'.repeat(160), 1, 160],
    ['a'.repeat(161), 2, 161],
    ['a'.repeat(306), 2, 306],
    ['a'.repeat(307), 3, 307],
    ['a'.repeat(459), 3, 459],
    ['a'.repeat(460), 4, 460],
    ['€'.repeat(80), 1, 160],
    ['€'.repeat(81), 2, 162],
    ['á'.repeat(70), 1, 70],
    ['á'.repeat(71), 2, 71],
    ['á'.repeat(134), 2, 134],
    ['á'.repeat(135), 3, 135],
    ['😀'.repeat(35), 1, 70],
    ['😀'.repeat(36), 2, 72],
  ])('%#: follows the rules of TS 23.038', (text, segments, units) => {
    expect(smsSize(text)).toMatchObject({ segments, units });
  });

  it('never cuts a character of two units in half', () => {
    expect(smsSize('€'.repeat(153)).segments).toBe(3);
    expect(smsSize('😀'.repeat(67)).segments).toBe(3);
  });
});

describe('the size of a text, beside two libraries that count parts', () => {
  const gsm = Array.from({ length: 0x20ad }, (_, code) => String.fromCharCode(code)).filter(isGsm7);
  const text = (unit: fc.Arbitrary<string>) => fc.string({ unit, maxLength: 500, size: 'max' });
  const calculator = (input: string) => {
    const { encodingName, segmentsCount } = new SegmentedMessage(input, 'auto');
    return { encoding: encodingName === 'GSM-7' ? 'gsm7' : 'ucs2', segments: segmentsCount };
  };
  const splitter = (input: string) => {
    const { characterSet, parts } = split(input);
    return { encoding: characterSet === 'GSM' ? 'gsm7' : 'ucs2', segments: parts.length };
  };

  it.each<[string, fc.Arbitrary<string>]>([
    ['the whole GSM alphabet', fc.constantFrom(...gsm)],
    ['pairs behind an escape', fc.constantFrom(...'ab{}[]\\€~^|')],
    ['other scripts', fc.constantFrom(...'aábц銀ع€')],
    ['surrogate pairs', fc.constantFrom('a', 'é', '😀', '🏆', '𠮷')],
    ['line ends', fc.constantFrom(...'\r\n\fab ц')],
  ])('is the same for %s', (_, unit) => {
    fc.assert(
      fc.property(text(unit), (input) => {
        expect(smsSize(input)).toMatchObject(splitter(input));
        expect(smsSize(input)).toMatchObject(calculator(input));
      }),
    );
  });

  // Handsets put parts together before they draw them: only surrogate pairs have to stay whole. sms-segments-calculator
  // also keeps a flag or a joined emoji in one part, and therefore counts one part more for some texts.
  // Of any code points some join: one in about a thousand such texts has them where a part ends.
  it('is that of split-sms for any code points, of which sms-segments-calculator cuts no joined ones', () => {
    fc.assert(
      fc.property(text(anyCharacter), (input) => {
        expect(smsSize(input)).toMatchObject(splitter(input));
        const { encoding, segments } = calculator(input);
        expect(encoding).toBe(smsSize(input).encoding);
        expect(segments).toBeGreaterThanOrEqual(smsSize(input).segments);
      }),
    );
  });

  it('is that of split-sms for joined emoji, of which sms-segments-calculator cuts none', () => {
    fc.assert(
      fc.property(text(fc.constantFrom('a', 'ц', '\u0301', '👩\u200d💻', '🇪🇸')), (input) => {
        const { segments } = smsSize(input);
        expect(segments).toBe(splitter(input).segments);
        expect(calculator(input).segments).toBeGreaterThanOrEqual(segments);
      }),
    );
    const flags = 'a' + '🇪🇸'.repeat(33);
    expect([smsSize(flags).segments, calculator(flags).segments]).toEqual([2, 3]);
  });
});

describe('moving a text towards the GSM alphabet', () => {
  it('drops accents only where that helps', () => {
    expect(towardsGsm7('Panadería José Ñandú, “Škoda” – …')).toBe('Panaderia José Ñandu, "Skoda" - ...');
    expect(towardsGsm7('e\u0301')).toBe('é');
  });

  it('leaves other scripts alone', () => {
    expect(towardsGsm7('銀行 Банк 😀 Ώρα')).toBe('銀行 Банк 😀 Ώρα');
  });

  it('knows the letters that are no letter with an accent', () => {
    expect(towardsGsm7('Łódź, Đorđe, ısı, cœur, hűtő, «quoted»')).toBe(
      'Lodz, Dorde, isi, coeur, hütö, "quoted"',
    );
  });

  it('never makes a text of the GSM alphabet longer, and does nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200, size: 'max' }), (input) => {
        const once = towardsGsm7(input);
        expect(towardsGsm7(once)).toBe(once);
        if (isGsm7(input)) expect(once).toBe(input);
      }),
    );
  });
});
