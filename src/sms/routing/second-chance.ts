import type { SmsAttempt } from '../gateway';

const FIRST_PAUSE_MS = 150;

/**
 * Whom to ask again when every gateway was asked and none took the text, but at least one may have. Quick ones
 * first, each in turn; only those whose own last word was unknown, because what was refused for certain will be
 * refused again.
 * @param attempts all of this delivery, in order
 * @returns null when nobody is left
 */
export function secondChance(
  attempts: readonly Pick<SmsAttempt, 'provider' | 'outcome' | 'reason'>[],
): string | null {
  const last = new Map(attempts.map((attempt) => [attempt.provider, attempt]));
  const count = (name: string) => attempts.filter(({ provider }) => provider === name).length;
  const left = [...last.values()].filter(({ outcome }) => outcome === 'unknown');
  const cost = ({ provider, reason }: (typeof left)[number]) =>
    (reason === 'timeout' ? 100 : 0) + count(provider);
  return left.sort((a, b) => cost(a) - cost(b))[0]?.provider ?? null;
}

/** @param n which second chance of a delivery, from 0 */
export function pauseBefore(n: number): number {
  return FIRST_PAUSE_MS * 2 ** Math.min(n, 3);
}
