/** What the verdicts of all checks of a create come to. */
import type { RuleDecision, RuleOutcome } from '../gate';
import { crowdedReasons, type RiskVerdict, type UnknownReason } from './check';
import type { RiskCheckSetting } from './risk-settings.dto';

/** A check that an application asks for. */
export interface KnownCheck {
  readonly setting: RiskCheckSetting;
  readonly asksThePerson: boolean;
  /** The server has settings for it. */
  readonly isConfigured: boolean;
}

/** One check that was asked. */
export interface Finding extends RiskCheckSetting {
  readonly asksThePerson: boolean;
  readonly verdict: RiskVerdict;
}

/** `challenge`: the person has to answer one; `unavailable`: a check that must say yes said nothing. */
export type RiskOutcome = 'passed' | 'denied' | 'challenge' | 'unavailable';

/** How a finding bore on the outcome: `ignored`: nobody wanted the challenge; `excused`: no verdict, and went on. */
type Weight = RiskOutcome | 'ignored' | 'excused';

interface WeighedFinding extends Finding {
  readonly weight: Weight;
}

export interface Weighed {
  readonly outcome: RiskOutcome;
  readonly findings: readonly WeighedFinding[];
}

/** In this order, so that nobody is asked to solve what will not help them. */
const GRAVEST_FIRST = ['denied', 'unavailable', 'challenge'] as const;

/** @param needsChallenge somebody else wants a step-up, e.g. the pumping guard */
export function weigh(findings: readonly Finding[], needsChallenge: boolean): Weighed {
  const isWanted =
    needsChallenge ||
    findings.some(({ asksThePerson, verdict }) => !asksThePerson && verdict.verdict === 'step_up');
  const asking = findings.find(({ asksThePerson }) => asksThePerson);
  const answer = asking ? weightOfAnswer(asking, isWanted) : null;
  const weighed = findings.map((finding) => ({
    ...finding,
    weight: finding.asksThePerson && answer ? answer : weightOfSignal(finding, answer),
  }));
  const gravest = GRAVEST_FIRST.find((one) => weighed.some(({ weight }) => weight === one));
  // A step-up that cannot be met is a refusal.
  return { outcome: gravest ?? (isWanted && !asking ? 'denied' : 'passed'), findings: weighed };
}

function weightOfSignal({ verdict, onUnavailable }: Finding, answer: Weight | null): Weight {
  if (verdict.verdict === 'unknown') return weightOfNothing(verdict.reason, onUnavailable);
  if (verdict.verdict === 'allow') return 'passed';
  if (verdict.verdict === 'deny' || answer === null) return 'denied';
  return answer === 'passed' || answer === 'excused' ? 'passed' : 'challenge';
}

function weightOfAnswer({ verdict, when, onUnavailable }: Finding, isWanted: boolean): Weight {
  if (when === 'on_step_up' && !isWanted) return 'ignored';
  if (verdict.verdict === 'unknown') return weightOfNothing(verdict.reason, onUnavailable);
  return verdict.verdict === 'allow' ? 'passed' : 'challenge';
}

function weightOfNothing(reason: UnknownReason, onUnavailable: RiskCheckSetting['onUnavailable']): Weight {
  return onUnavailable === 'open' && !crowdedReasons.has(reason) ? 'excused' : 'unavailable';
}

const OUTCOMES: Readonly<Record<Weight, RuleOutcome>> = {
  passed: 'allowed',
  denied: 'refused',
  unavailable: 'refused',
  challenge: 'challenged',
  ignored: 'skipped',
  excused: 'skipped',
};

/** A step-up that somebody wants and nobody can meet, because the application has no challenge. */
const UNMET = decision('challenge', 'refused', 'not_configured');

/** For the log: vocabulary only. */
export function decisionsOf({ outcome, findings }: Weighed): RuleDecision[] {
  const decisions = findings.map((finding) =>
    decision(finding.check, OUTCOMES[finding.weight], reasonOf(finding)),
  );
  const isExplained = decisions.some((one) => one.outcome === 'refused');
  return outcome === 'denied' && !isExplained ? [...decisions, UNMET] : decisions;
}

/** What can be said of checks without asking them. */
export function foreseen(
  checks: readonly KnownCheck[],
  hasAnswer: boolean,
  needsChallenge: boolean,
): RuleDecision[] {
  const decisions = checks.map(({ setting: { check, when, onUnavailable }, asksThePerson, isConfigured }) => {
    const isDue = when === 'always' || needsChallenge;
    if (!isConfigured && isDue)
      return decision(check, onUnavailable === 'open' ? 'skipped' : 'refused', 'not_configured');
    return isDue && asksThePerson && !hasAnswer
      ? decision(check, 'challenged', 'no_answer')
      : decision(check, 'skipped', 'not_asked');
  });
  const isUnmet = needsChallenge && !checks.some(({ asksThePerson }) => asksThePerson);
  return isUnmet ? [...decisions, UNMET] : decisions;
}

function reasonOf({ verdict, weight }: WeighedFinding): string | undefined {
  if (weight === 'ignored') return 'not_wanted';
  return verdict.verdict === 'allow' ? undefined : verdict.reason;
}

function decision(check: string, outcome: RuleOutcome, because: string | undefined): RuleDecision {
  const measured = { value: null, limit: null, until: null };
  return { rule: `risk.${check}`, outcome, ...measured, ...(because === undefined ? {} : { because }) };
}
