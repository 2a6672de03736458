import fc from 'fast-check';
import { anyText } from '../../test/builders/any-text';
import { DomainError } from './errors';
import { parseJsonBody } from './json-body';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

function problemOf(text: string | Buffer): { path: string; message: string } {
  try {
    parseJsonBody(Buffer.from(text));
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    const { code, details } = error as DomainError;
    expect(code).toBe('invalid_request');
    return details.errors![0]!;
  }
  throw new Error('the body was accepted');
}

describe('a JSON body', () => {
  it('is read as JSON.parse reads it, whatever it holds, when no key is repeated', () => {
    const key = fc
      .string({ unit: 'grapheme', maxLength: 6 })
      .filter((k) => !['__proto__', 'constructor', 'prototype'].includes(k));
    const { value } = fc.letrec((tie) => ({
      leaf: fc.oneof(anyText(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
      value: fc.oneof({ maxDepth: 4 }, tie('leaf'), fc.array(tie('value')), fc.dictionary(key, tie('value'))),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.constantFrom(0, 1, '\t', '\r\n'), (body, space) => {
        const text = JSON.stringify(body, null, space);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('names a repeated key wherever it stands and however it is escaped', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
    const decoy = fc.string({ unit: 'grapheme', maxLength: 10 });
    fc.assert(
      fc.property(key, decoy, fc.boolean(), fc.boolean(), (name, text, escape, nested) => {
        fc.pre(
          !/[\p{C}\p{Zl}\p{Zp}]/u.test(name) && !['__proto__', 'constructor', 'prototype'].includes(name),
        );
        const escaped = [...Array(name.length).keys()]
          .map((i) => `\\u${name.charCodeAt(i).toString(16).padStart(4, '0')}`)
          .join('');
        const again = escape ? `"${escaped}"` : JSON.stringify(name);
        const object = `{ ${JSON.stringify(name)} : ${JSON.stringify(text)} , ${again}\n: [{}, "}"] }`;
        const problem = problemOf(nested ? `{"list":[0,${object}]}` : object);
        expect(problem.path).toBe(nested ? `list.1.${name}` : name);
        expect(problem.message).toContain('twice');
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '{"a":1,"b":{"a":2}}',
    '{"a":[{"b":1},{"b":2}]}',
    '{"a":"\\"a\\":","b":"a"}',
    '{"a":"x\\\\","b":1}',
  ])('lets equal names on different levels and in texts be: %s', (text) =>
    expect(parse(text)).toEqual(JSON.parse(text)),
  );

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s on any level', (name) => {
    expect(problemOf(`{"${name}":1}`).path).toBe(name);
    expect(problemOf(`{"metadata":{"${name}":{"x":1}}}`).path).toBe(`metadata.${name}`);
    expect(problemOf(`{"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":1}`).path).toBe(name);
  });

  it.each(['[]', '[{}]', 'null', '1', '"to"', 'true'])('refuses %s at the top', (text) => {
    expect(problemOf(text)).toMatchObject({ path: 'body' });
  });

  it.each(['{', '{"a":1}}', "{'a':1}", '{"a":1,}', '{"a":\u0001}', '\ufeff\ufeff{}', '{"a":"\n"}', ' '])(
    'refuses malformed text without repeating it: %j',
    (text) => expect(problemOf(text)).toEqual({ path: 'body', message: 'The body is not valid JSON.' }),
  );

  it('refuses bytes that are not UTF-8', () => {
    expect(problemOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])).message).toContain('UTF-8');
    expect(problemOf(Buffer.from('{"a":1}', 'utf16le')).path).toBe('body');
  });

  it('takes eight levels and refuses nine, up to the limit of the body without running out of stack', () => {
    const deep = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
    expect(parse(deep(8))).toEqual(JSON.parse(deep(8)));
    expect(problemOf(deep(9)).message).toContain('Nested');
    expect(problemOf(`{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`).message).toContain('Nested');
  });

  // Found by `npm run fuzz`. Catches: 500, and an unhandled rejection in the log, for whoever sends it, without a key too.
  it.each([
    ['name', { name: { length: { toString: 'x' } } }],
    ['a.0', { a: [{ length: { toString: 1, valueOf: null } }] }],
    ['a.b', { a: { b: { length: [{ toString: {} }] } } }],
    ['body', { length: { toString: 'x' } }],
  ])('names what validation could not measure: %s of %j', (path, body) => {
    expect(problemOf(JSON.stringify(body)).path).toBe(path);
  });

  it.each<object>([
    { length: 6 },
    { length: 'six' },
    { length: null },
    { length: { a: 1 } },
    { toString: 'x' },
  ])('may have a length of its own: %j', (inner) =>
    expect(parse(JSON.stringify({ inner }))).toEqual({ inner }),
  );

  it('is absent when it is empty', () => expect(parse('')).toBeUndefined());

  it('cuts a hostile key in the answer', () => {
    const key = 'x'.repeat(5000);
    expect(problemOf(`{"${key}":1,"${key}":2}`).path.length).toBeLessThan(110);
    expect(problemOf('{"a\\u001b[31m":1,"a\\u001b[31m":2}').path).not.toContain('\u001b');
  });
});
