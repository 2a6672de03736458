import { runInNewContext } from 'node:vm';
import { LONGEST_PATTERN, parsePattern } from './text-pattern';

/** What keeps the process busy for ever cannot be ended by Jest's own time-out, which waits for its turn. */
const PATIENCE_MS = 20_000;

describe('a pattern over an answer', () => {
  it.each([
    ['^OK', 'OK:123', 'OK'],
    ['^OK:(\\w+)', 'OK:m-1', 'm'],
    ['id=([0-9]+)', 'status=0 id=42', '42'],
    ['(?i)success', 'Success', 'Success'],
    ['^OK', 'ERROR:14', null],
    ['OK( .*)?$', 'OK', ''],
  ])('%p finds in %p: %p', (pattern, text, found) => {
    expect(parsePattern(pattern)?.find(text)).toBe(found);
  });

  it.each(['', '(', '(?<=a)b', '(a)\\1', 'a'.repeat(LONGEST_PATTERN + 1), '((a{100}){100}){100}'])(
    'is none: %p',
    (pattern) => expect(parsePattern(pattern)).toBeNull(),
  );

  // Catches: a search of the whole answer.
  it('looks for a word among the first 4,096 characters', () => {
    const after = (length: number) => `${'a'.repeat(length)}OK`;
    expect(parsePattern('OK')?.find(after(4_094))).toBe('OK');
    expect(parsePattern('OK')?.find(after(4_095))).toBeNull();
  });

  // Catches: the language's own engine, which needs hours for the first of these.
  it.each(['^(a+)+$', '(a|aa)+$', '(.*a){12}z', '(?:a?){40}a{40}b', '(a{0,30}){0,30}b'])(
    'comes to an end with an answer made to take for ever: %p',
    (pattern) => {
      const found = parsePattern(pattern);
      expect(found).not.toBeNull();
      const search = () => found?.find(`${'a'.repeat(4_000)}!`);
      expect(() => runInNewContext('search()', { search }, { timeout: PATIENCE_MS })).not.toThrow();
    },
  );
});
