import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Edit, type Seed, withoutGuard } from './seed';
import { seeds } from './seeds';

const root = join(__dirname, '..', '..');

describe.each(seeds.map((seed): [string, Seed] => [seed.fault, seed]))('the seed of %s', (_, seed) => {
  // A guard that was moved or rewritten: plant its seed anew, then run `npm run seeded-faults`.
  it('still finds its guard, once', () => {
    for (const edit of seed.edits) {
      const text = readFileSync(join(root, edit.file), 'utf8');
      expect(withoutGuard(text, edit)).not.toBe(text);
    }
  });

  it('names tests that are there', () => {
    const tests = [...seed.near, ...seed.far];
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

describe('taking out a guard', () => {
  const edit: Edit = { file: 'a.ts', from: 'if (b) ', to: '' };

  it('leaves the rest as it is', () => {
    expect(withoutGuard('a(); if (b) c();', edit)).toBe('a(); c();');
  });

  it.each([
    ['gone', 'a(); c();'],
    ['there twice', 'if (b) c(); if (b) d();'],
  ])('fails when it is %s', (_, text) => {
    expect(() => withoutGuard(text, edit)).toThrow('a.ts');
  });
});
