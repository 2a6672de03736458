import { createHash } from 'node:crypto';

/** What a client is given with `challenge_required`. */
export type Challenge = Readonly<Record<string, string | number>>;

/** Solves a challenge of the check `proof-of-work`, as its documentation says and not as the server checks it. */
export function solvePuzzle({ puzzle, parts, bits }: Challenge): string {
  const numbers = Array.from({ length: Number(parts) }, (_, part) =>
    search(`${puzzle}.${part}.`, Number(bits)),
  );
  return [puzzle, ...numbers].join('.');
}

function search(text: string, bits: number): number {
  const zeros = '0'.repeat(bits);
  for (let number = 0; ; number += 1) {
    const hash = createHash('sha256').update(`${text}${number}`).digest();
    if (hash.readUInt32BE().toString(2).padStart(32, '0').startsWith(zeros)) return number;
  }
}
