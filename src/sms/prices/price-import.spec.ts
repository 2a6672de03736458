import fc from 'fast-check';
import { channels } from '../../common/channel';
import { formatMoney, type Money } from '../../common/money';
import { COLUMNS, csvRows, jsonRows, MAX_ROWS, readPrices, type ImportedPrice } from './price-import';

const gateways = ['labsmobile', 'twilio', 'vonage-sms'];
const header = COLUMNS.join(',');
const csv = (...lines: string[]): string => [header, ...lines].join('\n');

const readCsv = (text: string) => {
  const read = csvRows(text);
  return read.ok ? readPrices(read.rows, gateways) : read;
};
const problemsOf = (text: string): string[] => {
  const read = readCsv(text);
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`);
};

const micros = fc.integer({ min: 0, max: 1_000_000_000_000 });
const price: fc.Arbitrary<ImportedPrice> = fc.record({
  gateway: fc.constantFrom(...gateways),
  country: fc.constantFrom('ES', 'GB', 'US', '*'),
  channel: fc.constantFrom(...channels),
  price: fc.record({ micros, currency: fc.constantFrom('EUR', 'USD', 'CREDITS') }),
});
const prices = fc.uniqueArray(price, {
  selector: ({ gateway, country, channel }) => `${gateway}/${country}/${channel}`,
  maxLength: 30,
});

/** As a spreadsheet would write it: some cells quoted, some in capitals, lines ended either way. */
function written(rows: readonly ImportedPrice[], style: readonly boolean[], newline: string): string {
  let cell = 0;
  const quoted = (value: string) => (style[cell++ % style.length] ? `"${value}"` : value);
  const lines = rows.map(({ gateway, country, channel, price: money }) =>
    [gateway.toUpperCase(), country.toLowerCase(), channel, formatMoney(money), money.currency]
      .map(quoted)
      .join(','),
  );
  return [header, ...lines].join(newline) + newline;
}

describe('a price import', () => {
  it('reads back every list of prices that was written as CSV', () => {
    const style = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(prices, style, fc.constantFrom('\n', '\r\n'), (rows, cells, newline) => {
        expect(readCsv(written(rows, cells, newline))).toEqual({ ok: true, prices: rows });
      }),
    );
  });

  it('takes the same from JSON, with prices as text or number', () => {
    const rows = [
      { gateway: 'twilio', country: 'es', channel: 'sms', price: 0.0345, currency: 'eur' },
      { gateway: 'twilio', country: '*', channel: 'voice', price: '0.02', currency: 'USD' },
    ];
    const money = (value: number, currency: string): Money => ({ micros: value, currency });
    expect(readPrices(jsonRows(rows), gateways)).toEqual({
      ok: true,
      prices: [
        { gateway: 'twilio', country: 'ES', channel: 'sms', price: money(34_500, 'EUR') },
        { gateway: 'twilio', country: '*', channel: 'voice', price: money(20_000, 'USD') },
      ],
    });
  });

  it('lets columns stand in any order, behind the mark that spreadsheets write first', () => {
    const text = '\uFEFFCurrency,Price,Channel,Country,Gateway\nEUR,0.03,sms,ES,twilio\n';
    expect(readCsv(text)).toMatchObject({ ok: true, prices: [{ gateway: 'twilio', country: 'ES' }] });
  });

  it.each([
    ['a gateway', 'twilo,ES,sms,1,EUR', /^line 2, column gateway: .*did you mean twilio\?/],
    ['a country', 'twilio,Spain,sms,1,EUR', /^line 2, column country: Use two letters/],
    ['a channel', 'twilio,ES,fax,1,EUR', /^line 2, column channel: Use one of sms, voice/],
    ['a price with a comma', 'twilio,ES,sms,"0,03",EUR', /^line 2, column price: Use a decimal number/],
    ['a negative price', 'twilio,ES,sms,-1,EUR', /^line 2, column price/],
    ['a price in the wrong unit', 'twilio,ES,sms,34500000,EUR', /^line 2, column price/],
    ['no price', 'twilio,ES,sms,,EUR', /^line 2, column price/],
    ['a currency', 'twilio,ES,sms,1,EURO', /^line 2, column currency: Use an ISO 4217 code/],
    ['the number of columns', 'twilio,ES,sms,1', /^line 2: Give 5 columns/],
    ['quotes', 'twilio,ES,sms,"1,EUR', /^line \d+: This is no CSV/],
  ])('names line, column and remedy for %s', (_, line, expected) => {
    expect(problemsOf(csv(line))).toEqual([expect.stringMatching(expected)]);
  });

  it('names the line also below a cell with a line break', () => {
    expect(problemsOf(csv('twilio,ES,sms,1,EUR', '', '"vonage-sms",GB,sms,x,EUR'))).toEqual([
      expect.stringMatching(/^line 4, column price/),
    ]);
  });

  it.each([
    ['nothing', ''],
    ['other names', 'provider,country,channel,price,currency\n'],
    ['semicolons', 'gateway;country;channel;price;currency\ntwilio;ES;sms;1;EUR\n'],
    ['a column twice', 'gateway,gateway,country,channel,price\n'],
    ['a column too many', `${header},note\ntwilio,ES,sms,1,EUR,x\n`],
  ])('asks for the header when there is %s', (_, text) => {
    expect(problemsOf(text)).toEqual([`line 1: Begin with the header ${header}, separated by commas.`]);
  });

  // Catches: taking the last of two prices for one thing, as a map would.
  it('refuses the same thing twice, and says where the first one stands', () => {
    expect(problemsOf(csv('twilio,ES,sms,1,EUR', 'TWILIO,es,SMS,2,EUR'))).toEqual([
      expect.stringMatching(/^line 3, column gateway: .*stand at line 2, column gateway/),
    ]);
  });

  it('imports nothing when one row is wrong, and names at most twenty', () => {
    const lines = Array.from({ length: 40 }, () => 'x,ES,sms,1,EUR');
    const read = readCsv(csv('twilio,ES,sms,1,EUR', ...lines));
    expect(read.ok).toBe(false);
    expect(problemsOf(csv(...lines))).toHaveLength(20);
  });

  it(`refuses more than ${MAX_ROWS} rows`, () => {
    const rows = Array.from({ length: MAX_ROWS + 1 }, () => 'twilio,ES,sms,1,EUR');
    expect(problemsOf(csv(...rows))).toEqual([expect.stringMatching(/^prices: Import at most 10000/)]);
  });

  it('answers any text with prices or problems, and never repeats what it was sent', () => {
    const secret = 'hunter2-4711';
    const cell = fc.oneof(fc.string(), fc.constant(secret), fc.constantFrom(...gateways, '"', ',', '\n'));
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
        for (const text of [cells.join(''), csv(cells.join(',')), csv(...cells)])
          expect(problemsOf(text).join('\n')).not.toContain(secret);
      }),
    );
  });
});
