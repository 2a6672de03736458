import { aReceiptRequest } from '../../../testing/contracts/receipts.contract';
import { addressWithWords, asksForWords, wordsIn, wordsKey } from './sealed-words';

const ADDRESS = 'https://verify.example.com/v1/receipts/acme/ticket';
const NOW = Date.UTC(2026, 5, 1, 12);

describe('words that travel sealed with an address', () => {
  const key = wordsKey('0123456789abcdef');
  const until = NOW + 30_000;
  const address = addressWithWords(ADDRESS, 'Your code is 4, 8, 3 «ñ»', key, until);
  const asked = (url = address, now = NOW) => aReceiptRequest({ url, query: new URL(url).searchParams, now });

  it('come back as they were, and cannot be read on the way', () => {
    expect(wordsIn(asked(), key)).toBe('Your code is 4, 8, 3 «ñ»');
    expect(address).toMatch(/^https:\/\/verify\.example\.com\/v1\/receipts\/acme\/ticket\?say=[\w-]+$/);
    expect(Buffer.from(new URL(address).searchParams.get('say')!, 'base64url').toString()).not.toMatch(
      /code/,
    );
    expect(addressWithWords(ADDRESS, 'Your code is 4, 8, 3 «ñ»', key, until)).not.toBe(address);
  });

  it('are asked for where the address holds some', () => {
    expect([asksForWords(asked()), asksForWords(asked(ADDRESS))]).toEqual([true, false]);
  });

  // Catches: words without their time, which an address in an old log would open, and a late answer would hear.
  it('are gone when the code is', () => {
    expect(wordsIn(asked(address, until - 1), key)).not.toBeNull();
    expect(wordsIn(asked(address, until), key)).toBeNull();
  });

  // Catches: a seal that is not bound to its address.
  it.each([
    ['at the address of another delivery', address.replace('ticket', 'tickes')],
    ['when they were changed', address.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['when they were cut off', address.slice(0, -9)],
    ['when there are none', `${ADDRESS}?say=`],
    ['when they are not ours', `${ADDRESS}?say=%00é`],
  ])('do not open %s', (_name, url) => {
    expect(wordsIn(asked(url), key)).toBeNull();
  });

  it('do not open with the secret of another account', () => {
    expect(wordsIn(asked(), wordsKey('0123456789abcdeg'))).toBeNull();
  });
});
