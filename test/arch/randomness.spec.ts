import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Files of the product itself that draw from a generator whose output can be predicted. */
function predictable(sources: Iterable<readonly [string, string]>): string[] {
  return [...sources]
    .filter(([, text]) => /\bMath\s*(\?\.|\.|\[\s*['"`])\s*random\b/.test(text))
    .map(([path]) => path);
}

function productSources(): [string, string][] {
  return ['src', 'config']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('spec.ts'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

describe('randomness', () => {
  it('never comes from Math.random', () => {
    const sources = productSources();
    expect(sources.length).toBeGreaterThan(20);
    expect(predictable(sources)).toEqual([]);
  });

  it.each(['Math.random()', 'Math . random', "Math['random']()", 'Math?.random()'])(
    'would be found: %s',
    (text) => {
      expect(predictable([['planted.ts', `const x = ${text};`]])).toEqual(['planted.ts']);
    },
  );
});
