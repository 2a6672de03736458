import type { SmsAttempt } from '../gateway';

/** Errors come at once and pass quickly; a gateway that did not answer in four seconds costs four more. */
const MOST_ATTEMPTS: Readonly<Record<string, number>> = { 'gateway-error': 4, timeout: 2 };
const FIRST_PAUSE_MS = 150;

/**
 * Whom to ask again when every gateway was asked and none took the text, but at least one may have: then the
 * person cannot be told to try again, and waits. Quick ones first, each in turn; only those whose own last word
 * was unknown, because what was refused for certain will be refused again.
 * @param attempts all of this delivery, in order
 * @returns null when nobody is left
 */
export function secondChance(attempts: readonly Pick<SmsAttempt, 'provider' | 'reason'>[]): string | null {
  const last = new Map(attempts.map(({ provider, reason }) => [provider, reason ?? '']));
  const count = (name: string) => attempts.filter(({ provider }) => provider === name).length;
  const left = [...last].filter(([name, reason]) => count(name) < (MOST_ATTEMPTS[reason] ?? 0));
  const cost = ([name, reason]: [string, string]) => (reason === 'timeout' ? 100 : 0) + count(name);
  return left.sort((a, b) => cost(a) - cost(b))[0]?.[0] ?? null;
}

/** @param n which second chance of a delivery, from 0 */
export function pauseBefore(n: number): number {
  return FIRST_PAUSE_MS * 2 ** Math.min(n, 3);
}
