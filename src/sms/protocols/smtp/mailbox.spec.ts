import { readMailbox } from './mailbox';

describe('a mailbox', () => {
  it.each([
    ['otp@example.com', '', 'otp@example.com', 'example.com'],
    ['Example Bank <otp@mail.example.com>', 'Example Bank', 'otp@mail.example.com', 'mail.example.com'],
    ['"Bank, Example" <otp+x@example.com>', 'Bank, Example', 'otp+x@example.com', 'example.com'],
    ['<otp@example.com>', '', 'otp@example.com', 'example.com'],
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
  ])('is not %j', (text) => {
    expect(readMailbox(text)).toBeNull();
  });
});
