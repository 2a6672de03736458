import fc from 'fast-check';
import { type ForChannel, parseRoutes, routeFor } from './routes';
import type { Route } from './settings';

const known = ['labsmobile', 'twilio', 'console', 'http'];

function problemsOf(text: string, forChannel?: ForChannel): readonly string[] {
  const parsed = parseRoutes(text, known, forChannel);
  return parsed.ok ? [] : parsed.problems;
}

/** Equal shares. */
const tier = (...names: string[]) => names.map((name) => ({ name, weight: 1 }));

describe('parseRoutes', () => {
  it.each([
    ['*:console', [{ country: '*', tiers: [tier('console')] }]],
    [
      'ES:labsmobile,twilio;*:twilio',
      [
        { country: 'ES', tiers: [tier('labsmobile'), tier('twilio')] },
        { country: '*', tiers: [tier('twilio')] },
      ],
    ],
    [
      ' es : LabsMobile , twilio ; * : twilio ; ',
      [
        { country: 'ES', tiers: [tier('labsmobile'), tier('twilio')] },
        { country: '*', tiers: [tier('twilio')] },
      ],
    ],
    ['PT:http', [{ country: 'PT', tiers: [tier('http')] }]],
    ['*:http|twilio,console', [{ country: '*', tiers: [tier('http', 'twilio'), tier('console')] }]],
    [
      'ES: labsmobile * 70 | twilio*30, http ;*:twilio*100',
      [
        {
          country: 'ES',
          tiers: [
            [
              { name: 'labsmobile', weight: 70 },
              { name: 'twilio', weight: 30 },
            ],
            tier('http'),
          ],
        },
        { country: '*', tiers: [[{ name: 'twilio', weight: 100 }]] },
      ],
    ],
  ])('reads %j', (text, routes) => {
    expect(parseRoutes(text, known)).toEqual({ ok: true, routes });
  });

  it.each([
    ['', 'names no route; write for example "ES:labsmobile,twilio;*:twilio"'],
    [';', '"" is no route; write a country or *, a colon, and gateways'],
    ['twilio', '"twilio" is no route; write a country or *, a colon, and gateways'],
    ['ES:', '"ES:" has an empty place in its list of gateways'],
    ['ES:twilio,', '"ES:twilio," has an empty place in its list of gateways'],
    ['ES:twilio,twilio', '"ES:twilio,twilio" names a gateway twice'],
    ['XX:twilio', '"XX" is no country; use two letters of ISO 3166-1, or * for all others'],
    ['ESP:twilio', '"ESP" is no country; use two letters of ISO 3166-1, or * for all others'],
    ['34:twilio', '"34" is no country; use two letters of ISO 3166-1, or * for all others'],
    [':twilio', '"" is no country; use two letters of ISO 3166-1, or * for all others'],
    ['**:twilio', '"**" is no country; use two letters of ISO 3166-1, or * for all others'],
    ['ES:twilio;es:http', '"ES" has two routes'],
    ['*:twilio;*:http', '"*" has two routes'],
    [
      '*:twillio',
      '"twillio" is no gateway here; did you mean "twilio"? There are: console, http, labsmobile, twilio',
    ],
    ['*:vonage', '"vonage" is no gateway here; there are: console, http, labsmobile, twilio'],
    ['*:twilio|', '"*:twilio|" has an empty place in its list of gateways'],
    ['*:*30', '"*:*30" has an empty place in its list of gateways'],
    ['*:twilio|http,twilio', '"*:twilio|http,twilio" names a gateway twice'],
    ...['0', '101', '-1', '1.5', '', 'x', '0x10', '1e1', '1*1'].map((weight) => [
      `*:twilio*${weight}`,
      `"*:twilio*${weight}" has a weight that is no whole number from 1 to 100; write for example "twilio*30"`,
    ]),
    [
      'ES:http,labsmobile*70|twilio',
      '"labsmobile*70|twilio" gives a weight to some gateways only; give one to each, or to none',
    ],
    ['*:__proto__', '"__proto__" is no gateway here; there are: console, http, labsmobile, twilio'],
  ])('refuses %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('refuses a gateway that cannot carry the channel, and names those that can', () => {
    const voice = { channel: 'voice', gateways: ['twilio', 'console'] } as const;
    expect(problemsOf('ES:twilio;*:labsmobile,console', voice)).toEqual([
      '"labsmobile" cannot carry the channel voice; these can: console, twilio',
    ]);
    expect(problemsOf('*:http', { channel: 'email', gateways: [] })).toEqual([
      '"http" cannot carry the channel email; these can: none',
    ]);
  });

  it('gives every problem at once, and the gateways that exist', () => {
    expect(parseRoutes('XX:twilio;*:nobody,http', known)).toEqual({
      ok: false,
      problems: [expect.stringContaining('"XX"'), expect.stringContaining('"nobody"')],
      gateways: ['twilio', 'http'],
    });
  });

  it('reads back what it has read', () => {
    const weighted = fc.record({
      name: fc.constantFrom(...known),
      weight: fc.integer({ min: 1, max: 100 }),
    });
    const list = fc.uniqueArray(weighted, { minLength: 1, selector: ({ name }) => name });
    const route = fc
      .record({ country: fc.constantFrom('ES', 'PT', 'FR', 'DE', '*'), list, cut: fc.nat(known.length - 1) })
      .map(({ country, list: all, cut }) => {
        const tiers = [all.slice(0, cut), all.slice(cut)].filter((some) => some.length > 0);
        return { country, tiers };
      });
    const routes = fc.uniqueArray(route, { minLength: 1, selector: ({ country }) => country });
    const written = (tiers: Route['tiers']) =>
      tiers.map((some) => some.map(({ name, weight }) => `${name}*${weight}`).join('|')).join(',');
    fc.assert(
      fc.property(routes, (all) => {
        const text = all.map(({ country, tiers }) => `${country}:${written(tiers)}`).join(';');
        expect(parseRoutes(text, known)).toEqual({ ok: true, routes: all });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'*:;,|ES twilio70-') }),
        (text) => void problemsOf(text),
      ),
    );
  });
});

describe('routeFor', () => {
  const routes = [
    { country: '*', tiers: [tier('twilio')] },
    { country: 'ES', tiers: [tier('labsmobile', 'http'), tier('twilio')] },
  ];

  it.each([
    ['ES', [tier('labsmobile', 'http'), tier('twilio')]],
    ['PT', [tier('twilio')]],
    [null, [tier('twilio')]],
  ])('sends %s over %j', (country, tiers) => {
    expect(routeFor(routes, country)).toEqual(tiers);
  });

  it('gives no gateway where there is no route', () => {
    expect(routeFor([{ country: 'ES', tiers: [tier('twilio')] }], 'PT')).toEqual([]);
  });
});
