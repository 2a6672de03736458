import { randomBytes, randomInt } from 'node:crypto';
import { guessableBecause } from './guessable';

describe('a key', () => {
  it.each([
    ['of 32 random digits', () => Array.from({ length: 32 }, () => randomInt(10)).join('')],
    ['of openssl rand -hex 16', () => randomBytes(16).toString('hex')],
    ['of openssl rand -base64 32', () => randomBytes(32).toString('base64')],
    ['of 32 random bytes', () => randomBytes(32).toString('latin1')],
  ])('is fine: %s', (_, make) => {
    const refused = Array.from({ length: 5_000 }, make).filter((key) => guessableBecause(key) !== null);
    expect(refused).toEqual([]);
  });

  it.each([
    'a'.repeat(32),
    'a'.repeat(500),
    'ab'.repeat(16),
    '00000000000000000000000000000001',
    'aaaaaaaabbbbbbbbccccccccdddddddd',
    'abcdefghijklmnopqrstuvwxyz012345',
    'zyxwvutsrqponmlkjihgfedcba987654',
    'acegikmoqsuwyACEGIKMOQSUWY024680',
    '0123456789'.repeat(4),
    '1234567890abcdef'.repeat(2),
    'Summer26!'.repeat(4),
    Buffer.alloc(32).toString('latin1'),
    Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('latin1'),
  ])('is too regular: %j', (key) => {
    expect(guessableBecause(key)).toBe('is too regular to be random');
  });

  it.each([
    'please-change-this-admin-key-0000',
    'REPLACE_ME_by_a_long_random_string',
    'my-Secret-admin-key-of-2026-07-14',
  ])('comes from a template: %s', (key) => {
    expect(guessableBecause(key)).toBe('holds a word that stands in templates');
  });
});
