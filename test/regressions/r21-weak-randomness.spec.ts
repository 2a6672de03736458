/**
 * R21. Codes come from a generator that can be predicted, or some come more often than others. Seen in otp-generator
 * (CVE-2021-23451), CVE-2025-63807 and CVE-2025-5305: the next code could be computed from earlier ones.
 *
 * Catches: `Math.random` anywhere in the product; a first digit that is never 0; a modulo of a byte.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, systemRandom } from '../../src/common/random';
import { generateCode } from '../../src/otp/verifications/start/code';

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

describe('the source', () => {
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

describe('codes', () => {
  const sixDigits = { length: 6, alphabet: 'numeric' } as const;
  const lowest: Random = { int: () => 0 };
  const highest: Random = { int: (max) => max - 1 };

  it('reach 000000 and 999999', () => {
    expect(generateCode(lowest, sixDigits).reveal()).toBe('000000');
    expect(generateCode(highest, sixDigits).reveal()).toBe('999999');
  });

  // 60,000 codes; the bound is the 99.9999 % point of chi-square with 9 degrees of freedom (45.1), rounded up.
  it('have every digit equally often at every place, zeros in front included', () => {
    const codes = Array.from({ length: 60_000 }, () => generateCode(systemRandom, sixDigits).reveal());
    const expected = codes.length / 10;
    for (let place = 0; place < 6; place++) {
      const counts = new Array<number>(10).fill(0);
      for (const code of codes) counts[Number(code[place])]! += 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(chiSquare).toBeLessThan(50);
    }
    expect(codes.some((code) => code.startsWith('0'))).toBe(true);
  });
});
