import { LONGEST_PATTERN, parsePattern } from './text-pattern';

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

  // Catches: the language's own engine, which needs hours for the first of these; and a search of the whole answer.
  it.each(['^(a+)+$', '(a|aa)+$', '(.*a){12}z', '(?:a?){40}a{40}b', '(a{0,30}){0,30}b'])(
    'takes a moment with an answer made to take for ever: %p',
    (pattern) => {
      const found = parsePattern(pattern);
      expect(found).not.toBeNull();
      const started = performance.now();
      found?.find(`${'a'.repeat(65_000)}!`);
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );
});
