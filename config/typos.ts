/**
 * The candidate that `word` was probably meant to be: within one edit for names of 4 to 7 characters, two from 8
 * on; shorter ones are too close to everything. Undefined when none is near.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = editDistance(word, candidate);
    if (edits <= tolerance(candidate) && edits < (best?.edits ?? Infinity)) best = { candidate, edits };
  }
  return best?.candidate;
}

function tolerance(candidate: string): number {
  if (candidate.length < 4) return 0;
  return candidate.length < 8 ? 1 : 2;
}

/** Levenshtein distance: insertions, deletions and replacements of single characters. */
export function editDistance(a: string, b: string): number {
  // `row[j]` is the distance from what was read of `a` to the first `j` characters of `b`.
  let row = [...Array(b.length + 1).keys()];
  for (const letter of a) row = nextRow(row, letter, b);
  return row.at(-1) ?? 0;
}

function nextRow(row: readonly number[], letter: string, b: string): number[] {
  let diagonal = row[0] ?? 0;
  let left = diagonal + 1;
  const next = [left];
  row.slice(1).forEach((above, j) => {
    left = Math.min(diagonal + (b[j] === letter ? 0 : 1), above + 1, left + 1);
    diagonal = above;
    next.push(left);
  });
  return next;
}
