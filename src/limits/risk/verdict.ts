/** What checks answer, read: whoever wrote one may have had no compiler to tell. */
import { type ChallengeOffer, denyReasons, type RiskVerdict, stepUpReasons, unknownReasons } from './check';

const STRANGE: RiskVerdict = { verdict: 'unknown', reason: 'strange_answer' };

const reasons = { deny: denyReasons, step_up: stepUpReasons, unknown: unknownReasons } as const;

export function readVerdict(told: unknown): RiskVerdict {
  if (typeof told !== 'object' || told === null) return STRANGE;
  try {
    const { verdict, reason } = told as Readonly<Record<string, unknown>>;
    if (verdict === 'allow') return { verdict };
    const said = isOneOf(['deny', 'step_up', 'unknown'], verdict) && isOneOf(reasons[verdict], reason);
    return said ? ({ verdict, reason } as RiskVerdict) : STRANGE;
  } catch {
    // A getter.
    return STRANGE;
  }
}

/** Null for what is no offer: then nobody could answer the challenge. */
export function readOffer(ask: () => unknown): ChallengeOffer | null {
  try {
    const told = ask();
    if (typeof told !== 'object' || told === null || Array.isArray(told)) return null;
    const fields = Object.entries(told as Readonly<Record<string, unknown>>);
    return fields.every(isField) ? Object.fromEntries(fields) : null;
  } catch {
    return null;
  }
}

function isField(field: readonly [string, unknown]): field is [string, string | number] {
  const [, value] = field;
  return typeof value === 'string' || Number.isFinite(value);
}

const isOneOf = <T extends string>(words: readonly T[], word: unknown): word is T =>
  (words as readonly unknown[]).includes(word);
