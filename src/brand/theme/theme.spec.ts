import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { anyText } from '../../../test/builders/any-text';
import { contrast, readableOn, readColour, TEXT_CONTRAST, toHex, type Colour } from './colour';
import { surfaces } from './surfaces';
import { accentProblem, fontNames, isFontName, themeOf } from './theme';

const colours = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
const read = (hex: string): Colour => readColour(hex)!;
const ratio = (one: string | undefined, other: string | undefined) => contrast(read(one!), read(other!));

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    // The lightest grey that may be text on white, and the next one, which may not.
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
    ['#ff0000', '#ffffff', 4],
  ])('of %s on %s is %d, as WCAG reckons', (one, other, expected) => {
    expect(ratio(one, other)).toBeCloseTo(expected, 2);
    expect(ratio(other, one)).toBeCloseTo(expected, 2);
  });
});

describe('an accent', () => {
  it.each(['#1f5eff', '#000000', '#767676', '#b00020'])('may be %s', (accent) => {
    expect(accentProblem(accent)).toBeNull();
  });

  it.each(['blue', '#fff', '#12345', '#1234567', 'rgb(0,0,0)', '#00000g', '', '#000000;}'])(
    'may not be written %j',
    (accent) => expect(accentProblem(accent)).toMatch(/^Use a colour as #rrggbb/),
  );

  it('that is too pale is refused with the nearest that is not', () => {
    expect(accentProblem('#777777')).toBe(
      'Too pale to read: its contrast with the surface is 4.4, and 4.5 is needed. The nearest that passes is #767676.',
    );
  });

  // Catches: a suggestion that is refused when it is taken.
  it('is refused or can be read, and what is suggested is never refused', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const problem = accentProblem(toHex(colour));
        if (problem === null) return;
        const suggested = /#[0-9a-f]{6}/.exec(problem)?.[0] ?? '';
        expect(accentProblem(suggested)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('is changed no more than needed, and not at all when it can be read as it is', () => {
    fc.assert(
      fc.property(colours, fc.constantFrom(surfaces.light, surfaces.dark), (colour, background) => {
        const result = readableOn(background, colour);
        expect(contrast(result, background)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        if (contrast(colour, background) >= TEXT_CONTRAST) expect(result).toEqual(colour);
        // A step back of 2/255 and it could not be read: there is no closer one on the way.
        else expect(contrast(result, background)).toBeLessThan(TEXT_CONTRAST * 1.1);
      }),
      { numRuns: 500 },
    );
  });
});

const tokens = readFileSync(join(__dirname, '../../../web/tokens.css'), 'utf8');
/** What `--sd-x` is where nothing is set: light first, then as often as there are dark rules. */
const usual = (name: string) =>
  [...tokens.matchAll(new RegExp(`var\\(--sd-${name}, (#[0-9a-f]{3,6})\\)`, 'g'))].map(([, hex = '']) =>
    hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join('')}` : hex,
  );

describe.each(['light', 'dark'] as const)('the %s theme', (mode) => {
  const nth = mode === 'light' ? 0 : 1;
  const surface = toHex(surfaces[mode]);

  // Catches: buttons with white text on a yellow that somebody's brand happens to be.
  it('can be read with every accent that is accepted', () => {
    fc.assert(
      fc.property(colours.map(toHex), (accent) => {
        if (accentProblem(accent) !== null) return;
        const theme = themeOf({ accent })[mode];
        expect(ratio(theme['--sd-accent'], surface)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(ratio(theme['--sd-on-accent'], theme['--sd-accent'])).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }),
      { numRuns: 500 },
    );
  });

  // Catches: another surface in the style sheet than the one on which accents are judged.
  it('stands on the surface of the style sheet, and what is usual can be read there', () => {
    expect(usual('surface').slice(nth)).toContain(surface);
    for (const name of ['accent', 'text', 'muted', 'danger', 'success'])
      expect([name, ratio(usual(name)[nth], surface) >= TEXT_CONTRAST]).toEqual([name, true]);
    expect(ratio(usual('on-accent')[nth], usual('accent')[nth])).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    // 1.4.11: what one has to see to find a field.
    expect(ratio(usual('border')[nth], surface)).toBeGreaterThanOrEqual(3);
  });

  it('changes nothing without a setting, or for one from another time', () => {
    expect([themeOf()[mode], themeOf({ accent: 'pink', radius: 1e6, font: 'x";}' })[mode]]).toEqual([{}, {}]);
  });

  it('has the radius and the font of the settings', () => {
    expect(themeOf({ radius: 0, font: 'Open Sans' })[mode]).toEqual({
      '--sd-radius': '0px',
      '--sd-font': '"Open Sans", system-ui, sans-serif',
    });
    expect(themeOf({ font: 'serif' })[mode]['--sd-font']).toMatch(/^ui-serif, /);
  });
});

describe('a font', () => {
  it.each([...fontNames, 'Inter', 'IBM Plex Sans', 'Source-Sans 3'])('may be %s', (name) => {
    expect(isFontName(name)).toBe(true);
  });

  // Catches: a name that ends its declaration and begins another one.
  it.each([
    '',
    ' Inter',
    'Inter ',
    'a  b',
    '3D',
    'x";}body{',
    "x'",
    'url(x)',
    'a;b',
    'a\nb',
    'Ünter',
    'a'.repeat(41),
  ])('may not be %j', (name) => expect(isFontName(name)).toBe(false));

  it('never ends its declaration, whatever it is', () => {
    fc.assert(
      fc.property(anyText(), (font) => {
        expect(themeOf({ font }).light['--sd-font'] ?? '').not.toMatch(/[;{}<>\\\n]/);
      }),
    );
  });
});
