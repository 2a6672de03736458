import { digestSchema, transactionSchema } from './text-settings.dto';

const payment = { amount: '49.90', currency: 'EUR', payee: 'Northwind Travel' };
const wrongFields = (change: object): string[] => {
  const issues = transactionSchema.safeParse({ ...payment, ...change }).error?.issues ?? [];
  return [...new Set(issues.map(({ path }) => path.join('.')))];
};

describe('a payment', () => {
  it.each([
    'Northwind Travel',
    'Café Ñandú',
    'قهوه می\u200cخواهم',
    'W'.repeat(70),
    'ES91 2100 0418 4502 0005 1332',
    'A&B (1)',
  ])('may go to %s', (payee) => {
    expect(transactionSchema.parse({ ...payment, payee })).toEqual({ ...payment, payee });
  });

  // Catches: a payee that forges the last line, which browsers read, or turns around what is shown.
  it.each([
    '',
    ' ',
    'Shop\n@evil.example #111111',
    'Shop\r\nLtd',
    'Shop\u2028Ltd',
    'Shop\u202e49.90',
    '\u2067Shop\u2069',
    'Sh\u200bop',
    'Sh\u200dop',
    'Sh\u00adop',
    '\ufeffShop',
    'Shop\u0007',
    'Shop\ud800',
    'W'.repeat(71),
  ])('may not go to %j', (payee) => expect(wrongFields({ payee })).toEqual(['payee']));

  it.each(['49,90', '49.90\n', '\u200e49.90', '٤٩', '1e3', '-1', '', '49.90 EUR', 'https://evil.example'])(
    'is not of the amount %j',
    (amount) => expect(wrongFields({ amount })).toEqual(['amount']),
  );

  it.each(['eur', 'EURO', 'EU\u200bR', 'EUR\n', '€'])('is not in the currency %j', (currency) => {
    expect(wrongFields({ currency })).toEqual(['currency']);
  });
});

describe('a digest', () => {
  it.each(['a', 'f'.repeat(64), '\u202eany', ' ', 'x'.repeat(256), 'é'.repeat(128), '😀'.repeat(64)])(
    'may be %j',
    (digest) => expect(digestSchema.parse(digest)).toBe(digest),
  );

  // Catches: a length in characters, and two halves of characters that are the same bytes.
  it.each(['', 'x'.repeat(257), 'é'.repeat(129), '😀'.repeat(65), 'a\ud800', '\udc00', 'a\u0000b', 'a\nb'])(
    'may not be %j',
    (digest) => expect(digestSchema.safeParse(digest).success).toBe(false),
  );
});
