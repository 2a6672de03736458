/**
 * Solves the challenge of Sixdigit's check `proof-of-work` in a browser (best in a Worker, so that the page stays
 * alive) or in Node.js. No dependencies, no crypto.subtle: that answers one promise per hash, which costs more than
 * the hash, and is missing on pages without TLS. Copy this file to your site.
 *
 *     const answer = solve(problem.challenge); // then call again with { …, challenge: answer }
 */

/** @param {{puzzle: string, parts: number, bits: number}} challenge of an answer `challenge_required` */
export function solve(challenge) {
  let answer = challenge.puzzle;
  for (let part = 0; part < challenge.parts; part += 1) answer += `.${solvePart(challenge, part)}`;
  return answer;
}

/** One part by itself, for who has no Worker and wants to let the page breathe in between. */
export function solvePart({ puzzle, bits }, part) {
  const text = `${puzzle}.${part}.`;
  // The first number whose hash behind the text begins with so many zero bits.
  for (let number = 0; ; number += 1) if (Math.clz32(firstWord(text + number)) >= bits) return number;
}

const K = new Int32Array(64);
const START = new Int32Array(8);
{
  // The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4 §4.2.2, §5.3.3).
  const fraction = (value) => ((value % 1) * 0x1_0000_0000) | 0;
  for (let prime = 2, found = 0; found < 64; prime += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= prime; divisor += 1)
      if (prime % divisor === 0) isPrime = false;
    if (!isPrime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(prime));
    K[found] = fraction(Math.cbrt(prime));
    found += 1;
  }
}

const W = new Int32Array(64);
const turned = (word, by) => (word >>> by) | (word << (32 - by));

/** The first 32 bits of SHA-256 of ASCII text, as a signed number. */
function firstWord(text) {
  const { length } = text;
  const blocks = ((length + 8) >> 6) + 1;
  const state = Int32Array.from(START);
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 16; i += 1) {
      let word = 0;
      for (let j = 0; j < 4; j += 1) {
        const at = block * 64 + i * 4 + j;
        word = (word << 8) | (at < length ? text.charCodeAt(at) : at === length ? 0x80 : 0);
      }
      W[i] = word;
    }
    if (block === blocks - 1) W[15] = length * 8;
    mix(state);
  }
  return state[0];
}

function mix(state) {
  for (let i = 16; i < 64; i += 1) {
    const s0 = turned(W[i - 15], 7) ^ turned(W[i - 15], 18) ^ (W[i - 15] >>> 3);
    const s1 = turned(W[i - 2], 17) ^ turned(W[i - 2], 19) ^ (W[i - 2] >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const t1 = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const t2 = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] + word) | 0));
}
