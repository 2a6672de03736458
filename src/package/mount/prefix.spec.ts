import { publicUrlUnder, withoutPrefix } from './prefix';

describe('a prefix', () => {
  it.each([
    ['/otp/v1/verifications?limit=1', '/v1/verifications?limit=1'],
    ['/otp', '/'],
    ['/otp/', '/'],
    ['/otp?x=1', '/?x=1'],
    ['/%6ftp/v1', '/%6ftp/v1'],
  ])('is taken off: %s', (url, rest) => expect(withoutPrefix(url, '/otp')).toBe(rest));

  it.each([
    ['https://shop.example', 'https://shop.example/otp'],
    ['https://shop.example/otp', 'https://shop.example/otp'],
    ['https://shop.example/behind/otp', 'https://shop.example/behind/otp'],
    ['https://shop.example/behind', 'https://shop.example/behind/otp'],
  ])('is part of the public address: %s', (given, url) => expect(publicUrlUnder(given, '/otp')).toBe(url));
});
