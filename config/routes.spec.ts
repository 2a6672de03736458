import fc from 'fast-check';
import { parseRoutes, routeFor } from './routes';

const known = ['labsmobile', 'twilio', 'console', 'http'];

function problemsOf(text: string): readonly string[] {
  const parsed = parseRoutes(text, known);
  return parsed.ok ? [] : parsed.problems;
}

describe('parseRoutes', () => {
  it.each([
    ['*:console', [{ country: '*', providers: ['console'] }]],
    [
      'ES:labsmobile,twilio;*:twilio',
      [
        { country: 'ES', providers: ['labsmobile', 'twilio'] },
        { country: '*', providers: ['twilio'] },
      ],
    ],
    [
      ' es : LabsMobile , twilio ; * : twilio ; ',
      [
        { country: 'ES', providers: ['labsmobile', 'twilio'] },
        { country: '*', providers: ['twilio'] },
      ],
    ],
    ['PT:http', [{ country: 'PT', providers: ['http'] }]],
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
    ['*:__proto__', '"__proto__" is no gateway here; there are: console, http, labsmobile, twilio'],
  ])('refuses %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('gives every problem at once, and the gateways that exist', () => {
    expect(parseRoutes('XX:twilio;*:nobody,http', known)).toEqual({
      ok: false,
      problems: [expect.stringContaining('"XX"'), expect.stringContaining('"nobody"')],
      gateways: ['twilio', 'http'],
    });
  });

  it('reads back what it has read', () => {
    const route = fc.record({
      country: fc.constantFrom('ES', 'PT', 'FR', 'DE', '*'),
      providers: fc.uniqueArray(fc.constantFrom(...known), { minLength: 1 }),
    });
    const routes = fc.uniqueArray(route, { minLength: 1, selector: ({ country }) => country });
    fc.assert(
      fc.property(routes, (list) => {
        const text = list.map(({ country, providers }) => `${country}:${providers.join(',')}`).join(';');
        expect(parseRoutes(text, known)).toEqual({ ok: true, routes: list });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseRoutes(text, known)));
  });
});

describe('routeFor', () => {
  const routes = [
    { country: '*', providers: ['twilio'] },
    { country: 'ES', providers: ['labsmobile', 'twilio'] },
  ];

  it.each([
    ['ES', ['labsmobile', 'twilio']],
    ['PT', ['twilio']],
    [null, ['twilio']],
  ])('sends %s over %j', (country, providers) => {
    expect(routeFor(routes, country)).toEqual(providers);
  });

  it('gives no gateway where there is no route', () => {
    expect(routeFor([{ country: 'ES', providers: ['twilio'] }], 'PT')).toEqual([]);
  });
});
