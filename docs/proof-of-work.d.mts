/** Types of `proof-of-work.mjs`. */
export interface Puzzle {
  readonly puzzle: string;
  readonly parts: number;
  readonly bits: number;
}
export function solve(challenge: Puzzle): string;
export function solvePart(challenge: Puzzle, part: number): number;
