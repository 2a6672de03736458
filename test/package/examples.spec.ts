import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';

const root = join(__dirname, '../../examples');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const folders = readdirSync(root).filter((name) => existsSync(join(root, name, 'package.json')));
const manifestOf = (name: string) =>
  JSON.parse(read(name, 'package.json')) as { dependencies?: Record<string, string> };
const ofThePackage = folders.filter((name) => manifestOf(name).dependencies?.['sixdigit'] !== undefined);

describe('examples of the package', () => {
  it('are in the table of examples', () => {
    const readme = read('README.md');
    expect(folders.filter((name) => !readme.includes(`[${name}](${name})`))).toEqual([]);
    expect(ofThePackage).toHaveLength(10);
  });

  it.each(ofThePackage)('%s names this version and has a test', (name) => {
    expect(manifestOf(name).dependencies?.['sixdigit']).toBe(version);
    expect(existsSync(join(root, name, 'test.js'))).toBe(true);
  });

  // Each stands alone, so they have copies. Catches: a mistake that is mended in one of them.
  it.each(['sixdigit.js', 'app.js', 'accounts.js', 'rig.js'])('have the same %s', (file) => {
    const texts = ofThePackage
      .filter((name) => existsSync(join(root, name, file)))
      .map((name) => read(name, file));
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(1);
  });
});
