import { readMailbox } from './mailbox';

describe('a mailbox', () => {
  it.each([
    ['otp@example.com', '', 'otp@example.com', 'example.com'],
    ['Example Bank <otp@mail.example.com>', 'Example Bank', 'otp@mail.example.com', 'mail.example.com'],
    ['"Bank, Example" <otp+x@example.com>', 'Bank, Example', 'otp+x@example.com', 'example.com'],
    ['<otp@example.com>', '', 'otp@example.com', 'example.com'],
    ['"Acme" <no-reply@acme.example>', 'Acme', 'no-reply@acme.example', 'acme.example'],
    [
      '"The \\"Acme\\" \\\\ Co; <x>" <a@acme.example>',
      'The "Acme" \\ Co; <x>',
      'a@acme.example',
      'acme.example',
    ],
    ['Müller & Søn 株式会社 <a@acme.example>', 'Müller & Søn 株式会社', 'a@acme.example', 'acme.example'],
    ['"Ünïted" <a@acme.example>', 'Ünïted', 'a@acme.example', 'acme.example'],
  ])('%s', (text, name, address, domain) => {
    expect(readMailbox(text)).toEqual({ name, address, domain });
  });

  it.each([
    '',
    'otp',
    '@example.com',
    'otp@',
    'a@b@c',
    'a <b',
    'a@x, b@y',
    'A <a@x>, b@y',
    'a\r\nb@x',
    'a@x\r\nb',
    'A\n<a@x>',
    '"Acme\r\nBcc: all@acme.example" <a@acme.example>',
    '"Acme\nX" <a@acme.example>',
    '"Acme\u202egro" <a@acme.example>',
    '"Acme\u0000" <a@acme.example>',
    '"Acme" <a@acme.example\r\nBcc: b@acme.example>',
    '"Acme <a@acme.example>',
    'Ac"me <a@acme.example>',
    // As a .env file leaves it in double quotes.
    '\\"Acme\\" <a@acme.example>',
    '"Acme" <a@acme..example>',
    '"Acme" <a@acme.example>, b@acme.example',
    `"${'A'.repeat(101)}" <a@acme.example>`,
  ])('is not %j', (text) => {
    expect(readMailbox(text)).toBeNull();
  });
});
