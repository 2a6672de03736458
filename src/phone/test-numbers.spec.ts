import fc from 'fast-check';
import { testNumberFields } from './test-number-settings.dto';
import { testNumberOf } from './test-numbers';

const to = '+12015550123';
const END = Date.parse('2030-01-31T12:00:00Z');
const expiresAt = '2030-01-31T13:00:00+01:00';

describe('a test number', () => {
  // Catches: an entry that is in force at its end, one for other numbers, and one without end in production.
  it.each([
    ['is in force until its last millisecond', { expiresAt }, true, END - 1, true],
    ['is over at its end', { expiresAt }, true, END, false],
    ['is over at its end in development too', { expiresAt }, false, END, false],
    ['may be without end in development', {}, false, END, true],
    ['without end is none in production', {}, true, END, false],
  ])('%s', (_, entry, isProduction, now, isThere) => {
    const found = testNumberOf(
      to,
      { testNumbers: [{ to, code: '424242', ...entry }] },
      { isProduction, now },
    );
    expect(found !== null).toBe(isThere);
  });

  it('is nobody else', () => {
    const settings = { testNumbers: [{ to, code: '424242' }] };
    const at = { isProduction: false, now: 0 };
    expect(testNumberOf('+12015550124', settings, at)).toBeNull();
    expect(testNumberOf(to, {}, at)).toBeNull();
  });
});

describe('test numbers as settings', () => {
  const { testNumbers: schema } = testNumberFields;
  const problem = (...entries: object[]) => schema.safeParse(entries).error?.issues[0];

  it('are kept in E.164, so that they are found however they were written', () => {
    expect(schema.parse([{ to: '+1 (201) 555-0123', code: '424242' }])).toEqual([{ to, code: '424242' }]);
  });

  it.each([
    ['a number that is none', { to: '+1201', code: '424242' }, [0, 'to'], /valid number/],
    ['a national number', { to: '2015550123', code: '424242' }, [0, 'to'], /international form/],
    ['a code that is too short', { to, code: '123' }, [0, 'code'], /4 to 10/],
    ['a code as nobody can type it', { to, code: '12 345' }, [0, 'code'], /4 to 10/],
    ['an end that is no time', { to, code: '424242', expiresAt: 'tomorrow' }, [0, 'expiresAt'], /ISO 8601/],
    ['a word that means nothing', { to, code: '424242', until: 1 }, [0], /until/],
  ])('refuse %s', (_, entry, path, message) => {
    expect(problem(entry)).toMatchObject({ path, message: expect.stringMatching(message) as string });
  });

  it('name each number once, and 50 at most', () => {
    const twice = [
      { to, code: '424242' },
      { to: '+1 201 555 0123', code: '1234' },
    ];
    expect(problem(...twice)).toMatchObject({ message: 'Name each number once.' });
    const many = Array.from({ length: 51 }, (_, n) => ({ to: `+120155501${10 + n}`, code: '1234' }));
    expect(schema.safeParse(many.slice(0, 50)).success).toBe(true);
    expect(schema.safeParse(many).success).toBe(false);
  });

  it('are accepted or refused, whatever comes (property)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (number, code) => {
        const parsed = schema.safeParse([{ to: number, code }]);
        if (parsed.success) expect(parsed.data[0]!.to).toMatch(/^\+\d{5,15}$/);
      }),
    );
  });
});
