/** What a test file has to know of the processes that it shares with others. */
export interface Shared {
  readonly urls: readonly string[];
  readonly database: string;
  /** Settings of a process, to start another one. */
  readonly env: Readonly<Record<string, string>>;
  readonly switchUrl: string;
  readonly adminKey: string;
}

const NAME = 'SIXDIGIT_TEST_SHARED';

/** From the set-up to the workers, which inherit the environment. */
export function sharedToEnv(shared: Shared): void {
  process.env[NAME] = JSON.stringify(shared);
}

export function sharedFromEnv(): Shared {
  const text = process.env[NAME];
  if (text === undefined) throw new Error('No shared processes: this file belongs into test/regressions/');
  return JSON.parse(text) as Shared;
}
