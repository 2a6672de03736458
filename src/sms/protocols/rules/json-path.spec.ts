import fc from 'fast-check';
import { parseJson, parseJsonPath, readJsonPath, scalarText } from './json-path';

const at = (document: unknown, text: string): unknown => {
  const path = parseJsonPath(text);
  if (!path) throw new Error(`not a path: ${text}`);
  return readJsonPath(document, path);
};

describe('a path into a document', () => {
  const document = { a: { b: [{ c: 7 }, 'x'] }, 'message-id': 'm', list: [[1, 2]] };

  it.each([
    ['a.b[0].c', 7],
    ['a.b[1]', 'x'],
    ['message-id', 'm'],
    ['list[0][1]', 2],
    ['a', document.a],
    ['a.b[2].c', undefined],
    ['a.c', undefined],
    ['a.b.c', undefined],
    ['a[0]', undefined],
    ['message-id.length', undefined],
    ['list.length', undefined],
  ])('reads %s', (path, expected) => {
    expect(at(document, path)).toEqual(expected);
  });

  it('begins with an index where the document is a list', () => {
    expect(at([{ id: 1 }], '[0].id')).toBe(1);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a]b', 'a[0]b', '[99999]'])(
    'is not written as %p',
    (text) => {
      expect(parseJsonPath(text)).toBeNull();
    },
  );

  // Catches: a step that finds what every object has, and not the document itself.
  it.each(['constructor.name', '__proto__.x', 'toString', 'a.hasOwnProperty'])(
    'finds nothing at %s',
    (path) => {
      expect(at(document, path)).toBeUndefined();
    },
  );

  it('finds every scalar of every document by the path that leads there', () => {
    const key = fc.stringMatching(/^[a-z_-]{1,8}$/);
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), (root) => {
        for (const [path, value] of leaves(root, '')) expect(at(root, path)).toBe(value);
      }),
    );
  });

  it('never throws, whatever the text and the document', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, any) => {
        const path = parseJsonPath(text);
        if (path) readJsonPath(any, path);
      }),
    );
  });
});

describe('the value that stands there', () => {
  it.each([
    ['ok', 'ok'],
    [0, '0'],
    [false, 'false'],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
    [['ok'], undefined],
  ])('%p is named %p', (value, expected) => {
    expect(scalarText(value)).toBe(expected);
  });

  it('is nothing in what is not JSON', () => {
    expect(parseJson('<html>')).toBeUndefined();
    expect(parseJson('[1]')).toEqual([1]);
  });
});

function leaves(node: unknown, path: string): [string, unknown][] {
  if (Array.isArray(node)) return node.flatMap((child, index) => leaves(child, `${path}[${index}]`));
  if (typeof node === 'object' && node !== null) {
    return Object.entries(node).flatMap(([name, child]) =>
      leaves(child, path === '' ? name : `${path}.${name}`),
    );
  }
  return [[path, node]];
}
