import fc from 'fast-check';
import { contrast, readableOn, readColour, TEXT_CONTRAST, toHex, type Colour } from './colour';
import { palettes } from './palette';
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
  it.each(['#2456d6', '#000000', '#767676', '#b00020'])('may be %s', (accent) => {
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
      fc.property(colours, fc.constantFrom<Colour>([255, 255, 255], [22, 25, 29]), (colour, background) => {
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

describe.each(['light', 'dark'] as const)('the %s theme', (mode) => {
  // Catches: buttons with white text on a yellow that somebody's brand happens to be.
  it('can be read with every accent that is accepted', () => {
    fc.assert(
      fc.property(colours.map(toHex), (accent) => {
        if (accentProblem(accent) !== null) return;
        const theme = themeOf({ accent })[mode];
        expect(ratio(theme['--sd-accent'], theme['--sd-surface'])).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(ratio(theme['--sd-on-accent'], theme['--sd-accent'])).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }),
      { numRuns: 500 },
    );
  });

  it('has texts and edges that can be seen', () => {
    const { surface, border, ...texts } = palettes[mode];
    for (const text of Object.values(texts))
      expect(ratio(text, surface)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    // 1.4.11: what one has to see to find a field.
    expect(ratio(border, surface)).toBeGreaterThanOrEqual(3);
  });

  it('is usable without any setting, and in spite of one from another time', () => {
    const theme = themeOf()[mode];
    expect(themeOf({ accent: 'pink', radius: 1e6, font: 'x";}' })[mode]).toEqual(theme);
    expect(theme).toMatchObject({ '--sd-radius': '8px', '--sd-font': 'system-ui, sans-serif' });
  });

  it('has the radius and the font of the settings', () => {
    expect(themeOf({ radius: 0, font: 'Open Sans' })[mode]).toMatchObject({
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
      fc.property(fc.string({ unit: 'binary' }), (font) => {
        expect(themeOf({ font }).light['--sd-font']).not.toMatch(/[;{}<>\\\n]/);
      }),
    );
  });
});
