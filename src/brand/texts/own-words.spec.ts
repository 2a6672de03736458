import fc from 'fast-check';
import { en } from '../../../web/verify/languages/en';
import { sentenceProblem, withOwnWords } from './own-words';
import { isTextKey, placeholdersFor, textKeys } from './text-keys';

const at = (key: string, words: object = en): unknown =>
  key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], words);

describe('sentences of an application', () => {
  it('are each in a place that exists, and every built-in one would be accepted in its own', () => {
    expect(textKeys.length).toBeGreaterThan(60);
    for (const key of textKeys) expect(sentenceProblem(key, at(key) as string)).toBeNull();
  });

  // Catches: an application that takes away the warning not to tell the code to anybody.
  it.each([
    'code.notYou',
    'code.digits',
    'code.digits.other',
    'errors.codeWrong.one',
    'nothing',
    '__proto__',
  ])('have no place %s', (key) => expect(isTextKey(key)).toBe(false));

  it.each([
    ['code.title', 'Your code, please', null],
    ['number.text', 'We will send you a code.', null],
    ['code.title', 'Code from {brand}', null],
    ['code.title', 'Code for {number}', /^There is no such placeholder here; there are: \{brand\}\.$/],
    ['code.sent.sms', 'Sent to {number}.', /^It must hold \{time\}\.$/],
    ['code.sent.sms', 'Sent.', /^It must hold \{number\} and \{time\}\.$/],
    ['confirm.payment', 'Pay {amount}', /^It must hold \{payee\}\.$/],
    ['code.title', 'Code {', /^Use braces/],
    ['code.title', 'Code {{brand}}', /^Use braces/],
    ['code.title', 'Code { brand }', /^Use braces/],
    ['code.title', 'Code {__proto__}', /^Use braces/],
    ['code.title', 'Code {constructor}', /^There is no such placeholder/],
  ] as const)('%s: %s', (key, text, problem) => {
    if (problem === null) expect(sentenceProblem(key, text)).toBeNull();
    else expect(sentenceProblem(key, text)).toMatch(problem);
  });

  it('stand in their places, and nothing else changes', () => {
    const words = withOwnWords(en, { 'code.title': 'Your code', 'channels.voice': 'Ring me' });
    expect(words).toEqual({
      ...en,
      code: { ...en.code, title: 'Your code' },
      channels: { ...en.channels, voice: 'Ring me' },
    });
    expect(withOwnWords(en, undefined)).toBe(en);
  });

  it('that do not fit their place any more are passed over', () => {
    const stored = {
      'code.sent.sms': 'Sent.',
      'code.notYou': 'Tell us your code',
      'gone.title': 'x',
      code: 'x',
    };
    expect(withOwnWords(en, stored)).toEqual(en);
  });

  it('are the built-in ones wherever there is none, for any choice of places', () => {
    const own = fc.dictionary(fc.constantFrom(...textKeys), fc.constantFrom('Own', 'Own {time} {number}'));
    fc.assert(
      fc.property(own, (texts) => {
        const words = withOwnWords(en, texts);
        for (const key of textKeys) {
          const mine = texts[key];
          const fits = mine !== undefined && sentenceProblem(key, mine) === null;
          expect(at(key, words)).toBe(fits ? mine : at(key));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('must hold what only the server knows, but need not name the brand', () => {
    expect(placeholdersFor('number.text')).toEqual({ may: ['brand'], must: [] });
    expect(placeholdersFor('code.sent.sms')).toEqual({
      may: ['number', 'time', 'brand'],
      must: ['number', 'time'],
    });
  });
});
