/** One guard, and how to take it out. */
export interface Seed {
  /** As the table says it. */
  readonly fault: string;
  /** What the build does without its guard. */
  readonly removed: string;
  readonly edits: readonly Edit[];
  /** Tests beside the code, without a build: they notice within seconds. */
  readonly near: readonly string[];
  /** Tests over processes of the build. None: it takes hours to meet the fault from outside, or a bad day of MongoDB. */
  readonly far: readonly string[];
}

/** Words of one file that stand there exactly once. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The text without its guard. @throws when the words are not there, or not only once: the seed is stale */
export function withoutGuard(text: string, { file, from, to }: Edit): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined)
    throw new Error(`${file} has changed: it has no ${JSON.stringify(from)}. Plant the seed anew.`);
  if (more.length > 0) throw new Error(`${file} has ${JSON.stringify(from)} more than once`);
  return `${before}${to}${after}`;
}
