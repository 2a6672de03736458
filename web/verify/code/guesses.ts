import type { Problem, View } from '../contract';

/** The codes that were tried for the message that is under way. */
export class Guesses {
  /** Known to be wrong: the server need not be asked again, and no try is spent. */
  private readonly refused = new Map<string, Problem>();
  /** Checked without a button: each once. */
  private readonly tried = new Set<string>();

  knownProblem(code: string): Problem | undefined {
    return this.refused.get(code);
  }

  wasTried(code: string): boolean {
    return this.tried.has(code);
  }

  trying(code: string): void {
    this.tried.add(code);
  }

  /** What an answer says about the code that was checked; another screen ends what is known, as a new code may come. */
  learn(code: string | null, { problem, screen }: View): void {
    if (screen !== 'code' && screen !== 'limit') {
      this.refused.clear();
      this.tried.clear();
    }
    if (code !== null && (problem === 'code_wrong' || problem === 'code_wrong_last'))
      this.refused.set(code, problem);
  }
}
