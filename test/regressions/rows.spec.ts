import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROWS = 32;
const files = readdirSync(__dirname).filter((name) => /^r\d/.test(name));
const text = (name: string): string => readFileSync(join(__dirname, name), 'utf8');
const numberOf = (name: string): string => `R${name.slice(1, 3)}`;
const waiting = [...text('README.md').matchAll(/^\| (R\d\d) +\|.*\|.*\w.*\|$/gm)].map((match) => match[1]!);
const all = Array.from({ length: ROWS }, (_, i) => `R${String(i + 1).padStart(2, '0')}`);

describe('the faults of others', () => {
  // Catches: a row that was forgotten, or whose file was taken away; a row that waits although it is tested.
  it('have one file each, or a reason why there is none yet', () => {
    expect([...files.map(numberOf), ...waiting].sort()).toEqual(all);
  });

  it.each(files)('%s says at its beginning whose fault it was and what it catches', (name) => {
    expect(name).toMatch(/^r\d\d(-[a-z]+)+\.(?:e2e-)?spec\.ts$/);
    const comment = /^\/\*\*\n([^]*?)\n \*\/\n/.exec(text(name))?.[1] ?? '';
    expect(comment.startsWith(` * ${numberOf(name)}. `)).toBe(true);
    expect(comment).toMatch(/\bSeen\b/);
    expect(comment).toMatch(/\n \* Catches: \S/);
  });

  // Catches: a test that is there in name only.
  it.each(files)('%s has tests that run and that compare something', (name) => {
    const code = text(name);
    expect(code).toMatch(/\bit(\.each)?\W/);
    expect(code).toContain('expect(');
    expect(code).not.toMatch(/\b(it|test|describe)\.(skip|todo|only|failing)\b|\bx(it|describe|test)\(/);
  });
});
