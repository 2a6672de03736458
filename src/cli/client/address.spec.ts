import { UsageError } from '../cli-error';
import { checkedAddress } from './address';

describe('the address of the server', () => {
  it.each([
    ['https://verify.example.com/', 'https://verify.example.com'],
    ['https://example.com/otp/', 'https://example.com/otp'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://localhost', 'http://localhost'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('may be %s', (text, address) => {
    expect(checkedAddress(text, false)).toBe(address);
  });

  // Safety: fails when the rule for plain HTTP goes: the key would be read on the way.
  it.each([
    'http://verify.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1:3000',
    'ftp://127.0.0.1',
    'https://user:pass@example.com',
    'https://example.com/?a=1',
    'example.com',
    '',
  ])('may not be %j', (text) => {
    expect(() => checkedAddress(text, false)).toThrow(UsageError);
  });

  it('may be plain HTTP elsewhere for whoever says so', () => {
    expect(checkedAddress('http://10.0.0.1:3000', true)).toBe('http://10.0.0.1:3000');
  });
});
