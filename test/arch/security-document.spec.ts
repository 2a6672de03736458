import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimsOf, type NamedTest, notesOf, testsOf } from './noted-document';

const root = join(__dirname, '..', '..');
const document = readFileSync(join(root, 'docs', 'security.md'), 'utf8');

/** Notes without a test: nothing of the code is claimed, or something is said to be missing. */
const UNTESTED = new Set(['fact', 'yours', 'gap']);

/** Null when that file has a test or a group of this name that is run. */
function problemWith({ file, name }: NamedTest): string | null {
  const path = join(root, file);
  if (!/\.(?:|int-|e2e-)spec\.ts$/.test(file) || !existsSync(path)) return `${file}: is no file of tests`;
  const call = /(\S*)\(\s*$/;
  const text = readFileSync(path, 'utf8');
  const calls = ["'", '"', '`'].flatMap((quote) => {
    const at = text.indexOf(quote + name + quote);
    return at < 0 ? [] : [call.exec(text.slice(0, at))?.[1] ?? ''];
  });
  if (calls.some((word) => word !== '' && !/skip|todo|xit|xdescribe/.test(word))) return null;
  return `${file}: has no test "${name}"`;
}

describe('docs/security.md', () => {
  const claims = claimsOf(document);
  const notes = notesOf(document);

  // Catches: a sentence that nobody has thought about since it was written.
  it('has a note at the end of every sentence and every row', () => {
    expect(claims.length).toBeGreaterThan(120);
    expect(claims.filter((claim) => claim.notes.length === 0).map(({ text }) => text)).toEqual([]);
  });

  it('defines each note once, and uses it', () => {
    const used = new Set(claims.flatMap((claim) => claim.notes));
    expect([...used].filter((name) => !notes.has(name))).toEqual([]);
    expect([...notes.keys()].filter((name) => !used.has(name))).toEqual([]);
    expect(document.match(/^\[\^[\w-]+\]:/gm)).toHaveLength(notes.size);
  });

  // Catches: a promise whose test was renamed, moved, skipped or taken away.
  it('names tests that are there, with each note of the code', () => {
    const tested = [...notes].filter(([name]) => !UNTESTED.has(name));
    expect(tested.filter(([, text]) => testsOf(text).length === 0)).toEqual([]);
    const problems = tested.flatMap(([, text]) => testsOf(text)).map(problemWith);
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });
});

describe('the check of that document', () => {
  it('finds a sentence without a note, in a paragraph, an item and a row', () => {
    const text = [
      '# Title',
      '',
      'One.[^a] Two (§3.1).[^a][^b] Three',
      'goes on.',
      '',
      '- **Four.**[^a] `five` is one.',
      '- Six: "Seven."[^b]',
      '',
      '| head | note |',
      '| ---- | ---- |',
      '| eight | [^a] |',
      '| nine | |',
      '',
      '[^a]: `x.spec.ts`: “one”.',
    ].join('\n');
    const bare = claimsOf(text).filter(({ notes }) => notes.length === 0);
    expect(bare.map((claim) => claim.text)).toEqual(['Three goes on.', '`five` is one.', 'nine |']);
    expect(claimsOf(text)).toHaveLength(8);
  });

  it('reads the notes and what they name, over several lines', () => {
    const notes = notesOf(
      'Text.[^a]\n\n[^a]: `x.spec.ts`: “one”,\n    “two”; `y.spec.ts`: “three”.\n[^b]: Prose.\n',
    );
    expect([...notes.keys()]).toEqual(['a', 'b']);
    expect(testsOf(notes.get('a') ?? '')).toEqual([
      { file: 'x.spec.ts', name: 'one' },
      { file: 'x.spec.ts', name: 'two' },
      { file: 'y.spec.ts', name: 'three' },
    ]);
  });

  it.each([
    ['src/keys/none.spec.ts', 'anything'],
    ['src/keys/seal.ts', 'anything'],
    ['src/keys/seal.spec.ts', 'a test that never was'],
    ['src/keys/seal.spec.ts', 'nonce'],
  ])('finds that %s has no test %s', (file, name) => {
    expect(problemWith({ file, name })).not.toBeNull();
  });
});
