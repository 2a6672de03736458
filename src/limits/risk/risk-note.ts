import type { RuleDecision } from '../gate';

const RULE = 'risk.';

/**
 * What the risk checks of a create said, for its audit event: `turnstile:allowed,sim-swap:skipped:timeout`.
 * Undefined when none was asked.
 */
export function riskNote(decisions: readonly RuleDecision[]): string | undefined {
  const told = decisions.filter(({ rule }) => rule.startsWith(RULE));
  if (told.length === 0) return undefined;
  return told
    .map(({ rule, outcome, because }) =>
      [rule.slice(RULE.length), outcome, because].filter(Boolean).join(':'),
    )
    .join();
}
