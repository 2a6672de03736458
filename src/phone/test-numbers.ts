/**
 * Numbers with a fixed code and without messages: for the reviewers of an app store, and for an application's own
 * tests. Whoever knows such a number and its code is let in, so each can have an end, and in production must.
 */

export interface TestNumber {
  /** E.164. */
  readonly to: string;
  /** In the form in which guesses are compared. */
  readonly code: string;
  /** ISO 8601; absent: without end, which a production server does not take. */
  readonly expiresAt?: string | undefined;
}

/** The part of an application's settings that has them. */
export interface TestNumbers {
  readonly testNumbers?: readonly TestNumber[];
}

/** A date of days ahead may be off by what the clock of this machine is off. */
interface Moment {
  readonly isProduction: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The entry for this number that is in force; null: it is a number like any other. */
export function testNumberOf(e164: string, { testNumbers = [] }: TestNumbers, at: Moment): TestNumber | null {
  const entry = testNumbers.find(({ to }) => to === e164);
  return entry && isInForce(entry, at) ? entry : null;
}

/** How many numbers have a fixed code now. */
export function countInForce({ testNumbers = [] }: TestNumbers, at: Moment): number {
  return testNumbers.filter((entry) => isInForce(entry, at)).length;
}

function isInForce({ expiresAt }: TestNumber, { isProduction, now }: Moment): boolean {
  return expiresAt === undefined ? !isProduction : now < Date.parse(expiresAt);
}
