import { isGsm7, smsSize, towardsGsm7 } from './gsm7';

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

describe('moving a text towards the GSM alphabet', () => {
  it('drops accents only where that helps', () => {
    expect(towardsGsm7('Panadería José Ñandú, “Škoda” – …')).toBe('Panaderia José Ñandu, "Skoda" - ...');
    expect(towardsGsm7('e\u0301')).toBe('é');
  });

  it('leaves other scripts alone', () => {
    expect(towardsGsm7('銀行 Банк 😀 ł')).toBe('銀行 Банк 😀 ł');
  });
});
