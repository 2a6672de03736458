import { randomBytes } from 'node:crypto';
import { secretsText } from '../../test/builders/key-ring';
import { keyStates, withKey, withoutKeys } from './ring-rules';
import { parseSecrets, SecretsFileError } from './secrets';

const now = Date.UTC(2026, 10, 27);
const at = (ms: number) => new Date(now + ms).toISOString();
const statesOf = (ring: Parameters<typeof secretsText>[0]) =>
  keyStates(parseSecrets(secretsText(ring)).ring, now, 30 * 86_400);

describe('the states of keys', () => {
  // Safety: fails when a key may go before the longest code made with it has ended, and its number was shown for a day.
  it('follow from when each begins to sign', () => {
    const states = statesOf([
      { kid: 'a' },
      { kid: 'b', signFrom: at(-1_000) },
      { kid: 'c', signFrom: at(1_000) },
    ]);
    expect(states).toEqual([
      { kid: 'a', signFrom: -Infinity, state: 'verifies', removableFrom: now - 1_000 + 31 * 86_400_000 },
      { kid: 'b', signFrom: now - 1_000, state: 'signs', removableFrom: null },
      { kid: 'c', signFrom: now + 1_000, state: 'waits', removableFrom: null },
    ]);
  });

  // Safety: nobody knows since when the first of two that were there from the start does not sign.
  it('never let a key go of which it is not known when its successor began', () => {
    expect(statesOf([{ kid: 'a' }, { kid: 'b' }])).toMatchObject([
      { state: 'verifies', removableFrom: null },
      { state: 'signs', removableFrom: null },
    ]);
  });

  it('call the oldest the signing one where a clock that was set back has passed none', () => {
    expect(
      statesOf([
        { kid: 'a', signFrom: at(5) },
        { kid: 'b', signFrom: at(9) },
      ])[0],
    ).toMatchObject({ state: 'signs' });
  });
});

describe('a ring that changes', () => {
  const text = secretsText([{ kid: 'a' }]);
  const fresh = (kid = 'b') => ({ kid, key: randomBytes(32), signFrom: new Date(now) });

  it('has one key more, and nothing else is another', () => {
    const key = fresh();
    const before = parseSecrets(text);
    const after = parseSecrets(withKey(text, key));
    expect(after.index).toEqual(before.index);
    expect(after.ring).toEqual([...before.ring, { kid: 'b', key: key.key, signFrom: now }]);
    expect(parseSecrets(withoutKeys(withKey(text, key), new Set(['a']))).ring).toEqual(after.ring.slice(1));
  });

  it('gives no name twice', () => {
    expect(parseSecrets(withKey(text, fresh('a'))).ring.map(({ kid }) => kid)).toEqual(['a', 'a-2']);
  });

  it('takes no key that would sign before another which is there already', () => {
    const later = secretsText([{ kid: 'a' }, { kid: 'z', signFrom: at(60_000) }]);
    expect(() => withKey(later, fresh())).toThrow(SecretsFileError);
  });

  // Safety: fails when what is written is not read again: an empty ring would stop every instance at its next start.
  it('never becomes one that no server could read', () => {
    expect(() => withoutKeys(text, new Set(['a']))).toThrow(SecretsFileError);
    expect(() => withKey('{', fresh())).toThrow(SecretsFileError);
  });
});
