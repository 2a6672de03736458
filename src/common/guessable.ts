/** A random key of 32 digits has about 98 bits by this measure, one of 32 hexadecimal letters 115. */
const LEAST_BITS = 64;
const PLACEHOLDER = /change|replace|example|placeholder|password|secret|default/i;

/**
 * Why nobody may rely on this key, or null. It finds what was not made by a random generator: letters that repeat,
 * count up or come in blocks, and words of templates. It cannot tell a good passphrase from a bad one.
 */
export function guessableBecause(key: string): string | null {
  if (PLACEHOLDER.test(key)) return 'holds a word that stands in templates';
  return measuredBits(key) < LEAST_BITS ? 'is too regular to be random' : null;
}

/**
 * Shannon's entropy of the letters, or of the steps from letter to letter where that is less, for each place that
 * does not continue in the way the key has continued before.
 */
function measuredBits(key: string): number {
  const codes = Array.from(key, (letter) => letter.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  const triples = new Set(codes.slice(2).map((_, i) => codes.slice(i, i + 3).join()));
  return (triples.size + 2) * Math.min(entropyOf(codes), entropyOf(steps));
}

function entropyOf(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / values.length);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
}
